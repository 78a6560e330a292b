"""One conference being asked about: what several operations need is asked for once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from conferences.providers.base import Target
from conferences.providers.errors import Missing, NotSupported, ProviderError
from conferences.providers.once import Answer, Listing
from conferences.providers.records import NothingFound
from teams_integration import join_urls
from teams_integration.client import GraphClient
from teams_integration.conf import is_guid
from teams_integration.join_urls import JoinLink
from teams_integration.parsers.chat import Message
from teams_integration.parsers.meeting import Meeting
from teams_integration.services import chat_log, meeting

# Reports, call records and recordings are usually there within the hour, and always by then.
SETTLING = timedelta(hours=3)
ASK_AGAIN_AFTER = timedelta(minutes=30)


def _now() -> datetime:
    return datetime.now(UTC)


def _tenant_in(link: JoinLink | None) -> str:
    return link.key.tenant_id if link and link.key else ""


class Inquiry:
    """`tenant_id` is the tenant of the credentials; `now` is the clock."""

    def __init__(self, client: GraphClient, target: Target, tenant_id: str, now: Callable[[], datetime] = _now) -> None:
        self.client = client
        self.target = target
        self.window = target.window
        self.now = now
        # Credentials may name the tenant by its domain, which no identity does.
        self._tenant_id = tenant_id.lower() if is_guid(tenant_id) else ""
        self.address = Answer(lambda: meeting.Address.of(target))
        self.organizer_id = Answer(lambda: meeting.organizer_id(client, self.address()))
        self.meeting = Answer(self._resolve)
        self.thread_id = Answer(self._find_thread)
        self.chat = Listing(lambda: chat_log.messages(client, self.thread_id(), target.window, now()))
        self.names = Answer(lambda: chat_log.names(client, self.thread_id()))

    @property
    def home_tenants(self) -> frozenset[str]:
        """Whose members are not external: the tenant asked, and the one that the meeting belongs to. May be unknown."""
        tenants = {self._tenant_id, _tenant_in(self.address().link)} - {""}
        return frozenset(tenants or {_tenant_in(self._link_of_meeting())} - {""})

    def _link_of_meeting(self) -> JoinLink | None:
        try:
            return join_urls.parse_or_none(self.meeting().join_url)
        except ProviderError:
            return None

    @property
    def is_channel(self) -> bool:
        return join_urls.is_channel_thread(self.address().thread_id)

    @property
    def has_ended(self) -> bool:
        return self.now() >= self.window.ends_at

    @property
    def is_settling(self) -> bool:
        """What the meeting left behind may still be on its way."""
        return self.is_fresh(self.window.ends_at)

    def is_fresh(self, ended_at: datetime | None) -> bool:
        return ended_at is not None and self.now() < ended_at + SETTLING

    def not_started(self) -> NothingFound | None:
        if self.now() >= self.window.opens_at:
            return None
        return NothingFound("not_started", "The meeting has not started yet.", retry_at=self.window.ends_at)

    def nothing(self, not_ready: str, none_found: str) -> NothingFound:
        """Says which of the two it is: not yet, or never."""
        now = self.now()
        if now < self.window.starts_at:
            return NothingFound("not_started", "The meeting has not started yet.", retry_at=self.window.ends_at)
        return self.not_ready(not_ready) if self.is_settling else NothingFound("none_found", none_found)

    def not_ready(self, message: str) -> NothingFound:
        return NothingFound("not_ready", message, retry_at=max(self.now(), self.window.ends_at) + ASK_AGAIN_AFTER)

    def nothing_yet(self, message: str) -> NothingFound:
        """For what grows while the meeting runs: nothing so far, or nothing at all."""
        code = "none_found" if self.has_ended else "not_ready"
        return NothingFound(code, message, retry_at=None if self.has_ended else self.window.ends_at)

    def sender_of(self, message: Message) -> str:
        return message.record.sender or (message.sender_id and self.names().get(message.sender_id, ""))

    def _find_thread(self) -> str:
        """From the join link even where the meeting itself may not be looked up."""
        if in_link := self.address().thread_id:
            return in_link
        try:
            thread_id = self.meeting().thread_id
        except Missing as error:
            raise NotSupported(
                f"{error.message} Without the meeting, its chat cannot be found.",
                code=error.code,
                advice=meeting.FILL_IN_LINK,
                detail=error.detail,
            ) from error
        if thread_id:
            return thread_id
        raise NotSupported("Microsoft names no chat for this meeting.", code="no_chat")

    def _resolve(self) -> Meeting:
        address = self.address()
        meeting.insist_on_known(address)
        return meeting.resolve(self.client, address, self.organizer_id())
