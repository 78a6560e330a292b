"""Changes a refresh token for the next pair. Zoom takes each of them once and offers no second answer to the same
question, so nothing is asked again that may have arrived.

https://developers.zoom.us/docs/integrations/oauth/#refreshing-an-access-token
"""

import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from conferences.providers.base import Link
from conferences.providers.errors import RateLimited, Retryable, Unreachable
from conferences.providers.policy import Policy, passing_trouble
from conferences.providers.retry import Retrier
from conferences.providers.transport import Limits
from conferences.providers.waiting import Clock
from zoom_integration import advice
from zoom_integration.conf import Credentials
from zoom_integration.permission import Permission
from zoom_integration.sign_in_refusals import renewal_refusal
from zoom_integration.token_endpoint import WHO, TokenEndpoint

# Others wait for the row meanwhile. The last try begins within 6 + 4 seconds and takes 10.
LIMITS = Limits(connect_seconds=3.0, read_seconds=10.0, total_seconds=10.0)
POLICY = Policy(tries=4, first_wait=0.5, longest_wait=2.0, patience=4.0)
TRY_AGAIN_WITHIN_SECONDS = 6.0


def renewed(credentials: Credentials, stored: Permission, link: Link, clock: Clock) -> Permission:
    """Raises ReconnectNeeded when Zoom takes the refresh token no longer."""
    form = {"grant_type": "refresh_token", "refresh_token": stored.refresh_token}
    refuse = partial(renewal_refusal, secrets=(credentials.client_secret, stored.refresh_token))
    give_up_at = clock.monotonic() + TRY_AGAIN_WITHIN_SECONDS
    # Whoever cancels a run must not tear the one answer away that holds the next refresh token.
    undisturbed = replace(link, stop=threading.Event())
    with closing(TokenEndpoint(credentials, undisturbed, clock, LIMITS)) as endpoint:

        def ask() -> dict[str, object]:
            try:
                return endpoint.ask(form, refuse)
            except Retryable as error:
                if not _did_nothing(error):
                    raise _lost(error) from None
                error.permanent = clock.monotonic() >= give_up_at
                raise

        body = Retrier(WHO, link, clock, passing_trouble(POLICY)).run(ask, "renewal")
    return Permission.given(body, clock.now(), stored.refresh_token)


def _did_nothing(error: Retryable) -> bool:
    """Whether the refresh token is unused for certain."""
    never_sent = isinstance(error, Unreachable) and not error.sent
    return never_sent or isinstance(error, RateLimited) or error.status == HTTPStatus.SERVICE_UNAVAILABLE


def _lost(error: Retryable) -> Retryable:
    lost = type(error)(
        "Zoom did not answer properly while the permission of whoever connected it was renewed. Try again in a few "
        "minutes: what is missing is fetched then.",
        code="renewal_lost",
        advice=f"Should Zoom have renewed it all the same, the next sync asks to connect again. {advice.CONNECT}",
        detail=error.detail or error.message,
        status=error.status,
        request_id=error.request_id,
    )
    lost.permanent = True
    return lost
