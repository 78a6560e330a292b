"""An account's credentials, checked before anything is sent, and where Zoom is to be found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from conferences.providers.base import InvalidInput
from conferences.providers.errors import NotConfigured
from conferences.providers.origin import Origin

WHO = "Zoom"

_PRINTABLE = re.compile(r"[!-~]+")
_HTTPS_PORT = 443
_LABELS = {"account_id": "account ID", "client_id": "client ID", "client_secret": "client secret"}

# How the connection signs in: as the account itself, or in the name of a person who allowed it.
ACCOUNT, PERSON = "account", "person"
SIGN_INS = (
    (ACCOUNT, "As the account (Server-to-Server OAuth app)"),
    (PERSON, "In the name of a person who connects it (General app)"),
)
# https://developers.zoom.us/docs/api/rate-limits/
PRO, FREE, BUSINESS = "pro", "free", "business"
PLANS = ((PRO, "Pro"), (FREE, "Free"), (BUSINESS, "Business, Education or Enterprise"))
WEBINARS, ALL = "webinars", "all"
SESSIONS = ((WEBINARS, "Webinars"), (ALL, "Webinars and meetings"))


@dataclass(frozen=True, slots=True)
class Credentials:
    """An app of the account. `account_id` is empty where a person signs in: that of their account is learned then.

    plan      the account's, which decides how much may be asked
    sessions  what a sync of the whole account looks for
    """

    account_id: str
    client_id: str
    client_secret: str = field(repr=False)
    sign_in: str = ACCOUNT
    plan: str = PRO
    sessions: str = WEBINARS

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> "Credentials":
        """Raises InvalidInput. Surrounding white space is a slip of copying and is dropped."""
        values = {key: str(mapping.get(key) or "").strip() for key in _LABELS}
        sign_in = _chosen(mapping, "sign_in", SIGN_INS)
        if sign_in == PERSON:
            values["account_id"] = ""
        for key, label in _LABELS.items():
            if not values[key] and key == "account_id" and sign_in == PERSON:
                continue
            if not values[key]:
                raise InvalidInput(f"The {label} is missing.", key)
            if not _PRINTABLE.fullmatch(values[key]):
                raise InvalidInput(
                    f"The {label} contains a space or a character that none has. Copy it again from the app's page "
                    "“App credentials”.",
                    key,
                )
        if ":" in values["client_id"]:
            raise InvalidInput("The client ID contains a colon, which none has. Copy it again.", "client_id")
        return cls(
            **values,
            sign_in=sign_in,
            plan=_chosen(mapping, "plan", PLANS),
            sessions=_chosen(mapping, "sessions", SESSIONS),
        )


def _chosen(mapping: Mapping[str, str], key: str, choices: tuple[tuple[str, str], ...]) -> str:
    value = str(mapping.get(key) or choices[0][0])
    if value not in {choice for choice, _ in choices}:
        raise InvalidInput(f"“{key}” must be one of: {', '.join(choice for choice, _ in choices)}.", key)
    return value


def oauth_url() -> str:
    return str(settings.ZOOM_OAUTH_URL)


def checked_oauth_url() -> str:
    """Fit for sending a browser there."""
    if Origin.of(oauth_url()) is None:
        raise NotConfigured(
            "The address of Zoom's sign-in is not set up correctly, so nobody can be sent there.",
            code="bad_provider_url",
            advice="Check ZOOM_OAUTH_URL in this server's environment.",
        )
    return oauth_url().rstrip("/")


def configured_api_url() -> str:
    return str(settings.ZOOM_API_URL)


def is_zooms(url: str) -> bool:
    """Whether an address is Zoom's own: https, at zoom.us or below it."""
    origin = Origin.of(url)
    return (
        origin is not None
        and origin.holds(url)
        and (origin.scheme, origin.port) == ("https", _HTTPS_PORT)
        and (origin.host == "zoom.us" or origin.host.endswith(".zoom.us"))
    )


def api_url(told: object) -> str:
    """The account's own region as the sign-in told it, where that can be trusted; else what is configured.

    A stand-in that is configured stays in place even when its sign-in names the real Zoom.
    https://developers.zoom.us/docs/api/using-zoom-apis/
    """
    configured = configured_api_url()
    if isinstance(told, str) and is_zooms(told) and is_zooms(configured):
        origin = Origin.of(told)
        if origin is not None:
            return f"https://{origin.host}/v2"
    return configured
