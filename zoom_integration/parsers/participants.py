"""One row of a participants list: one join of somebody, who may have joined before and may be on another device too.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/participants
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from conferences.providers.records import FlawRecord, Interval
from zoom_integration.parsers import values
from zoom_integration.parsers.values import Raw

WAITING = "in_waiting_room"
NO_JOIN = "no join time"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """`keys` are what may identify the person, the surest first; `seconds` is Zoom's own, None when it makes no sense.

    flaws  what is wrong with the times, in a few words each
    """

    uuid: str
    user_id: str
    keys: tuple[str, ...]
    name: str
    email: str
    account_id: str
    is_internal: bool | None
    is_waiting: bool
    joined_at: datetime | None
    left_at: datetime | None
    seconds: int | None
    room: str
    flaws: tuple[str, ...]
    raw: Raw

    @property
    def key(self) -> str:
        """The same at every fetch, however its end is corrected later. Zoom gives rows no id of their own."""
        joined = self.joined_at.astimezone(UTC).isoformat() if self.joined_at else values.text(self.raw, "join_time")
        who = self.user_id or _digest(self.name, self.email, *self.keys)
        return "|".join((self.uuid, who, joined, WAITING if self.is_waiting else "", self.room))

    @property
    def interval(self) -> Interval | None:
        return Interval(self.joined_at, self.left_at, self.key) if self.joined_at else None


def row(raw: Raw, uuid: str, *, is_settling: bool = False) -> Row:
    """Never refuses a row: what cannot be read is flagged.

    is_settling  Zoom does its sums last: until then a length of zero only says that they are not done yet
    """
    email = values.text(raw, "user_email").lower()
    account_id = values.text(raw, "participant_user_id") or values.text(raw, "id")
    joined_at, left_at, flaws = _times(raw, is_settling=is_settling)
    return Row(
        uuid=uuid,
        user_id=values.text(raw, "user_id"),
        keys=_keys(values.text(raw, "registrant_id"), account_id, email, values.text(raw, "customer_key")),
        name=values.text(raw, "name"),
        email=email if _EMAIL.fullmatch(email) else "",
        account_id=account_id,
        is_internal=values.flag(raw, "internal_user"),
        is_waiting=values.text(raw, "status").lower() == WAITING,
        joined_at=joined_at,
        left_at=left_at,
        seconds=values.count(raw, "duration"),
        room=values.text(raw, "bo_mtg_id"),
        flaws=flaws,
        raw=raw,
    )


def _keys(registrant_id: str, account_id: str, email: str, customer_key: str) -> tuple[str, ...]:
    """https://developers.zoom.us/changelog/platform/changes-to-meeting-api-reporting-and-dashboard-endpoints/"""
    candidates = (
        ("registrant", registrant_id),
        ("user", account_id),
        ("email", email if _EMAIL.fullmatch(email) else ""),
        ("customer", customer_key),
    )
    return tuple(f"{kind}:{value}" for kind, value in candidates if value)


def _times(raw: Raw, *, is_settling: bool) -> tuple[datetime | None, datetime | None, tuple[str, ...]]:
    """A missing end is reckoned from the length, and stays unknown without one. An end before the start, or a length
    of nothing or less in place of an end, counts as no time at all."""
    joined_at, left_at = values.moment(raw, "join_time"), values.moment(raw, "leave_time")
    length = values.number(raw, "duration")
    flaws = []
    if joined_at is None:
        flaws.append(NO_JOIN)
    if left_at is None:
        flaws.append("no leave time")
        if joined_at and length is not None and (length > 0 or not is_settling):
            left_at = _after(joined_at, max(length, 0))
    elif joined_at and left_at < joined_at:
        flaws.append("left before joining")
        left_at = joined_at
    if length is not None and length < 0:
        flaws.append("negative length")
    elif length is None:
        flaws.append("no length")
    elif length == 0 and joined_at and left_at and left_at > joined_at and not is_settling:
        flaws.append("length of zero")
    return joined_at, left_at, tuple(flaws)


def _after(moment: datetime, seconds: int) -> datetime | None:
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def flaw(each: Row, key: str) -> FlawRecord | None:
    return FlawRecord(key, each.flaws, each.raw, each.name or each.email) if each.flaws else None
