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
NO_JOIN, NO_SUM = "no join time", "length of zero"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """`keys` are what may identify the person, the surest first; `seconds` is Zoom's own, None when it makes no sense.

    flaws  what is wrong with the times, in a word each
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


def row(raw: Raw, uuid: str) -> Row:
    """Never refuses a row: what cannot be read is flagged."""
    email = values.text(raw, "user_email").lower()
    account_id = values.text(raw, "participant_user_id") or values.text(raw, "id")
    joined_at, left_at, flaws = _times(raw)
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


def _times(raw: Raw) -> tuple[datetime | None, datetime | None, tuple[str, ...]]:
    """A missing end is reckoned from the length; an end before the start counts as no time at all."""
    joined_at, left_at = values.moment(raw, "join_time"), values.moment(raw, "leave_time")
    length = values.number(raw, "duration")
    flaws = []
    if joined_at is None:
        flaws.append(NO_JOIN)
    if left_at is None:
        flaws.append("no leave time")
        if joined_at and length and length > 0:
            left_at = _after(joined_at, length)
    elif joined_at and left_at < joined_at:
        flaws.append("left before joining")
        left_at = joined_at
    if length is not None and length < 0:
        flaws.append("negative length")
    elif length is None:
        flaws.append("no length")
    elif length == 0 and joined_at and left_at and left_at > joined_at:
        flaws.append(NO_SUM)
    return joined_at, left_at, tuple(flaws)


def _after(moment: datetime, seconds: int) -> datetime | None:
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def flaw(each: Row, key: str, *, is_settling: bool) -> FlawRecord | None:
    """Zoom does its sums last: until then a length of zero only says that they are not done yet."""
    reasons = tuple(reason for reason in each.flaws if not (is_settling and reason == NO_SUM))
    return FlawRecord(key, reasons, each.raw, each.name or each.email) if reasons else None
