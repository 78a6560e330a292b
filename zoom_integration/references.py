"""Which webinar or meeting a person means, from what they typed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from conferences.providers.base import InvalidInput, MeetingReference

# https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0063738: 9 digits in old ids, 10 and 11 in new ones.
_DIGITS = re.compile(r"\d{9,12}", re.ASCII)
_SPACED = re.compile(r"[\s\-\u00a0]+")
_ORGANIZER = re.compile(r"[^@\s/\\?#%]+@[^@\s/\\?#%]+\.[^@\s/\\?#%]+|[A-Za-z0-9_-]{16,64}", re.ASCII)
# What leads to a meeting: join, webinar, start, web client and registration pages.
_WEBINAR_PAGES = frozenset({"w"})
_PAGES = frozenset({"j", "s", "wc"}) | _WEBINAR_PAGES
_REGISTRATION = ("webinar/register", "meeting/register")
_OCCURRENCE = re.compile(r"(\d{9,12})@\d{4}-\d{2}-\d{2}T.*", re.ASCII)
_UUID = re.compile(r"[A-Za-z0-9+/_=-]{16,64}", re.ASCII)

NOT_A_LINK = "That is not a Zoom link: it begins with https:// and leads to zoom.us."
NO_NUMBER = (
    "That Zoom link does not contain the number of a webinar or meeting. Copy the join link from the invitation."
)
REGISTRATION = "That is a registration page. Copy the join link, or give the webinar's number."
NOTHING = "Give the webinar's or meeting's join link, its number, or the uuid of one occurrence."
NOT_AN_ID = "That is neither the number of a Zoom webinar or meeting (9 to 12 digits) nor the uuid of an occurrence."
NOT_A_HOST = "That is not a host: give their e-mail address or their Zoom user ID."


@dataclass(frozen=True, slots=True)
class JoinLink:
    """`kind` is "webinar" where the address says so, else ""."""

    url: str
    digits: str
    kind: str = ""


def refer(*, join_url: str, external_id: str, organizer: str, starts_at: datetime) -> MeetingReference:
    """A join link, a number in either field, or the uuid of an occurrence, kept as it is. Raises InvalidInput.

    All occurrences of a series share one number, so an id that is not given is made of the number and the start.
    """
    external_id = _decoded(external_id.strip())
    link = link_of(join_url) if join_url.strip() else None
    digits = (link.digits if link else "") or as_digits(external_id) or digits_of(external_id)
    if not (digits or external_id):
        raise InvalidInput(NOTHING, "join_url")
    is_number = not external_id or bool(as_digits(external_id))
    if not is_number and not (digits_of(external_id) or _UUID.fullmatch(external_id)):
        raise InvalidInput(NOT_AN_ID, "external_id")
    return MeetingReference(
        external_id=f"{digits}@{starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if is_number else external_id,
        series_id=digits,
        join_url=link.url if link else "",
        organizer=_organizer(organizer),
    )


def _decoded(uuid: str) -> str:
    """A uuid as it stands in an address, encoded once or twice, is the same uuid."""
    return unquote(unquote(uuid)) if "%" in uuid else uuid


def as_digits(text: str) -> str:
    """The number, however it is spaced; "" when it is none."""
    bare = _SPACED.sub("", text)
    return bare if _DIGITS.fullmatch(bare) else ""


def digits_of(external_id: str) -> str:
    """The number inside an id that was made of the number and the start; "" for a uuid."""
    match = _OCCURRENCE.fullmatch(external_id)
    return match[1] if match else ""


def link_of(text: str) -> JoinLink:
    """https://<any>.zoom.us/{j,w,s}/<digits>, the web client's /wc/<digits>/join and /wc/join/<digits>, or digits.

    Raises InvalidInput.
    """
    text = text.strip()
    if digits := as_digits(text):
        return JoinLink(f"https://zoom.us/j/{digits}", digits)
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
        odd = parts.username is not None or parts.port not in {None, 443}
    except ValueError:
        raise InvalidInput(NOT_A_LINK, "join_url") from None
    if parts.scheme.lower() != "https" or odd or not (host == "zoom.us" or host.endswith(".zoom.us")):
        raise InvalidInput(NOT_A_LINK, "join_url")
    if parts.path.strip("/").startswith(_REGISTRATION):
        raise InvalidInput(REGISTRATION, "join_url")
    page, *rest = parts.path.strip("/").split("/")
    digits = next((found for each in rest if (found := as_digits(each))), "")
    if page not in _PAGES or not digits:
        raise InvalidInput(NO_NUMBER, "join_url")
    return JoinLink(text, digits, "webinar" if page in _WEBINAR_PAGES else "")


def _organizer(text: str) -> str:
    text = text.strip()
    if text and not _ORGANIZER.fullmatch(text):
        raise InvalidInput(NOT_A_HOST, "organizer")
    return text.lower() if "@" in text else text
