"""A class of one hour with a roster, built row by row, for tests that ask who was there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from conferences.models import (
    AttendanceSession,
    Conference,
    Connection,
    Course,
    Enrolment,
    Participant,
    SyncItem,
    SyncRun,
    SyncStep,
)

STARTS_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENDS_AT = STARTS_AT + timedelta(hours=1)
Minutes = tuple[float, float | None]


def minute(value: float) -> datetime:
    return STARTS_AT + timedelta(minutes=value)


@dataclass
class School:
    """One course, one connection, and as many conferences of the series as a test asks for."""

    course: Course = field(default_factory=lambda: Course.objects.create(code="ALG-1", title="Algebra"))
    connection: Connection = field(default_factory=lambda: Connection.objects.create(provider="teams", name="Campus"))

    def conference(self, **values: Any) -> Conference:
        defaults = {
            "connection": self.connection,
            "course": self.course,
            "title": "Algebra, week 1",
            "external_id": "week-1",
            "series_id": "algebra",
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "time_zone": "Europe/Zurich",
        }
        return Conference.objects.create(**{**defaults, **values})

    def enrol(self, name: str, email: str = "", role: str = "learner") -> User:
        first, _, last = name.rpartition(" ")
        username = email or name.lower().replace(" ", ".")
        user = User.objects.filter(username=username).first() or User.objects.create(
            username=username, email=email, first_name=first, last_name=last
        )
        Enrolment.objects.create(course=self.course, user=user, role=role)
        return user


def seen(conference: Conference, key: str, *spans: Minutes, **values: Any) -> Participant:
    """A participant with sessions from and to minutes of the class, counted as the store counts them."""
    person = Participant.objects.create(
        **{
            "conference": conference,
            "identity_key": key,
            "kind": "member",
            "source": "attendance_report",
            "first_seen_at": minute(70),
            "last_seen_at": minute(70),
            **values,
        }
    )
    for span in spans:
        joined(person, span)
    return person


def joined(person: Participant, span: Minutes, **values: Any) -> AttendanceSession:
    start, end = span
    session = AttendanceSession.objects.create(
        **{
            "participant": person,
            "source": person.source,
            "sitting": "first",
            "session_key": f"{start}-{end}-{person.sessions.count()}",
            "joined_at": minute(start),
            "left_at": None if end is None else minute(end),
            "first_seen_at": person.first_seen_at,
            "last_seen_at": person.last_seen_at,
            **values,
        }
    )
    if end is not None and not (session.superseded or session.gone_at):
        person.total_seconds += round((end - start) * 60)
        person.save(update_fields=["total_seconds"])
    return session


def answered(
    conference: Conference,
    at: float | None = 75,
    outcome: str = "synced",
    code: str = "",
    operation: str = "attendance",
) -> SyncStep:
    """A finished step: by default a complete answer about attendance, a quarter of an hour after the class."""
    run = SyncRun.objects.create(connection=conference.connection, conference=conference, state="succeeded")
    item = SyncItem.objects.create(run=run, conference=conference, state="done")
    finished_at = None if at is None else minute(at)
    return SyncStep.objects.create(item=item, operation=operation, outcome=outcome, code=code, finished_at=finished_at)


def presences(rows: Sequence[Any]) -> dict[str, str | None]:
    return {row.name: row.presence.value if row.presence else None for row in rows}
