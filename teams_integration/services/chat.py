"""What was said in the meeting's chat."""

from collections.abc import Iterator

from conferences.providers.records import Record
from teams_integration.parsers import chat_events
from teams_integration.parsers.chat import Message
from teams_integration.services.inquiry import Inquiry

NOTHING = "Nobody has written anything in the meeting's chat."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started():
        yield early
        return
    silent = True
    for entry in inquiry.chat:
        silent = False
        yield _record(inquiry, entry) if isinstance(entry, Message) else entry
    if silent:
        yield inquiry.nothing_yet(NOTHING)


def _record(inquiry: Inquiry, message: Message) -> Record:
    """The members are asked for only where a name is missing."""
    record = message.record
    nameless = message.sender_id and not record.sender
    if nameless or chat_events.kind(message.event).startswith("members"):
        return message.named(inquiry.names())
    return record
