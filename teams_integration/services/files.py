"""Files shared in the meeting's chat, resolved to name, size and link.

Only attachments are followed: the folder of chat files lies in the sender's OneDrive, under a name in their language.
https://learn.microsoft.com/graph/api/shares-get
"""

from collections.abc import Iterator

from conferences.providers.errors import Missing, ProviderError, Retryable
from conferences.providers.records import FileRecord, FlawRecord, Problem, Record
from teams_integration.parsers import files as parser
from teams_integration.parsers.chat import Attachment, Message
from teams_integration.services.inquiry import Inquiry

NOTHING = "No files were shared in the meeting's chat."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started():
        yield early
        return
    resolver = _Resolver(inquiry)
    silent = True
    for message, attachment in _attachments(inquiry):
        if isinstance(message, Problem):
            silent = False
            yield message
        elif attachment is not None:
            silent = False
            yield from resolver.resolve(message, attachment)
    if silent:
        yield inquiry.nothing_yet(NOTHING)


def _attachments(inquiry: Inquiry) -> Iterator[tuple[Message | Problem, Attachment | None]]:
    """Each file once, as first shared in the listing; the chat's own problems pass through."""
    seen: set[str] = set()
    for entry in inquiry.chat:
        if isinstance(entry, Problem):
            yield entry, None
            continue
        if isinstance(entry, FlawRecord):
            continue  # the chat's to list
        for attachment in entry.attachments:
            if attachment.id not in seen:
                seen.add(attachment.id)
                yield entry, attachment


class _Resolver:
    """The link that the message gave is kept whatever becomes of the look-up. A refusal is told once, not per file."""

    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._told: set[str] = set()
        self._given_up = False

    def resolve(self, message: Message, attachment: Attachment) -> Iterator[Record]:
        status = "unresolved"
        if attachment.url and not self._given_up:
            try:
                yield self._available(message, attachment)
                return
            except Missing:
                status = "missing"
            except ProviderError as error:
                self._given_up = isinstance(error, Retryable)
                yield from self._tell(error)
        yield FileRecord(
            key=attachment.id,
            name=attachment.name,
            url=attachment.url,
            shared_by=self._inquiry.sender_of(message),
            shared_at=message.record.sent_at,
            status=status,
            extra={"given_url": attachment.given} if attachment.given else {},
        )

    def _available(self, message: Message, attachment: Attachment) -> FileRecord:
        item = parser.drive_item(self._inquiry.client.shared_item(attachment.url))
        return FileRecord(
            key=attachment.id,
            name=item.name or attachment.name,
            url=item.url or attachment.url,
            size=item.size,
            mime_type=item.mime_type,
            shared_by=self._inquiry.sender_of(message),
            shared_at=message.record.sent_at,
        )

    def _tell(self, error: ProviderError) -> Iterator[Problem]:
        if error.code not in self._told:
            self._told.add(error.code)
            yield Problem(error)
