"""Which online meeting a conference is: from the join link or the digits, under its organiser's account.

An empty answer, a 404 and "3003" are three different things, and the instructor is told which.
https://learn.microsoft.com/graph/api/onlinemeeting-get
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conferences.providers import shape
from conferences.providers.base import InvalidInput, Target
from conferences.providers.errors import Blocked, Missing, NotConfigured
from conferences.providers.shape import Raw
from teams_integration import join_urls
from teams_integration.client import GraphClient
from teams_integration.join_urls import JoinLink
from teams_integration.parsers.meeting import Meeting
from teams_integration.parsers.meeting import meeting as parse

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

SHORT_LINK = (
    "A short Teams link or a meeting ID does not say who organises the meeting, so Microsoft cannot be asked about it."
)
FILL_IN_ORGANIZER = (
    "Fill in the organiser of this conference: their e-mail address, or their object ID in Microsoft Entra."
)
# A 404 that gives no reason of its own.
GENERIC = {"meeting_not_found", Missing.default_code}

NO_LINK = "This conference has neither a join link nor a meeting ID, so its meeting cannot be looked up."
FILL_IN_LINK = "Fill in the join link of this conference, as it stands in the meeting invitation."


@dataclass(frozen=True, slots=True)
class Address:
    """What the conference itself says of its meeting. At most one of link and digits is needed."""

    link: JoinLink | None
    digits: str
    organizer: str

    @classmethod
    def of(cls, target: Target) -> "Address":
        """Raises NotConfigured for a join link that is none (it was checked when it was typed, but rules change)."""
        try:
            link = join_urls.parse(target.join_url) if target.join_url else None
        except InvalidInput as error:
            raise NotConfigured(str(error), code="bad_join_url", advice=FILL_IN_LINK) from None
        digits = link.digits if link else join_urls.as_digits(target.external_id.partition("@")[0])
        return cls(link, digits, target.organizer.strip())

    @property
    def organizer_in_link(self) -> str:
        return self.link.key.organizer_id if self.link and self.link.key else ""

    @property
    def thread_id(self) -> str:
        return self.link.key.thread_id if self.link and self.link.key else ""

    @property
    def is_known(self) -> bool:
        return bool(self.link or self.digits)


def organizer_id(client: GraphClient, address: Address) -> str:
    """The organiser's object id. A look-up that is refused falls back to the one in the link."""
    if _GUID.fullmatch(address.organizer):
        return address.organizer.lower()
    if not address.organizer:
        if address.organizer_in_link:
            return address.organizer_in_link
        raise NotConfigured(SHORT_LINK if address.is_known else NO_LINK, code="no_organizer", advice=FILL_IN_ORGANIZER)
    try:
        return shape.text(client.user(address.organizer), "id").lower()
    except (Blocked, Missing) as error:
        if address.organizer_in_link:
            return address.organizer_in_link
        if isinstance(error, Missing):
            raise _no_such_organizer(address.organizer) from error
        raise


def insist_on_known(address: Address) -> None:
    """Raises NotConfigured when there is nothing to look a meeting up by."""
    if not address.is_known:
        raise NotConfigured(NO_LINK, code="no_join_url", advice=FILL_IN_LINK)


def resolve(client: GraphClient, address: Address, organizer: str) -> Meeting:
    """Raises Missing with code `meeting_unknown` (an empty answer) or `meeting_not_found` (404), and all refusals."""
    missing: Missing | None = None
    for answer in _lookups(client, address, organizer):
        try:
            found = answer()
        except Missing as error:
            missing = error
            continue
        meetings = [parse(shape.entry(raw, "value"), organizer) for raw in found]
        if fitting := next((meeting for meeting in meetings if not _is_another(meeting, address)), None):
            return fitting
    if missing is None:
        raise _unknown()
    raise _not_found(missing) if missing.code in GENERIC else missing


@dataclass(frozen=True, slots=True)
class _Lookup:
    client: GraphClient
    organizer: str
    join_url: str = ""
    digits: str = ""

    def __call__(self) -> list[Raw]:
        if self.join_url:
            return list(self.client.meetings_by_join_url(self.organizer, self.join_url))
        return list(self.client.meetings_by_digits(self.organizer, self.digits))


def _lookups(client: GraphClient, address: Address, organizer: str) -> Iterator[_Lookup]:
    """The link as it was given; then as Graph would spell it, of late or long ago; digits for short links."""
    if address.digits:
        yield _Lookup(client, organizer, digits=address.digits)
    # A short link without its token was made of the digits: no meeting is stored under it.
    if address.link and (address.link.key or "?" in address.link.url):
        for url in dict.fromkeys((address.link.url, *address.link.spellings)):
            yield _Lookup(client, organizer, join_url=url)


def _is_another(meeting: Meeting, address: Address) -> bool:
    """Whether Graph's own link contradicts ours: what it answers is not always what was asked for."""
    theirs = join_urls.parse_or_none(meeting.join_url) if meeting.join_url else None
    if address.link is None or address.link.key is None or theirs is None or theirs.key is None:
        return False
    return not address.link.same_meeting(theirs)


def _no_such_organizer(organizer: str) -> NotConfigured:
    return NotConfigured(
        f"There is no account “{organizer}” in this Microsoft tenant, so the meeting cannot be looked up.",
        code="organizer_not_found",
        advice="Check the organiser's e-mail address, or enter their object ID from Microsoft Entra.",
    )


def _not_found(error: Missing) -> Missing:
    return Missing(
        "Microsoft does not know this meeting. Instant meetings are never listed there, and others only until 60 days "
        "after they ended.",
        code="meeting_not_found",
        detail=error.detail,
        status=error.status,
        provider_code=error.provider_code,
        request_id=error.request_id,
    )


def _unknown() -> Missing:
    return Missing(
        "The organiser has no meeting with this link. It may belong to somebody else, or it was an instant meeting.",
        code="meeting_unknown",
        advice="Check the join link and the organiser of this conference.",
    )
