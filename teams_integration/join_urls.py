"""What a Teams join link says by itself: which thread, which tenant, which organiser, or which digits."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from conferences.providers.base import InvalidInput

HOSTS = frozenset(
    {
        "teams.microsoft.com",
        "teams.cloud.microsoft",
        "teams.microsoft.us",
        "gov.teams.microsoft.us",
        "dod.teams.microsoft.us",
    }
)
DIGITS = re.compile(r"\d{9,16}", re.ASCII)

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_CLASSIC = re.compile(r"/l/meetup-join/(?P<thread>19:[^/?#\s]+)(?:/(?P<message>\d+))?")
_SHORT = re.compile(r"/meet/(?P<digits>\d{9,16})(?=[/?#]|$)", re.ASCII)
_TENANT = re.compile(rf"""["']?Tid["']?\s*[:=]\s*["']?({_GUID})""", re.IGNORECASE)
_ORGANIZER = re.compile(rf"""["']?Oid["']?\s*[:=]\s*["']?({_GUID})""", re.IGNORECASE)
_DECODINGS = 6

NO_LINK = (
    "That is not a Teams join link. Copy the link from the meeting invitation; it starts with "
    "https://teams.microsoft.com/l/meetup-join/ or https://teams.microsoft.com/meet/."
)
PERSONAL = (
    "That is a link of the personal version of Teams (teams.live.com). Only meetings of a work or school account can "
    "be synced."
)


@dataclass(frozen=True, slots=True)
class MeetingKey:
    """What makes two links the same meeting. GUIDs are in lower case; "" is not known."""

    thread_id: str
    message_id: str = "0"
    tenant_id: str = ""
    organizer_id: str = ""

    def same_meeting(self, other: "MeetingKey") -> bool:
        """Thread and message decide; tenant and organiser only where both links name them."""
        return (
            (self.thread_id, self.message_id) == (other.thread_id, other.message_id)
            and _agree(self.tenant_id, other.tenant_id)
            and _agree(self.organizer_id, other.organizer_id)
        )


@dataclass(frozen=True, slots=True)
class JoinLink:
    """A link in one of its two forms: classic ones have a key, short ones have digits."""

    url: str
    key: MeetingKey | None = None
    digits: str = ""

    @property
    def is_channel(self) -> bool:
        return self.key is not None and is_channel_thread(self.key.thread_id)

    @property
    def series_id(self) -> str:
        """A channel has one thread for all its meetings: there the message tells them apart."""
        if self.key is None:
            return self.digits
        return f"{self.key.thread_id}/{self.key.message_id}" if self.is_channel else self.key.thread_id

    @property
    def canonical_url(self) -> str:
        """The classic form spelled as Graph stores it, for a link that a mail program has spelled otherwise."""
        if self.key is None or not (self.key.tenant_id and self.key.organizer_id):
            return self.url
        thread = _lower_escapes(quote(self.key.thread_id, safe=""))
        context = f'{{"Tid":"{self.key.tenant_id}","Oid":"{self.key.organizer_id}"}}'
        escaped = _lower_escapes(quote(context, safe=""))
        return f"https://teams.microsoft.com/l/meetup-join/{thread}/{self.key.message_id}?context={escaped}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """Graph compares links letter by letter, and stores some with escapes in upper case."""
        return self.canonical_url, _upper_escapes(self.canonical_url)

    def same_meeting(self, other: "JoinLink") -> bool:
        if self.key and other.key:
            return self.key.same_meeting(other.key)
        return bool(self.digits) and self.digits == other.digits


def is_channel_thread(thread_id: str) -> bool:
    return thread_id.endswith(("@thread.tacv2", "@thread.skype"))


def as_digits(text: str) -> str:
    """The digits of a meeting ID, which people type with blanks; "" when it is none."""
    squeezed = re.sub(r"[\s\u00a0-]+", "", text)
    return squeezed if DIGITS.fullmatch(squeezed) else ""


def parse(text: str) -> JoinLink:
    """Raises InvalidInput with one sentence for whoever typed it."""
    url = _unwrapped(text.strip().strip("<>").strip())
    host = _host(url)
    if host == "teams.live.com" or host.endswith(".teams.live.com"):
        raise InvalidInput(PERSONAL, "join_url")
    if host not in HOSTS:
        raise InvalidInput(NO_LINK, "join_url")
    decoded = _decoded(url)
    if classic := _CLASSIC.search(decoded):
        return JoinLink(url, _key(classic, decoded))
    if short := _SHORT.search(urlsplit(url).path):
        return JoinLink(url, digits=short["digits"])
    raise InvalidInput(NO_LINK, "join_url")


def parse_or_none(text: str) -> JoinLink | None:
    """For links that come from Graph, where one that we cannot read is simply not ours."""
    try:
        return parse(text)
    except InvalidInput:
        return None


def _key(classic: re.Match[str], decoded: str) -> MeetingKey:
    tenant, organizer = _TENANT.search(decoded), _ORGANIZER.search(decoded)
    return MeetingKey(
        thread_id=classic["thread"],
        message_id=classic["message"] or "0",
        tenant_id=tenant[1].lower() if tenant else "",
        organizer_id=organizer[1].lower() if organizer else "",
    )


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme == "https" and "@" not in parts.netloc else ""
    except ValueError:
        return ""


def _unwrapped(url: str) -> str:
    """A link that Outlook's "safe links" have wrapped carries the real one in `url`."""
    if not _host(url).endswith(".safelinks.protection.outlook.com"):
        return url
    return next(iter(parse_qs(urlsplit(url).query).get("url", [])), url)


def _decoded(url: str) -> str:
    for _ in range(_DECODINGS):
        decoded = unquote(url)
        if decoded == url:
            break
        url = decoded
    return url


def _lower_escapes(escaped: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), escaped)


def _upper_escapes(escaped: str) -> str:
    return re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), escaped, flags=re.IGNORECASE)
