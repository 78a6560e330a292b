"""What the engine opens: one conference, with a function for each operation; or an account, to be searched."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from conferences.providers.base import Link, Span, Target
from conferences.providers.records import Record
from zoom_integration.client import ZoomClient
from zoom_integration.conf import ALL, WEBINARS, Credentials
from zoom_integration.services import (
    absentees,
    attendance,
    chat,
    discovery,
    polls,
    questions,
    recordings,
    registrants,
    survey,
)
from zoom_integration.services.inquiry import Inquiry

OPERATIONS: Mapping[str, Callable[[Inquiry], Iterator[Record]]] = {
    "attendance": attendance.fetch,
    "recordings": recordings.fetch,
    "chat": chat.fetch,
    "registrants": registrants.fetch,
    "absentees": absentees.fetch,
    "questions": questions.fetch,
    "polls": polls.fetch,
    "survey": survey.fetch,
}

# What a search looks for, by the connection's choice.
KINDS: Mapping[str, tuple[str, ...]] = {WEBINARS: ("webinar",), ALL: ("webinar", "meeting")}


class ZoomSession:
    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry

    def fetch(self, operation: str) -> Iterator[Record]:
        return OPERATIONS[operation](self._inquiry)


@contextmanager
def opened(credentials: Mapping[str, str], target: Target, link: Link) -> Iterator[ZoomSession]:
    """Raises InvalidInput for credentials that cannot be any. Asks nobody anything yet."""
    client = ZoomClient(Credentials.from_mapping(credentials), link)
    try:
        yield ZoomSession(Inquiry(client, target))
    finally:
        client.close()


def discovered(credentials: Mapping[str, str], span: Span, link: Link) -> Iterator[Record]:
    """Raises InvalidInput, once it is read."""
    known = Credentials.from_mapping(credentials)
    client = ZoomClient(known, link)
    try:
        yield from discovery.discover(client, span, KINDS[known.sessions])
    finally:
        client.close()
