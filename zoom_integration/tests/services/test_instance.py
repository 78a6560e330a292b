"""Which run a conference is."""

from typing import Any, cast

import pytest

from conferences.providers.errors import Missing, NotConfigured, NotPermitted, ServerTrouble
from conferences.providers.records import NothingFound
from zoom_integration.client import ZoomClient
from zoom_integration.services.inquiry import NOT_HELD
from zoom_integration.services.instance import Found, find
from zoom_integration.tests.zoom import (
    AGAIN,
    DETAIL,
    JOIN_URL,
    NUMBER,
    UUID,
    FakeZoom,
    at,
    by_number,
    fetched,
    payload,
    target,
)

RUNS = payload("instances_series")["webinars"]
UNKNOWN = Missing("Unknown.", code="not_found")
JOINED = f"https://zoom.us/j/{NUMBER}"


def found(zoom: FakeZoom, of: Any) -> Found:
    return find(cast(ZoomClient, zoom), of)


def uuids(result: Found) -> list[str]:
    return [each.uuid for each in result.occurrences]


def test_known_uuid_asks_nobody() -> None:
    zoom = FakeZoom()

    assert (uuids(found(zoom, target())), zoom.asked) == ([UUID], [])


def test_uuid_alone_is_looked_up_as_a_webinars_and_then_as_a_meetings() -> None:
    def report(kind: str, _uuid: str) -> Any:
        if kind == "webinar":
            raise UNKNOWN
        return {**payload("report_webinar"), "id": 123456789}

    result = found(FakeZoom(report=report), target(detail={}))

    assert (result.kind, result.number, uuids(result)) == ("meeting", "123456789", [UUID])
    assert result.occurrences[0].ends_at == at("11:02")


def test_uuid_alone_without_the_right_to_reports_is_taken_for_a_webinars() -> None:
    result = found(FakeZoom(report=NotPermitted("No.")), target(detail={}, join_url=JOINED))

    assert (result.kind, result.number, uuids(result)) == ("webinar", NUMBER, [UUID])


def test_fault_while_looking_up_is_no_answer() -> None:
    with pytest.raises(ServerTrouble):
        found(FakeZoom(report=ServerTrouble("Oops.")), target(detail={}))


def test_number_finds_the_runs_of_this_time_in_order() -> None:
    result = found(FakeZoom(past_instances=RUNS), by_number(join_url=JOIN_URL))

    assert (result.kind, uuids(result)) == ("webinar", [UUID, AGAIN])


def test_number_of_a_meeting_is_found_after_the_webinars_were_asked() -> None:
    def instances(kind: str, _number: str) -> Any:
        if kind == "webinar":
            raise UNKNOWN
        return list(RUNS)

    result = found(FakeZoom(past_instances=instances), by_number(join_url=JOINED))

    assert (result.kind, uuids(result)) == ("meeting", [UUID, AGAIN])


def test_number_falls_back_to_the_history_of_those_days() -> None:
    zoom = FakeZoom(past_instances=NotPermitted("No."), history=payload("history_month")["history_meetings"])

    result = found(zoom, by_number(join_url=JOIN_URL))

    assert uuids(result) == [UUID]
    assert result.occurrences[0].ends_at == at("11:02")


def test_number_that_never_ran_keeps_its_kind() -> None:
    nowhere: dict[str, Any] = {"past_instances": UNKNOWN, "history": []}

    assert found(FakeZoom(**nowhere, webinar=UNKNOWN), by_number()) == Found("meeting", NUMBER)
    assert found(FakeZoom(**nowhere, webinar={}), by_number()) == Found("webinar", NUMBER)


def test_refused_lists_are_not_taken_for_a_session_that_was_not_held() -> None:
    """The promise: what we were not allowed to see is never told as “nothing there”."""
    refusal = NotPermitted("A scope is missing.", code="missing_scope")
    zoom = FakeZoom(past_instances=refusal, history=NotPermitted("No reports."), webinar={})

    assert found(zoom, by_number()) == Found("webinar", NUMBER, refusal=refusal)
    for operation in ("attendance", "recordings", "chat", "absentees", "questions", "polls", "survey"):
        with pytest.raises(NotPermitted) as caught:
            fetched(zoom, operation, by_number())
        assert caught.value.code == "missing_scope"


@pytest.mark.parametrize("answered", [{"past_instances": []}, {"history": []}, {"past_instances": UNKNOWN}])
def test_one_list_without_the_run_suffices_to_say_that_it_was_not_held(answered: dict[str, Any]) -> None:
    refused: dict[str, Any] = {"past_instances": NotPermitted("No."), "history": NotPermitted("No.")}
    zoom = FakeZoom(**{**refused, **answered}, webinar={})

    assert found(zoom, by_number()) == Found("webinar", NUMBER)
    [nothing] = fetched(zoom, "recordings", by_number())
    assert isinstance(nothing, NothingFound)
    assert nothing.message == NOT_HELD


@pytest.mark.parametrize("status", ["upcoming", "live"])
def test_run_that_was_to_come_is_found_under_the_uuid_that_it_got(status: str) -> None:
    upcoming = target(external_id="planned=========", detail={**DETAIL, "status": status})

    assert uuids(found(FakeZoom(past_instances=RUNS), upcoming)) == [UUID, AGAIN]


def test_run_that_was_to_come_keeps_its_uuid_when_it_ran_under_it() -> None:
    upcoming = target(detail={**DETAIL, "status": "upcoming"})

    assert uuids(found(FakeZoom(past_instances=RUNS), upcoming)) == [UUID]


def test_nothing_to_look_by_is_said_in_a_sentence() -> None:
    with pytest.raises(NotConfigured) as caught:
        found(FakeZoom(), target(external_id="", detail={}))

    assert caught.value.code == "no_join_url"
