"""How often was the meeting open? A dropped host or a pause makes one class several sittings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from conferences.models import AttendanceSession


@dataclass(frozen=True, slots=True)
class Sitting:
    """From the first join to the last leave. `closed_at` is None while somebody was still in, or when no leave is
    known."""

    key: str
    opened_at: datetime
    closed_at: datetime | None
    participants: int


def sittings(sessions: Iterable[AttendanceSession], *, is_final: bool = False) -> tuple[Sitting, ...]:
    """In order of time, from the sessions that count. `is_final`: nobody can still be in."""
    grouped: dict[str, list[AttendanceSession]] = defaultdict(list)
    for session in sessions:
        if not session.superseded and session.gone_at is None:
            grouped[session.sitting].append(session)
    found = (_sitting(key, members, is_final=is_final) for key, members in grouped.items())
    return tuple(sorted(found, key=lambda sitting: (sitting.opened_at, sitting.key)))


def _sitting(key: str, sessions: list[AttendanceSession], *, is_final: bool) -> Sitting:
    ends = [session.left_at for session in sessions if session.left_at]
    return Sitting(
        key=key,
        opened_at=min(session.joined_at for session in sessions),
        closed_at=max(ends, default=None) if is_final or len(ends) == len(sessions) else None,
        participants=len({session.participant_id for session in sessions}),
    )
