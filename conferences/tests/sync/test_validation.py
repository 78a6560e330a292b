"""Promise: what makes no sense is repaired or refused, always with its reasons and what was said, never passed over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conferences.providers.errors import NotPermitted
from conferences.providers.records import (
    AnswerRecord,
    AttendanceRecord,
    ChatRecord,
    ConferenceRecord,
    Cue,
    FileRecord,
    FlawRecord,
    Interval,
    Notice,
    Problem,
    ProviderTotal,
    QuestionRecord,
    RecordingRecord,
    RegistrantRecord,
    ResponseRecord,
)
from conferences.sync.validation import examine, sift

NOW = datetime(2026, 3, 3, tzinfo=UTC)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ANN = AttendanceRecord("id:ann", "s1", "report", "Ann", reported_seconds=3600, intervals=(Interval(START, END),))
FILM = RecordingRecord(("film:1",), "Film", started_at=START, ended_at=END, size=1)
SAID = ChatRecord("m1", START, "Ann", text="Hello")
LESSON = ConferenceRecord("l1", "Algebra", START, END)
SOUND = (
    ANN,
    FILM,
    SAID,
    LESSON,
    FileRecord("f1", "Slides", size=0),
    RegistrantRecord("r1", "", absent=False),
    QuestionRecord("q1", "Why?", asked_at=START, answers=(AnswerRecord("So.", answered_at=END),)),
    ResponseRecord("p1", "poll", "More?", "Yes"),
)


@pytest.mark.parametrize("record", SOUND, ids=lambda record: type(record).__name__)
def test_sound_record_is_left_as_it_is(record: Any) -> None:
    assert examine(record, NOW) == (record, ())


@pytest.mark.parametrize(
    ("record", "changes", "repaired", "reason"),
    [
        (ANN, {"reported_seconds": -1}, {"reported_seconds": None}, "negative length"),
        (ANN, {"reported_seconds": 40 * 86_400}, {"reported_seconds": None}, "length out of range"),
        (ANN, {"reported_seconds": True}, {"reported_seconds": None}, "length is not a whole number"),
        (ANN, {"name": None}, {"name": ""}, "name is not text"),
        (ANN, {"email": 7}, {"email": ""}, "email is not text"),
        (ANN, {"kind": None}, {"kind": "unknown"}, "kind is not text"),
        (ANN, {"lasting": "yes"}, {"lasting": False}, "lasting is neither yes nor no"),
        (ANN, {"intervals": (Interval(END, START),)}, {"intervals": (Interval(END, END),)}, "left before joining"),
        (ANN, {"intervals": (Interval(LONG_AGO, END),)}, {"intervals": ()}, "join time out of range"),
        (
            ANN,
            {"intervals": (Interval(START, NOW + timedelta(days=400)),)},
            {"intervals": (Interval(START, None),)},
            "leave time out of range",
        ),
        (
            ANN,
            {"intervals": (Interval(START - timedelta(days=40), END),)},
            {"intervals": (Interval(START - timedelta(days=40), None),)},
            "lasts more than a month",
        ),
        (FILM, {"size": -5}, {"size": None}, "negative size"),
        (FILM, {"size": 2**63}, {"size": None}, "size out of range"),
        (FILM, {"ended_at": START - timedelta(1)}, {"ended_at": START}, "ends before it starts"),
        (FILM, {"started_at": START.replace(tzinfo=None)}, {"started_at": None}, "start without a time zone"),
        (FILM, {"cues": (Cue(float("nan"), 1.0, "", ""),)}, {"cues": ()}, "starts seconds is not a number"),
        (SAID, {"edited_at": "yesterday"}, {"edited_at": None}, "time of editing is not a time"),
        (LESSON, {"ends_at": LONG_AGO + timedelta(20_000)}, {"ends_at": START}, "ends before it starts"),
        (LESSON, {"ends_at": START + timedelta(days=90)}, {"ends_at": START}, "lasts more than a month"),
    ],
)
def test_what_can_be_repaired_is_and_keeps_the_rest(
    record: Any, changes: dict[str, Any], repaired: dict[str, Any], reason: str
) -> None:
    assert examine(replace(record, **changes), NOW) == (replace(record, **repaired), (reason,))


@pytest.mark.parametrize(
    ("record", "changes", "reason"),
    [
        (ANN, {"identity_key": ""}, "no identity key"),
        (ANN, {"sitting": None}, "no sitting"),
        (FILM, {"keys": ()}, "no keys"),
        (FILM, {"keys": ("",)}, "keys is not text"),
        (SAID, {"key": 7}, "key is not text"),
        (SAID, {"sent_at": None}, "no time of sending"),
        (SAID, {"sent_at": LONG_AGO}, "time of sending out of range"),
        (LESSON, {"starts_at": None}, "no start"),
        (LESSON, {"external_id": ""}, "no external id"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(record: Any, changes: dict[str, Any], reason: str) -> None:
    assert examine(replace(record, **changes), NOW) == (None, (reason,))


def test_one_bad_interval_costs_no_other() -> None:
    record = replace(ANN, intervals=(Interval(START, END), Interval(LONG_AGO, None), Interval(END, START)))

    assert examine(record, NOW) == (
        replace(ANN, intervals=(Interval(START, END), Interval(END, END))),
        ("join time out of range", "left before joining"),
    )


def test_class_may_be_planned_far_ahead() -> None:
    planned = replace(LESSON, starts_at=START.replace(year=2099), ends_at=END.replace(year=2099))

    assert examine(planned, NOW) == (planned, ())


def test_words_that_are_no_items_pass() -> None:
    said = [Notice("Hm."), ProviderTotal(-1), Problem(NotPermitted("No.")), FlawRecord("k", ("odd",), {})]

    assert sift(said, NOW) == said


def test_repaired_record_is_followed_by_its_flaw_as_it_came() -> None:
    odd = replace(FILM, size=-5, cues=(Cue(0.0, 1.0, "Ann", "Hello"),))
    sound, flaw = sift([odd], NOW)

    assert sound == replace(odd, size=None)
    assert flaw == FlawRecord(
        "recording:film:1",
        ("negative size",),
        {
            "keys": ["film:1"],
            "name": "Film",
            "kind": "video",
            "url": "",
            "started_at": START,
            "ended_at": END,
            "size": -5,
            "named": True,
            "extra": {},
        },
        "Film",
    )


def test_refused_record_is_replaced_by_its_flaw_and_a_problem() -> None:
    flaw, problem = sift([replace(SAID, sent_at=None)], NOW)

    assert isinstance(flaw, FlawRecord)
    assert (flaw.key, flaw.reasons, flaw.about, flaw.stored) == ("chat:m1", ("no time of sending",), "Ann", False)
    assert isinstance(problem, Problem)
    assert (problem.error.code, problem.error.detail) == ("unstorable", "no time of sending")


def test_flaw_of_a_record_that_nothing_identifies_has_the_same_key_every_time() -> None:
    nameless = replace(ANN, identity_key="")
    first, again, other = (
        sift([each], NOW)[0] for each in (nameless, replace(nameless), replace(nameless, name="Ben"))
    )

    assert isinstance(first, FlawRecord)
    assert isinstance(other, FlawRecord)
    assert first == again
    assert first.key != other.key
