"""Whether a record can be stored, whichever provider it came from. Pure: what is wrong is said in words.

What can be repaired is: a value that is none counts as absent, an end before its start as an end at the start. A record
without what identifies it, or without a time that its rows cannot lack, is refused.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from conferences.providers.errors import Malformed
from conferences.providers.records import ConferenceRecord, FlawRecord, Interval, Item, Problem, Record, RecordingRecord
from conferences.sync.record_fields import IDENTIFYING, LONGEST, fields_of

AHEAD = timedelta(days=366)
EXAMINED = (*get_args(Item), ConferenceRecord)
ORDERED: Mapping[type, tuple[str, str, str]] = {
    Interval: ("joined_at", "left_at", "left before joining"),
    RecordingRecord: ("started_at", "ended_at", "ends before it starts"),
    ConferenceRecord: ("starts_at", "ends_at", "ends before it starts"),
}
# What an entry is about, the most telling first.
ABOUT = ("name", "title", "sender", "asker", "respondent", "email")
# Too long to be repeated beside the rows that it became.
LEFT_OUT = frozenset({"cues"})


def sift(records: Iterable[Record], now: datetime) -> list[Record]:
    """The records, repaired where need be. A FlawRecord follows each that was not sound; a refused one is replaced by
    its flaw and a Problem."""
    sifted: list[Record] = []
    for record in records:
        sound, reasons = examine(record, now) if isinstance(record, EXAMINED) else (record, ())
        if sound is not None:
            sifted.append(sound)
        if reasons:
            sifted.append(flaw_of(record, reasons, stored=sound is not None))
        if sound is None:
            sifted.append(refusal(record, ", ".join(reasons)))
    return sifted


def examine(record: Any, now: datetime) -> tuple[Any, tuple[str, ...]]:
    """The record as it can be stored, None when it cannot; and what is wrong with it, in a few words each."""
    # A class may be planned for as far ahead as people like; nothing has happened yet that is told of.
    latest = datetime.max.replace(tzinfo=UTC) if type(record) is ConferenceRecord else now + AHEAD
    changes: dict[str, Any] = {}
    reasons: list[str] = []
    lost = False
    for field in fields_of(record.__class__):
        value = getattr(record, field.name)
        if field.member is not None:
            kept, wrong = _members(value, now)
        else:
            kept, wrong = field.default, [reason] if (reason := field.wrong(value, latest)) else []
            lost = lost or bool(wrong and not field.may_lack)
        if wrong:
            changes[field.name] = kept
            reasons += wrong
    if lost:
        return None, tuple(dict.fromkeys(reasons))
    sound, disorder = _in_order(replace(record, **changes) if changes else record)
    return sound, tuple(dict.fromkeys([*reasons, *disorder]))


def flaw_of(record: Any, reasons: Iterable[str], *, stored: bool) -> FlawRecord:
    ids = [_mark(getattr(record, each.name)) for each in fields(record) if each.name in IDENTIFYING]
    marks = "|".join(ids) if all(ids) else hashlib.sha256(repr(record).encode("utf-8", "replace")).hexdigest()
    about = next((str(value) for name in ABOUT if (value := getattr(record, name, ""))), "")
    raw = {each.name: _plain(getattr(record, each.name)) for each in fields(record) if each.name not in LEFT_OUT}
    return FlawRecord(f"{_kind(record)}:{marks}", tuple(reasons), raw, about, stored)


def refusal(record: Record, detail: str) -> Problem:
    return Problem(Malformed(f"One {_kind(record)} entry could not be stored.", code="unstorable", detail=detail))


def _kind(record: Record) -> str:
    return type(record).__name__.removesuffix("Record").lower()


def _mark(value: Any) -> str:
    """Of several names the first one, which stays the same when others are learned."""
    return str(next(iter(value), "") if isinstance(value, tuple) else value or "")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _members(value: Any, now: datetime) -> tuple[tuple[Any, ...], list[str]]:
    """Those that can be kept. None, which says that nothing was asked for, has none and nothing wrong."""
    examined = [examine(each, now) for each in value or ()]
    kept = tuple(sound for sound, _ in examined if sound is not None)
    return kept, [reason for _, reasons in examined for reason in reasons]


def _in_order(record: Any) -> tuple[Any, list[str]]:
    if type(record) not in ORDERED:
        return record, []
    first, last, backwards = ORDERED[type(record)]
    start, end = getattr(record, first), getattr(record, last)
    if start is None or end is None or timedelta() <= end - start <= LONGEST:
        return record, []
    if end < start:
        return replace(record, **{last: start}), [backwards]
    unknown = start if type(record) is ConferenceRecord else None
    return replace(record, **{last: unknown}), ["lasts more than a month"]
