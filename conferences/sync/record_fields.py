"""What each field of a record must be: read from the records' own annotations, so that a new record has its rules."""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=31)
LARGEST = 2**63 - 1  # what a bigint column holds
MOST = {"reported_seconds": int(LONGEST.total_seconds())}
IDENTIFYING = frozenset({"identity_key", "sitting", "source", "key", "keys", "external_id"})
LABELS = {
    "joined_at": "join time",
    "left_at": "leave time",
    "started_at": "start",
    "starts_at": "start",
    "ended_at": "end",
    "ends_at": "end",
    "reported_seconds": "length",
    "sent_at": "time of sending",
    "edited_at": "time of editing",
    "deleted_at": "time of deleting",
}


@dataclass(frozen=True, slots=True)
class RecordField:
    """`member` is the dataclass that a tuple holds. A field that may not be lacking has no `default` that would do."""

    name: str
    kind: Any
    member: Any
    may_lack: bool
    default: Any

    @property
    def label(self) -> str:
        return LABELS.get(self.name) or self.name.removesuffix("_at").replace("_", " ")

    def wrong(self, value: Any, latest: datetime) -> str:
        """What is wrong with the value, in a few words; "" for a sound one."""
        if value is None and self.default is None and self.may_lack:
            return ""
        if self.name in IDENTIFYING and not self.may_lack and not value:
            return f"no {self.label}"
        examine = EXAMINERS.get(self.kind)
        return examine(self, value, latest) if examine else ""


@cache
def fields_of(record: Any) -> tuple[RecordField, ...]:
    hints = get_type_hints(record)
    return tuple(_read(field, hints[field.name]) for field in fields(record))


def _read(field: Any, hint: Any) -> RecordField:
    optional = type(None) in get_args(hint)
    told = next(each for each in get_args(hint) if each is not type(None)) if optional else hint
    kind = get_origin(told) or told
    member = get_args(told)[0] if kind is tuple and is_dataclass(get_args(told)[0]) else None
    given = field.default is not MISSING
    has_empty_form = member is not None or kind not in EXAMINERS or (kind is str and field.name not in IDENTIFYING)
    default = field.default if given else None if optional else () if kind is tuple else "" if kind is str else None
    return RecordField(field.name, kind, member, optional or given or has_empty_form, default)


def _text(field: RecordField, value: Any, _latest: datetime) -> str:
    return "" if isinstance(value, str) else f"{field.label} is not text"


def _texts(field: RecordField, value: Any, _latest: datetime) -> str:
    return "" if all(isinstance(each, str) and each for each in value) else f"{field.label} is not text"


def _flag(field: RecordField, value: Any, _latest: datetime) -> str:
    return "" if isinstance(value, bool) else f"{field.label} is neither yes nor no"


def _count(field: RecordField, value: Any, _latest: datetime) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"{field.label} is not a whole number"
    if value < 0:
        return f"negative {field.label}"
    return "" if value <= MOST.get(field.name, LARGEST) else f"{field.label} out of range"


def _number(field: RecordField, value: Any, _latest: datetime) -> str:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return "" if fits else f"{field.label} is not a number"


def _moment(field: RecordField, value: Any, latest: datetime) -> str:
    if value is None:
        return f"no {field.label}"
    if not isinstance(value, datetime):
        return f"{field.label} is not a time"
    if value.utcoffset() is None:
        return f"{field.label} without a time zone"
    return "" if EARLIEST <= value <= latest else f"{field.label} out of range"


EXAMINERS: Mapping[Any, Callable[[RecordField, Any, datetime], str]] = {
    str: _text,
    tuple: _texts,
    bool: _flag,
    int: _count,
    float: _number,
    datetime: _moment,
}
