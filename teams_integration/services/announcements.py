"""Recordings as the chat announces them: the surest way to the file, because its address is given.

https://learn.microsoft.com/graph/system-messages#call-recording
"""

from collections.abc import Generator
from dataclasses import replace

from conferences.providers.errors import Malformed, Missing, NotSupported, ProviderError
from conferences.providers.records import Notice, Problem, Record
from teams_integration.parsers import chat_events
from teams_integration.parsers.chat import Message
from teams_integration.parsers.files import drive_item
from teams_integration.parsers.recording_matches import Announcement, Matches
from teams_integration.parsers.recording_names import is_shareable
from teams_integration.services.inquiry import Inquiry


def read(inquiry: Inquiry, matches: Matches) -> Generator[Record, None, ProviderError | None]:
    """Adds what the chat announces; returns the refusal where the chat may not be read."""
    found: dict[str, Announcement] = {}
    refusal: ProviderError | None = None
    try:
        for entry in inquiry.chat:
            # A message that cannot be read is the chat operation's to report.
            if isinstance(entry, Message) and (announced := _announced(entry)):
                found.setdefault(announced.event.url or announced.event.message_id, announced)
    except NotSupported:
        pass
    except ProviderError as error:
        refusal = error
    resolved = []
    for announced in found.values():
        looked_up = yield from _resolved(inquiry, announced)
        resolved.append(looked_up)
    matches.add_announcements(resolved)
    return refusal


def _announced(message: Message) -> Announcement | None:
    """Only a finished recording has its final address."""
    try:
        event = chat_events.recording(message.event, message.record.key)
    except Malformed:
        return None
    return Announcement(event, message.record.sent_at) if event and event.status == "success" else None


def _resolved(inquiry: Inquiry, announced: Announcement) -> Generator[Record, None, Announcement]:
    """With its file, where its address still leads to one."""
    event = announced.event
    if is_shareable(event.url):
        try:
            return replace(announced, item=drive_item(inquiry.client.shared_item(event.url)))
        except Missing:
            yield Notice(f"The recording “{event.name}” was deleted or moved.", "warning", "recording_missing")
            return replace(announced, is_gone=True)
        except ProviderError as error:
            yield Problem(error)
    return announced
