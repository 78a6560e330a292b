"""Whatever is put in place of whatever Graph sends, a parser returns a record or raises Malformed: nothing else."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conferences.providers.errors import Malformed
from teams_integration.parsers import attendance, calls, chat, chat_events, files, meeting, recordings
from teams_integration.tests.graph import TENANT, listing, payload

WRONG: tuple[Any, ...] = (None, "", "x", "\x00", 0, -1, 1.5, 10**30, True, [], [None], [[]], {}, {"id": {}}, "😀" * 3)


def _call(raw: Any) -> calls.Call:
    return calls.call(raw)


def _seats(raw: Any) -> list[calls.Seat]:
    return calls.seats(raw, calls.call(listing("callRecords_day")[0]))


def _people(raw: Any) -> list[Any]:
    return list(attendance.records([attendance.row(raw, "report")], frozenset({TENANT})))


def _sitting(raw: Any) -> list[Any]:
    of = calls.call(listing("callRecords_day")[0])
    return list(calls.records(of, calls.seats(raw, of), {}, frozenset({TENANT})))


def _announced(raw: Any) -> Any:
    found = chat.message(raw)
    return found.named({}), chat_events.recording(found.event, found.record.key)


CASES: list[tuple[Callable[[Any], Any], str]] = [
    (attendance.report, "attendanceReports_one"),
    (_people, "attendanceReport_first_sitting"),
    (_people, "attendanceReport_guests"),
    (_call, "callRecords_day"),
    (_seats, "sessions_group_call"),
    (_sitting, "sessions_old_shape"),
    (calls.participant, "participants_v2_group_call"),
    (chat.message, "chat_messages_lesson"),
    (_announced, "chat_messages_lesson"),
    (chat.member, "chat_members_lesson"),
    (files.drive_item, "drive_recordings_folder"),
    (files.drive_item, "drive_search_remote"),
    (recordings.artifact, "recordings_series"),
    (lambda raw: meeting.meeting(raw, "organizer").detail(), "onlineMeetings_recurring"),
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from _paths(member, (*path, key))


def _mutants(raw: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], Any, dict[str, Any]]]:
    for path in _paths(raw):
        for wrong in WRONG:
            mutant = copy.deepcopy(raw)
            *parents, last = path
            place: Any = mutant
            for key in parents:
                place = place[key]
            place[last] = copy.deepcopy(wrong)
            yield path, wrong, mutant


def _without_nulls(raw: Any) -> Any:
    return json.loads(json.dumps(raw), object_hook=lambda each: {k: v for k, v in each.items() if v is not None})


@pytest.mark.parametrize(("parse", "name"), CASES, ids=[f"{number}-{name}" for number, (_, name) in enumerate(CASES)])
def test_parser_raises_nothing_but_malformed(parse: Callable[[Any], Any], name: str) -> None:
    refused, tried, broken = 0, 0, []
    for raw in listing(name):
        for path, wrong, mutant in _mutants(raw):
            tried += 1
            try:
                parse(mutant)
            except Malformed:
                refused += 1
            except Exception as error:  # noqa: BLE001 - the point of the test is that there is no other
                broken.append((path, wrong, repr(error)))

    assert broken == []
    assert 0 < refused < tried


@pytest.mark.parametrize(("parse", "name"), CASES, ids=[f"{number}-{name}" for number, (_, name) in enumerate(CASES)])
def test_parser_does_without_what_is_optional(parse: Callable[[Any], Any], name: str) -> None:
    """Graph leaves out nulls when it is asked to: absent and null are the same."""
    compared = 0
    for raw in listing(name):
        try:
            expected = parse(raw)
        except Malformed:
            continue
        # An event is kept whole beside its sentence, nulls included.
        if not raw.get("eventDetail"):
            compared += 1
            assert parse(_without_nulls(raw)) == expected
    assert compared > 0


def test_payloads_of_a_file_are_objects() -> None:
    assert files.drive_item(payload("shares_budget")).size == 2048
