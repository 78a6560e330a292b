"""Rows of the history that lack their uuid, or every time: the list of the series' runs is asked for them."""

from datetime import date
from typing import Any

import pytest

from conferences.providers.base import Span
from conferences.providers.errors import DailyLimit, Missing, NotPermitted, ProviderError, Rejected, ServerTrouble
from conferences.providers.records import FlawRecord, Record
from zoom_integration.tests.zoom import (
    AGAIN,
    NUMBER,
    UUID,
    FakeZoom,
    at,
    conferences,
    discovered,
    of_kind,
    payload,
    problems,
)

RUNS = payload("instances_series")["webinars"]
FIRST = payload("history_month")["history_meetings"][0]  # of UUID, which began at 09:58
NEWEST = date(2026, 3, 5)


def account(*rows: dict[str, Any], **answers: Any) -> FakeZoom:
    def history(_first: date, last: date, _kind: str) -> Any:
        return list(rows) if last == NEWEST else []

    given = {"history": history, "users": lambda _status: [], "past_instances": RUNS}
    return FakeZoom(**{**given, "scopes": frozenset({"user:read:list_users:admin"}), **answers})


def row(**changes: Any) -> dict[str, Any]:
    return {**FIRST, **changes}


NAMELESS = row(meeting_uuid="")
TIMELESS = row(start_time="", end_time=None, create_time="")


def flaws(records: list[Record]) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(each.key, each.reasons, each.stored) for each in of_kind(FlawRecord, records)]


@pytest.mark.parametrize("uuid", ["", None, []])
@pytest.mark.parametrize("start", ["2026-03-02T09:58:00Z", "2026-03-02T09:58:30.500Z", "2026-03-02T09:57:00Z"])
def test_run_without_a_uuid_is_found_by_its_start(uuid: Any, start: str) -> None:
    """Promise: what Zoom says elsewhere is not missing."""
    odd = row(meeting_uuid=uuid, start_time=start)
    records = discovered(account(odd))

    (found,) = conferences(records)
    assert (found.external_id, found.detail["uuid"], found.ends_at) == (UUID, UUID, at("11:02"))
    assert flaws(records) == [(UUID, ("no uuid",), True)]
    assert of_kind(FlawRecord, records)[0].raw == odd


def test_start_and_columns_are_those_of_the_row() -> None:
    (nameless,) = conferences(discovered(account(NAMELESS)))
    (named,) = conferences(discovered(account(FIRST)))

    assert nameless == named


def test_nearest_of_several_runs_is_meant() -> None:
    close = [{"uuid": "before", "start_time": "2026-03-02T09:57:10Z"}, *RUNS]

    assert [each.external_id for each in conferences(discovered(account(NAMELESS, past_instances=close)))] == [UUID]


def test_run_without_any_time_has_the_start_that_is_listed() -> None:
    records = discovered(account(TIMELESS))

    (found,) = conferences(records)
    assert (found.external_id, found.starts_at, found.guessed) == (UUID, at("09:58"), ("ends_at",))
    assert (found.ends_at, found.detail["actual_start_at"]) == (at("11:02"), at("09:58"))  # it lasted 64 minutes
    assert flaws(records) == [(UUID, ("no start", "no end"), True)]


@pytest.mark.parametrize("number", [int(NUMBER), NUMBER, "952 0491 4252"])
def test_series_is_asked_for_once_however_many_of_its_rows_lack_something(number: Any) -> None:
    again = row(meeting_uuid="", meeting_id=number, start_time="2026-03-02T10:31:00Z", end_time="2026-03-02T11:00:00Z")
    zoom = account(NAMELESS, again, TIMELESS)

    assert [each.external_id for each in conferences(discovered(zoom))] == [UUID, AGAIN]
    assert [call for call in zoom.asked if call[0] == "past_instances"] == [("past_instances", "webinar", NUMBER)]


def test_run_that_is_listed_with_and_without_its_uuid_is_one_conference() -> None:
    assert [each.external_id for each in conferences(discovered(account(NAMELESS, FIRST)))] == [UUID]


@pytest.mark.parametrize(
    "lacking",
    [
        row(meeting_uuid="", meeting_id=None),
        row(meeting_uuid="", meeting_id="soon"),
        row(meeting_uuid="", start_time=""),
        row(meeting_uuid="", start_time="2026-03-02T10:00:30Z"),
        row(meeting_uuid="unknown", start_time="", end_time="", create_time=""),
        row(meeting_uuid="blank", start_time="", end_time="", create_time=""),
    ],
)
def test_row_that_fits_no_run_stays_an_entry_that_made_no_sense(lacking: dict[str, Any]) -> None:
    records = discovered(account(lacking))

    assert conferences(records) == []
    assert [(each.raw, each.stored) for each in of_kind(FlawRecord, records)] == [(lacking, False)]
    assert problems(records) == []


@pytest.mark.parametrize("refusal", [Missing("Gone."), NotPermitted("No.", status=403), Rejected("Odd.")])
def test_where_the_runs_may_not_be_listed_the_row_stays_flawed(refusal: ProviderError) -> None:
    records = discovered(account(NAMELESS, past_instances=refusal))

    assert (conferences(records), problems(records)) == ([], [])
    assert [(reasons, stored) for _, reasons, stored in flaws(records)] == [(("no uuid",), False)]


def test_fault_while_looking_is_a_problem_and_is_met_once() -> None:
    zoom = account(NAMELESS, row(meeting_uuid="", topic="Another"), FIRST, past_instances=ServerTrouble("Oops."))
    records = discovered(zoom)

    assert [each.external_id for each in conferences(records)] == [UUID]
    assert (problems(records), zoom.times_asked("past_instances")) == (["provider_trouble"], 1)


def test_daily_limit_while_looking_ends_the_search() -> None:
    with pytest.raises(DailyLimit):
        discovered(account(NAMELESS, past_instances=DailyLimit("Enough.")))


def test_run_that_was_found_outside_the_span_is_not_told() -> None:
    records = discovered(account(NAMELESS), Span(at("10:30"), at("12:00")))

    assert (conferences(records), flaws(records)) == ([], [])


def test_whole_rows_ask_for_no_runs() -> None:
    zoom = account(FIRST)
    discovered(zoom)

    assert zoom.times_asked("past_instances") == 0
