"""A conference as JSON, for other programs. Times are UTC and end in Z; lengths are whole seconds."""

from collections.abc import Iterator
from typing import Any

from conferences.iso import utc
from conferences.models import (
    AttendanceSession,
    ChatMessage,
    Conference,
    FlawedEntry,
    Participant,
    Recording,
    SharedFile,
)
from conferences.presence import Presence
from conferences.register import Register, register


def export(conference: Conference) -> dict[str, Any]:
    """What was stored: people who were seen, whoever they are, without entries of a source that does not count.

    A participant's `presence` is the person's: two participants who are the same user share it. It is null while it
    cannot be known, and `user` (a user name) is null for those who are nobody on the roster.
    """
    return {
        "conference": _conference(conference),
        "participants": list(_participants(register(conference))),
        "recordings": [_recording(row) for row in conference.recordings.all()],
        "chat": [_message(row) for row in conference.chat.all()],
        "files": [_file(row) for row in conference.files.all()],
        "flaws": [_flaw(row) for row in conference.flaws.all()],
    }


def _conference(row: Conference) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "provider": row.connection.provider,
        "external_id": row.external_id,
        "starts_at": utc(row.starts_at),
        "ends_at": utc(row.ends_at),
    }


def _participants(people: Register) -> Iterator[dict[str, Any]]:
    seen = [(person, row.presence) for row in people.rows for person in row.participants]
    for person, presence in sorted(seen, key=lambda pair: (pair[0].name, pair[0].identity_key)):
        yield _participant(person, presence)


def _participant(person: Participant, presence: Presence | None) -> dict[str, Any]:
    sessions = [row for row in person.sessions.all() if not row.superseded and row.gone_at is None]
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "kind": person.kind,
        "user": person.user.get_username() if person.user else None,
        "total_seconds": person.total_seconds,
        "reported_seconds": person.reported_seconds,
        "source": person.source,
        "presence": presence.value if presence else None,
        "sessions": [_session(row) for row in sessions],
        "gone_at": utc(person.gone_at),
    }


def _session(row: AttendanceSession) -> dict[str, Any]:
    return {
        "joined_at": utc(row.joined_at),
        "left_at": utc(row.left_at),
        "seconds": row.seconds,
        "source": row.source,
    }


def _recording(row: Recording) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "url": row.url,
        "started_at": utc(row.started_at),
        "ended_at": utc(row.ended_at),
        "size": row.size,
        "gone_at": utc(row.gone_at),
    }


def _message(row: ChatMessage) -> dict[str, Any]:
    return {
        "sender": row.sender,
        "sent_at": utc(row.sent_at),
        "text": row.text,
        "html": row.html,
        "deleted_at": utc(row.deleted_at),
        "kind": row.kind,
    }


def _file(row: SharedFile) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": row.url,
        "shared_by": row.shared_by,
        "shared_at": utc(row.shared_at),
        "gone_at": utc(row.gone_at),
    }


def _flaw(row: FlawedEntry) -> dict[str, Any]:
    """An entry that failed validation. `stored` false: it stands nowhere else."""
    return {
        "operation": row.operation,
        "about": row.about,
        "reasons": row.reasons,
        "raw": row.raw,
        "stored": row.stored,
        "gone_at": utc(row.gone_at),
    }
