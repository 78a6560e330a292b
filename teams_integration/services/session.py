"""What the engine opens for one conference: one function per operation, over shared look-ups."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from conferences.providers.base import Link, Target
from conferences.providers.records import Record
from teams_integration.client import GraphClient
from teams_integration.conf import Credentials
from teams_integration.services import attendance, chat, files, recordings
from teams_integration.services.inquiry import Inquiry

OPERATIONS: Mapping[str, Callable[[Inquiry], Iterator[Record]]] = {
    "attendance": attendance.fetch,
    "recordings": recordings.fetch,
    "chat": chat.fetch,
    "files": files.fetch,
}


class TeamsSession:
    def __init__(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry

    def fetch(self, operation: str) -> Iterator[Record]:
        return OPERATIONS[operation](self._inquiry)


@contextmanager
def opened(credentials: Mapping[str, str], target: Target, link: Link) -> Iterator[TeamsSession]:
    """Raises InvalidInput for credentials that cannot be any. Asks nobody anything yet."""
    known = Credentials.from_mapping(credentials)
    client = GraphClient(known, link)
    try:
        yield TeamsSession(Inquiry(client, target, known.tenant_id))
    finally:
        client.close()
