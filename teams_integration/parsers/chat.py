"""The messages of a meeting's chat. https://learn.microsoft.com/graph/api/resources/chatmessage"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from conferences.providers import html, shape
from conferences.providers.errors import Malformed
from conferences.providers.records import ChatRecord
from conferences.providers.shape import Raw
from teams_integration.addresses import is_web
from teams_integration.parsers.chat_events import sentence

T = TypeVar("T")
U = TypeVar("U")

KINDS = {
    "aaduser": "member",
    "onpremiseaaduser": "member",
    "anonymousguest": "guest",
    "azurecommunicationservicesuser": "guest",
    "federateduser": "external",
    "personalmicrosoftaccountuser": "external",
    "skypeuser": "external",
    "emailuser": "external",
    "phoneuser": "dial_in",
}
SYSTEM_BODY = "<systemEventMessage/>"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was shared in a message.

    url    where it lives, "" when that is no web address
    given  the address as it was given, for one that is none
    """

    id: str
    name: str
    url: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message with what hangs on it. `event` is empty for what people wrote; `sender_id` is in lower case.

    broken  what is wrong with attachments that could not be read
    """

    record: ChatRecord
    sender_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    event: Raw = field(default_factory=dict)
    broken: tuple[Malformed, ...] = ()

    def named(self, names: dict[str, str]) -> ChatRecord:
        """The record with the sender's name filled in, and with an event's sentence that can name people now."""
        if self.event:
            return replace(self.record, text=sentence(self.event, names))
        return replace(self.record, sender=self.record.sender or names.get(self.sender_id, ""))


def is_worth_keeping(raw: Raw) -> bool:
    """Somebody typing is no message."""
    return raw.get("messageType") != "typing"


def message(raw: Raw) -> Message:
    key = shape.text(raw, "id")
    event = shape.optional_object(raw, "eventDetail")
    body = shape.optional_object(raw, "body")
    content = shape.optional_text(body, "content")
    kind = shape.optional_text(raw, "messageType") or "message"
    is_system = bool(event) or content == SYSTEM_BODY or kind != "message"
    deleted_at = shape.optional_moment(raw, "deletedDateTime")
    sender_id, sender, sender_kind = _sender(shape.optional_object(raw, "from"))
    attached, broken = _attached(raw)
    attachments = _attachments(attached, broken)
    text, rich = ("", "") if is_system or deleted_at else _content(body, content, attachments)
    record = ChatRecord(
        key=key,
        sent_at=_sent_at(raw, key),
        sender=sender,
        sender_key=f"id:{sender_id}" if sender_id else "",
        sender_kind=sender_kind,
        kind="system" if is_system else "message",
        text=sentence(event, {}) if is_system else text,
        html=rich,
        edited_at=shape.optional_moment(raw, "lastEditedDateTime"),
        deleted_at=deleted_at,
        reply_to=_reply_to(raw, attached),
        extra=_extra(raw),
    )
    return Message(record, sender_id, attachments, (event or {"@odata.type": ""}) if is_system else {}, tuple(broken))


def member(raw: Raw) -> tuple[str, str]:
    """Id in lower case and name of a member of the chat."""
    return shape.optional_text(raw, "userId").lower(), shape.optional_text(raw, "displayName")


def _sent_at(raw: Raw, key: str) -> datetime:
    """The id is the time of sending in milliseconds: it serves where the time itself cannot be read."""
    try:
        return shape.moment(raw, "createdDateTime")
    except Malformed:
        try:
            return datetime.fromtimestamp(int(key) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            pass
        raise


def _sender(raw: Raw) -> tuple[str, str, str]:
    """Id in lower case, name and kind."""
    for role in ("user", "application", "device"):
        if who := shape.optional_object(raw, role):
            variety = shape.optional_text(who, "userIdentityType").lower()
            kind = KINDS.get(variety, "unknown") if role == "user" else "bot"
            return shape.optional_text(who, "id").lower(), shape.optional_text(who, "displayName"), kind
    return "", "", "unknown"


def _content(body: Raw, content: str, attachments: tuple[Attachment, ...]) -> tuple[str, str]:
    """Plain text and sanitised HTML. A message that is nothing but files reads as their names."""
    is_html = shape.optional_text(body, "contentType").lower() == "html"
    text, rich = (html.plain(content), html.sanitise(content)) if is_html else (content, "")
    return text or "\n".join(f"[{attachment.name}]" for attachment in attachments), rich


def _attached(raw: Raw) -> tuple[list[Raw], list[Malformed]]:
    """What hangs on the message. An attachment that cannot be read does not cost what was said."""
    value = raw.get("attachments")
    if value is None or isinstance(value, list):
        return _good(value or [], lambda each: shape.entry(each, "attachments"))
    return [], [shape.wrong("attachments", "a list", value)]


def _attachments(attached: list[Raw], broken: list[Malformed]) -> tuple[Attachment, ...]:
    """The files among them; what is wrong with the others is added to `broken`."""
    files = [each for each in attached if each.get("contentType") == "reference" and each.get("contentUrl")]
    found, odd = _good(files, _attachment)
    broken += odd
    return tuple(found)


def _attachment(raw: Raw) -> Attachment:
    """The sender's app writes the address: people click on it, so it has to be one of the web."""
    url, name = shape.text(raw, "contentUrl"), shape.optional_text(raw, "name")
    return Attachment(shape.text(raw, "id"), name, *((url, "") if is_web(url) else ("", url)))


def _good(members: Iterable[T], parse: Callable[[T], U]) -> tuple[list[U], list[Malformed]]:
    good, broken = [], []
    for member in members:
        try:
            good.append(parse(member))
        except Malformed as error:
            broken.append(error)
    return good, broken


def _reply_to(raw: Raw, attached: Iterable[Raw]) -> str:
    quoted = (each for each in attached if each.get("contentType") == "messageReference")
    return shape.optional_text(raw, "replyToId") or next((shape.optional_text(each, "id") for each in quoted), "")


def _extra(raw: Raw) -> dict[str, Any]:
    reactions = Counter(shape.optional_text(each, "reactionType") for each in shape.objects(raw, "reactions"))
    subject = shape.optional_text(raw, "subject")
    event = shape.optional_object(raw, "eventDetail")
    values = {"reactions": dict(reactions), "subject": subject, "event": dict(event)}
    return {name: value for name, value in values.items() if value}
