"""Transcripts of this occurrence, as text with speakers and times.

https://learn.microsoft.com/graph/api/onlinemeeting-list-transcripts
"""

from collections.abc import Iterator

from conferences.providers.errors import Malformed, Permanent, ProviderError, Retryable
from conferences.providers.records import Cue, Problem, Record, RecordingRecord
from teams_integration.parsers import vtt
from teams_integration.parsers.meeting import Meeting
from teams_integration.parsers.recordings import Artifact, artifact
from teams_integration.services.inquiry import Inquiry


def fetch(inquiry: Inquiry, meeting: Meeting) -> Iterator[Record]:
    """A transcript whose text is refused is listed without it; one reason is told once."""
    told: set[str] = set()
    for raw in inquiry.client.transcripts(meeting.organizer_id, meeting.id):
        try:
            listed = artifact(raw)
        except Malformed as error:
            yield Problem(error)
            continue
        if inquiry.window.holds(listed.starts_at, listed.ends_at):
            yield from _with_text(inquiry, meeting, listed, told)


def _with_text(inquiry: Inquiry, meeting: Meeting, listed: Artifact, told: set[str]) -> Iterator[Record]:
    cues: tuple[Cue, ...] | None = None
    try:
        cues = _cues(inquiry, meeting, listed)
    except ProviderError as error:
        if error.code not in told:
            told.add(error.code)
            yield Problem(error)
    yield RecordingRecord(
        keys=(f"graph:transcript:{listed.id}",),
        name=f"{meeting.subject or inquiry.target.title} (transcript)",
        kind="transcript",
        started_at=listed.starts_at,
        ended_at=listed.ends_at,
        cues=cues,
        extra={"call_id": listed.call_id} if listed.call_id else {},
    )


def _cues(inquiry: Inquiry, meeting: Meeting, listed: Artifact) -> tuple[Cue, ...]:
    """The form with speakers first; the plain one where the first is refused or empty, not after a fault."""
    address = (meeting.organizer_id, meeting.id, listed.id)
    try:
        if found := vtt.cues(inquiry.client.transcript_metadata(*address)):
            return found
    except Retryable:
        raise
    except Permanent as error:
        if error.code == "transcripts_disabled":
            raise
    return vtt.cues(inquiry.client.transcript_content(*address))
