"""The chat of this occurrence, read once for all operations that need it.

The whole series shares one chat, newest first: reading stops where the conference's time begins.
https://learn.microsoft.com/graph/api/chat-list-messages
"""

from collections.abc import Iterator
from datetime import datetime

from conferences.providers.errors import Malformed, Missing, NotSupported, ProviderError
from conferences.providers.records import FlawRecord, Problem
from conferences.providers.shape import Raw
from conferences.providers.window import Window
from teams_integration import join_urls
from teams_integration.client import GraphClient
from teams_integration.parsers import chat as parser
from teams_integration.parsers.chat import Message
from teams_integration.parsers.flaws import unreadable

CHANNEL = (
    "This meeting was held in a Teams channel. Its chat is part of the channel and cannot be read as a meeting's chat."
)
NO_CHAT = "Microsoft Teams does not know the chat of this meeting. It may have been deleted."
CHECK_LINK = "Check the join link of this conference: it names the chat."
# Graph's page; a whole page of older messages means that nothing newer follows.
PAGE = 50


def messages(
    client: GraphClient, thread_id: str, window: Window, now: datetime
) -> Iterator[Message | FlawRecord | Problem]:
    """Newest first. A message, or an attachment, that cannot be read is a Problem, and the next one follows."""
    if join_urls.is_channel_thread(thread_id):
        raise NotSupported(CHANNEL, code="channel_meeting")
    older = 0
    for raw in _listed(client, thread_id, min(now, window.closes_at)):
        if not parser.is_worth_keeping(raw):
            continue
        try:
            message = parser.message(raw)
        except Malformed as error:
            yield from unreadable(raw, error)
            continue
        older = older + 1 if message.record.sent_at < window.opens_at else 0
        if older >= PAGE:
            return
        if window.holds(message.record.sent_at):
            yield message
            yield from map(Problem, message.broken)


def _listed(client: GraphClient, thread_id: str, before: datetime) -> Iterator[Raw]:
    try:
        yield from client.chat_messages(thread_id, before)
    except Missing as error:
        raise NotSupported(NO_CHAT, code="chat_not_found", advice=CHECK_LINK, detail=error.detail) from error


def names(client: GraphClient, thread_id: str) -> dict[str, str]:
    """Names of the chat's members by id. A refusal costs only names, which Graph leaves out here and there."""
    found: dict[str, str] = {}
    try:
        for raw in client.chat_members(thread_id):
            member_id, name = parser.member(raw)
            found[member_id] = name
    except ProviderError:
        return found
    return found
