"""Runs whose listing told no start: when they took place is looked up."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from conferences.providers.base import Target
from conferences.providers.errors import (
    CredentialsRefused,
    DailyLimit,
    Malformed,
    Missing,
    NotPermitted,
    Rejected,
    ServerTrouble,
)
from conferences.providers.records import DetailRecord, Record
from conferences.providers.window import Window
from zoom_integration.services import details
from zoom_integration.services.inquiry import Inquiry
from zoom_integration.tests.zoom import (
    DETAIL,
    NUMBER,
    UUID,
    FakeZoom,
    at,
    fetched,
    inquiry,
    nothing,
    of_kind,
    payload,
    problems,
    target,
    webinar_zoom,
)

CREATED_AT = at("08:00", "2026-02-01")
GUESS = Window(CREATED_AT, CREATED_AT + timedelta(seconds=1), neighbours=((CREATED_AT, at("09:00", "2026-02-01")),))
RUNS = payload("instances_series")["webinars"]
REPORT = payload("report_webinar")
BLANK = {**REPORT, "start_time": "", "end_time": ""}
GONE = Missing("Gone.", code="not_found")
TIMES = (at("09:58"), at("11:02"))


def untimed(**detail: Any) -> Target:
    """Of which the history knows everything but the times."""
    known = {name: value for name, value in DETAIL.items() if not name.startswith("actual_")}
    return target(window=GUESS, detail={**known, **detail})


def asked(of: Target | None = None, **answers: Any) -> Inquiry:
    return inquiry(webinar_zoom(**{"report": REPORT, "past_instances": RUNS, **answers}), of or untimed())


def learned_times(of: Inquiry) -> tuple[datetime | None, datetime | None]:
    """As the engine would store them, one after the other."""
    starts_at = ends_at = None
    for each in of_kind(DetailRecord, list(details.learn(of))):
        starts_at, ends_at = each.starts_at or starts_at, each.ends_at or ends_at
    return starts_at, ends_at


def columns(of: Inquiry) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for each in of_kind(DetailRecord, list(details.learn(of))):
        told |= each.values
    return told


def test_report_states_both_times_and_is_asked_once() -> None:
    zoom = webinar_zoom(report=REPORT)
    asking = inquiry(zoom, untimed())

    assert learned_times(asking) == TIMES
    assert (asking.occurrences[0].starts_at, asking.occurrences[0].ends_at) == TIMES
    assert zoom.times_asked("report") == 1


@pytest.mark.parametrize(("minutes", "ends"), [(45, "10:43"), ("45", "10:43"), (0, "10:58"), (None, "10:58")])
def test_length_that_the_report_states_is_better_than_the_planned_one(minutes: Any, ends: str) -> None:
    asking = asked(report={**REPORT, "end_time": "", "duration": minutes})

    assert learned_times(asking) == (at("09:58"), at(ends))


def test_window_is_that_of_the_run_and_without_the_neighbours_of_the_guess() -> None:
    assert asked().window == Window(*TIMES, GUESS.before, GUESS.after)


@pytest.mark.parametrize(
    ("report", "ends"),
    [
        (BLANK, "11:02"),  # by its length
        *((refusal, "10:58") for refusal in (GONE, NotPermitted("No."), Rejected("No."), Malformed("Odd."))),
    ],
)
def test_list_of_runs_states_the_start_where_the_report_does_not(report: Any, ends: str) -> None:
    """And the plan how long it was, unless the report tells."""
    asking = asked(report=report)

    assert learned_times(asking) == (at("09:58"), at(ends))
    assert columns(asking)["actual_start_at"] == at("09:58")
    assert problems(list(details.learn(asking))) == []


def test_length_that_the_listing_told_is_better_than_the_planned_one() -> None:
    window = Window(CREATED_AT, CREATED_AT + timedelta(minutes=30))
    listed = target(window=window, detail=untimed(actual_duration_minutes=30).detail)

    assert learned_times(asked(listed, report=GONE)) == (at("09:58"), at("10:28"))


def test_end_that_the_listing_told_is_kept() -> None:
    assert learned_times(asked(untimed(actual_end_at=at("11:02")), report=GONE)) == TIMES


@pytest.mark.parametrize(
    "runs", [GONE, NotPermitted("No."), ServerTrouble("Oops."), [], [{"uuid": UUID, "start_time": ""}], RUNS[:1]]
)
def test_where_nobody_states_the_start_nothing_is_made_up(runs: Any) -> None:
    asking = asked(report=GONE, past_instances=runs)

    assert learned_times(asking) == (None, None)
    assert "actual_start_at" not in columns(asking)
    assert asking.window == GUESS


def test_run_of_an_unknown_series_has_no_list_of_runs() -> None:
    zoom = FakeZoom(report=GONE)

    assert learned_times(inquiry(zoom, untimed(zoom_id=None))) == (None, None)
    assert zoom.times_asked("past_instances") == 0


def test_fault_while_looking_up_is_said_and_does_not_cost_the_people() -> None:
    zoom = webinar_zoom(
        report=ServerTrouble("Oops."), past_instances=RUNS, report_participants=[], past_participants=[]
    )
    records: list[Record] = fetched(zoom, "attendance", untimed())

    assert (problems(records), nothing(records)) == (["provider_trouble"], ["none_found"])
    assert [each.starts_at for each in of_kind(DetailRecord, records) if each.starts_at] == [at("09:58")]


@pytest.mark.parametrize("error", [CredentialsRefused("Who?"), DailyLimit("Enough.")])
@pytest.mark.parametrize("answers", [{}, {"report": GONE}])
def test_refused_sign_in_and_the_daily_limit_end_it(error: Exception, answers: dict[str, Any]) -> None:
    with pytest.raises(type(error)):
        learned_times(asked(**{"report": error, "past_instances": error, **answers}))


def test_plan_and_settling_go_by_the_time_that_was_found() -> None:
    """Half an hour after the end Zoom may not have written everything yet, whenever the webinar was created."""
    series = {"id": int(NUMBER), "type": 9, "occurrences": [{"start_time": "2026-03-02T10:00:00Z", "duration": 50}]}
    zoom = webinar_zoom(report=REPORT, webinar=series)
    asking = inquiry(zoom, untimed(), at("11:32"))

    assert asking.is_settling is True
    assert columns(asking)["scheduled_start_at"] == at("10:00")


# Only the end, or neither, is missing.


@pytest.mark.parametrize(
    ("end", "told"),
    [(None, TIMES), (at("09:00"), TIMES), (at("11:02"), (None, None))],
)
def test_end_that_the_listing_left_out_or_got_wrong_is_taken_from_the_report(end: datetime | None, told: Any) -> None:
    listed = target(detail={**DETAIL, "actual_end_at": end})

    assert learned_times(inquiry(webinar_zoom(report=REPORT), listed)) == told


def test_run_with_both_times_asks_for_no_report() -> None:
    zoom = webinar_zoom()

    assert learned_times(inquiry(zoom)) == (None, None)
    assert zoom.times_asked("report") == 0


def test_end_without_any_start_says_nothing() -> None:
    """A guessed start and a real end make no length."""
    report = {**REPORT, "start_time": ""}

    assert learned_times(asked(report=report, past_instances=GONE)) == (None, None)
