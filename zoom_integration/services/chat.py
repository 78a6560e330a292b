"""What was written in the chat: Zoom keeps it only as a file of the cloud recording.

https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording/GET/meetings/{meetingId}/recordings
"""

from collections.abc import Iterator

from conferences.providers.errors import CredentialsRefused, Missing, NotPermitted, ProviderError
from conferences.providers.payload import malformed
from conferences.providers.records import ChatRecord, FlawRecord, Problem, Record
from zoom_integration.conf import WHO
from zoom_integration.parsers import chat, chat_lines, values
from zoom_integration.parsers.chat import Frame
from zoom_integration.parsers.recordings import RecordedFile
from zoom_integration.services.inquiry import Inquiry
from zoom_integration.services.recordings import listed

NOT_READY = "The chat is not ready yet. Zoom keeps it with the cloud recording, which takes some time after the end."
NONE_FOUND = "No chat found. Zoom keeps it only with a cloud recording that was made while people wrote."
NOT_A_MESSAGE = "lines before the first message"


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    found, nothing = listed(inquiry, NOT_READY, NONE_FOUND)
    texts = [each for each in found if each.kind == "chat"]
    written = broken = 0
    for each in texts:
        for record in _messages(inquiry, each):
            written += isinstance(record, ChatRecord)
            broken += isinstance(record, Problem)
            yield record
    if not all(each.is_ready for each in texts) and not isinstance(nothing, Problem):
        yield inquiry.not_ready(NOT_READY)
    elif nothing is not None:
        yield nothing
    elif not written and not broken:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)


def _messages(inquiry: Inquiry, each: RecordedFile) -> Iterator[Record]:
    if not each.is_ready or not each.download_url:
        return
    try:
        text = inquiry.client.file_text(each.download_url)
    except (CredentialsRefused, Missing) as error:
        # Zoom refuses single files that are protected or in the bin: the sign-in itself is fine.
        yield Problem(NotPermitted(f"The chat file cannot be read: {error.message}", code="file_refused"))
        return
    except ProviderError as error:
        yield Problem(error)
        return
    said: list[Record] = list(chat.messages(text, _frame(inquiry, each), each.key))
    # Zoom makes such a file only when somebody has written something.
    yield from said or [Problem(malformed(WHO, "a chat file without a message", code="unreadable_chat"))]
    if said and (text_before := chat_lines.before(text)):
        yield FlawRecord(f"{each.key}:before", (NOT_A_MESSAGE,), {"text": text_before}, each.name, stored=False)


def _frame(inquiry: Inquiry, each: RecordedFile) -> Frame:
    starts_at = each.started_at or inquiry.occurrences[0].starts_at or inquiry.window.starts_at
    length = inquiry.ended_at - starts_at if each.length is None else each.length
    return Frame(starts_at, length, _zone(inquiry, each))


def _zone(inquiry: Inquiry, each: RecordedFile) -> str:
    known = str(inquiry.known("time_zone") or "")
    return each.time_zone or known or values.text(inquiry.series_or_nothing(), "timezone")
