"""Recordings and transcripts of this occurrence, from everywhere that Teams leaves them.

Graph's listing says that there is one and from when to when; the chat and the organiser's OneDrive know its file.
https://learn.microsoft.com/graph/api/onlinemeeting-list-recordings
"""

from collections.abc import Iterator

from conferences.providers.errors import Blocked, CredentialsRefused, Malformed, Missing, NotSupported, ProviderError
from conferences.providers.records import FlawRecord, Notice, Problem, Record, RecordingRecord
from teams_integration.parsers.flaws import unreadable
from teams_integration.parsers.meeting import Meeting
from teams_integration.parsers.recording_matches import Matches
from teams_integration.parsers.recordings import artifact
from teams_integration.services import announcements, onedrive, transcripts
from teams_integration.services.inquiry import Inquiry

NOT_READY = "The recordings are not ready yet. Microsoft needs some time after the meeting to process them."
NONE_FOUND = "No recordings found. Recordings may not be available yet."
CHANNEL = (
    "This meeting was held in a Teams channel, and Microsoft does not list its recordings with the meeting. They are "
    "among the files of the channel."
)


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    """A place that is refused is a Problem, told once; the other places are looked at all the same."""
    if early := inquiry.not_started():
        yield early
        return
    meeting, problem = _meeting(inquiry)
    told: set[str] = set()
    counted = 0
    for record in _records(inquiry, meeting, problem):
        if isinstance(record, Problem):
            if record.error.code in told:
                continue
            told.add(record.error.code)
        counted += isinstance(record, RecordingRecord)
        yield record
    if counted or told:
        return
    if inquiry.is_channel and meeting is None:
        raise NotSupported(CHANNEL, code="channel_meeting")
    yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _meeting(inquiry: Inquiry) -> tuple[Meeting | None, Record | None]:
    """Without the meeting, chat and OneDrive still tell. One that was known before should not have vanished."""
    try:
        return inquiry.meeting(), None
    except Missing as error:
        was_known = inquiry.target.detail.get("meeting_id")
        return None, Problem(error) if was_known else Notice(error.message, code=error.code)
    except Blocked as error:
        return None, Problem(error)


def _records(inquiry: Inquiry, meeting: Meeting | None, problem: Record | None) -> Iterator[Record]:
    if problem is not None:
        yield problem
    if meeting is not None:
        yield meeting.detail()
    subject = meeting.subject if meeting else ""
    titles = tuple(dict.fromkeys(title for title in (subject, inquiry.target.title) if title))
    matches = Matches(inquiry.window, titles)
    if meeting is not None:
        yield from _through(_listed(inquiry, meeting, matches))
    refusal = yield from announcements.read(inquiry, matches)
    if not inquiry.is_channel and not _is_wrong_organizer(problem):
        yield from _look_into_drive(inquiry, matches)
    if refusal is not None:
        yield Problem(refusal) if matches.wants_files else Notice(refusal.message, "warning", refusal.code)
    yield from matches.records(titles[0] if titles else "")
    if meeting is not None:
        yield from _through(transcripts.fetch(inquiry, meeting))


def _listed(inquiry: Inquiry, meeting: Meeting, matches: Matches) -> Iterator[FlawRecord | Problem]:
    """All occurrences of a series share one list."""
    for raw in inquiry.client.recordings(meeting.organizer_id, meeting.id):
        try:
            listed = artifact(raw)
        except Malformed as error:
            yield from unreadable(raw, error)
            continue
        if inquiry.window.holds(listed.starts_at, listed.ends_at):
            matches.add_artifacts([listed])


def _look_into_drive(inquiry: Inquiry, matches: Matches) -> Iterator[Record]:
    """The folder first; the search where a file is still missing."""
    try:
        organizer = inquiry.organizer_id()
        yield from onedrive.place(matches, onedrive.folder(inquiry.client, organizer))
        if matches.wants_files:
            yield from onedrive.place(matches, onedrive.search(inquiry.client, organizer, matches.titles))
    except ProviderError as error:
        lacks_drive = error.code == "no_onedrive" and matches.finds
        yield Notice(error.message, code=error.code) if lacks_drive else Problem(error)
    for item in matches.unplaced:
        yield Notice(
            f"“{item.name}” was recorded at that time, but "
            "nothing says that it belongs to this meeting, so it was left out.",
            code="unplaced_recording",
        )


def _is_wrong_organizer(problem: Record | None) -> bool:
    """Then their OneDrive is somebody else's."""
    return isinstance(problem, Problem) and problem.error.code == "wrong_organizer"


def _through(records: Iterator[Record]) -> Iterator[Record]:
    """A place that breaks off is a Problem, not the end; refused credentials are the end of everything.

    Graph answers 404 below a meeting that it still knows once the meeting has expired: that is no fault.
    """
    try:
        yield from records
    except CredentialsRefused:
        raise
    except Missing as error:
        yield Problem(NotSupported(error.message, code=error.code, detail=error.detail))
    except ProviderError as error:
        yield Problem(error)
