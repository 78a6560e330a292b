"""The provider's own columns and who ran the event."""

from typing import Any

import pytest

from conferences.providers.errors import CredentialsRefused, DailyLimit, Missing, NotPermitted
from conferences.providers.records import Record
from zoom_integration.parsers.people import Crew
from zoom_integration.services import details
from zoom_integration.tests.zoom import (
    DETAIL,
    NUMBER,
    FakeZoom,
    at,
    by_number,
    inquiry,
    notices,
    payload,
    target,
    webinar_zoom,
)
from zoom_integration.tests.zoom import details as told


def learned(zoom: FakeZoom, of: Any = None) -> list[Record]:
    return list(details.learn(inquiry(zoom, of)))


def crew(zoom: FakeZoom, of: Any = None) -> Crew:
    *_, last = details.crew(inquiry(zoom, of))
    assert isinstance(last, Crew)
    return last


def test_start_that_a_report_told_is_not_replaced_by_a_poorer_one() -> None:
    assert "actual_start_at" not in told(learned(webinar_zoom()))


@pytest.mark.parametrize(("known", "source"), [("", "Zoom"), ("web_portal", None)])
def test_source_of_the_report_stands_in_until_the_details_have_told_it(known: str, source: str | None) -> None:
    """The details know better, and what they told outlives their deletion."""
    listed = target(detail={**DETAIL, "report": {"source": "Zoom"}, "creation_source": known})

    assert told(learned(webinar_zoom(webinar=Missing("Gone.")), listed)).get("creation_source") == source


def test_run_found_by_its_time_is_written_down() -> None:
    zoom = webinar_zoom(past_instances=payload("instances_series")["webinars"][2:3], report=Missing("None."))

    found = told(learned(zoom, by_number()))

    assert (found["actual_start_at"], found["zoom_id"], found["kind"]) == (at("09:58"), int(NUMBER), "webinar")


@pytest.mark.parametrize(
    ("kind", "occurrences", "planned"),
    [
        (5, [], (at("10:00", "2026-03-09"), 90)),
        (
            9,
            [("2026-02-23T10:00:00Z", 40), ("2026-03-02T10:30:00Z", 50), ("2026-03-09T10:00:00Z", 60)],
            (at("10:30"), 50),
        ),
        (9, [("2026-03-09T10:00:00Z", 60)], (None, None)),
        (9, [("soon", 60)], (None, None)),
        (6, [], (None, None)),
    ],
)
def test_plan_is_that_of_this_run_and_not_of_the_next(kind: int, occurrences: list[Any], planned: Any) -> None:
    """A series states the time of its next run as its own."""
    series = {"id": int(NUMBER), "type": kind, "start_time": "2026-03-09T10:00:00Z", "duration": 90}
    listed = [{"start_time": moment, "duration": minutes} for moment, minutes in occurrences]

    found = told(learned(webinar_zoom(webinar={**series, "occurrences": listed})))

    assert (found.get("scheduled_start_at"), found.get("scheduled_duration_minutes")) == planned


@pytest.mark.parametrize("error", [CredentialsRefused("Who?"), DailyLimit("Enough.")])
def test_refused_sign_in_and_the_daily_limit_end_it(error: Exception) -> None:
    with pytest.raises(type(error)):
        learned(webinar_zoom(webinar=error))


def test_refused_details_are_a_notice() -> None:
    assert notices(learned(webinar_zoom(webinar=NotPermitted("No.", code="missing_scope")))) == ["missing_scope"]


def test_crew_is_known_by_address_and_id() -> None:
    assert crew(webinar_zoom()) == Crew(
        host=frozenset({"hostVega", "vega@example.org"}),
        panelists=frozenset({"moss@example.org", "panMoss", "ray@example.org", "sue@example.org"}),
    )


def test_crew_of_a_deleted_series_is_what_was_stored() -> None:
    known = target(detail={**DETAIL, "host_email": "Vega@Example.org"})

    assert crew(webinar_zoom(webinar=Missing("Gone.")), known).host == frozenset({"vega@example.org"})


def test_meeting_has_no_panelists_to_ask_for() -> None:
    zoom = FakeZoom(meeting={"id": int(NUMBER), "host_email": "vega@example.org"})

    assert crew(zoom, target(detail={**DETAIL, "kind": "meeting"})) == Crew(frozenset({"vega@example.org"}))
    assert zoom.asked == [("meeting", NUMBER)]
