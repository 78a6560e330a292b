"""Who has just allowed us to read in their name, and of which account they are.

https://developers.zoom.us/docs/api/users/#tag/users/GET/users/{userId}
"""

from contextlib import closing
from http import HTTPStatus

from conferences.providers.base import Link
from conferences.providers.errors import ProviderError
from conferences.providers.transport import Limits, Transport
from zoom_integration.conf import WHO
from zoom_integration.grants import Grant

# Of what whoever redeems a code waits for, little is left.
LIMITS = Limits(connect_seconds=2.0, read_seconds=4.0, total_seconds=4.0)
_LONGEST = 200


def who_allowed(grant: Grant, link: Link) -> tuple[str, str]:
    """The account's id, and the person's address or name; "" for what Zoom does not tell.

    Asked once, and nothing is raised: the app may lack the scope, and a fault must not cost the tokens. Raises
    Cancelled only.
    """
    try:
        told = _told(grant, link)
    except ProviderError:
        return "", ""
    return _text(told, "account_id"), _text(told, "email") or _text(told, "display_name")


def _told(grant: Grant, link: Link) -> dict[str, object]:
    transport = Transport(grant.api_url, who=WHO, request_id_header="x-zm-trackingid", limits=LIMITS, link=link)
    with closing(transport):
        answer = transport.exchange(
            "GET",
            "/users/me",
            headers={"Accept": "application/json"},
            secret_headers={"Authorization": f"Bearer {grant.token}"},
        )
    return answer.object() if answer.status == HTTPStatus.OK else {}


def _text(told: dict[str, object], key: str) -> str:
    """An id that is cut off would be another one."""
    value = told.get(key)
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""
