"""How a person allows us to read in their name: sent to Zoom, back with a code, the code changed for tokens.

https://developers.zoom.us/docs/integrations/oauth/
"""

from collections.abc import Mapping
from contextlib import closing
from functools import partial
from urllib.parse import urlencode

from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import InvalidInput, Link
from conferences.providers.errors import CredentialsRefused, NotConfigured
from conferences.providers.policy import Policy, passing_trouble
from conferences.providers.retry import Retrier
from conferences.providers.transport import Limits
from conferences.providers.waiting import Clock
from zoom_integration.conf import Credentials, checked_oauth_url
from zoom_integration.identity import who_allowed
from zoom_integration.permission import Permission
from zoom_integration.sign_in_refusals import code_refusal, revocation_refusal
from zoom_integration.token_endpoint import WHO, TokenEndpoint

# Somebody sits before the page and waits.
LIMITS = Limits(connect_seconds=5.0, read_seconds=15.0, total_seconds=20.0)
_REVOKING = passing_trouble(Policy(tries=2, patience=2.0))


def authorization_url(credentials: Mapping[str, str], *, redirect_uri: str, state: str, challenge: str) -> str:
    """Without scopes: in Zoom the app itself says which it wants."""
    asked = {
        "response_type": "code",
        "client_id": _checked(credentials).client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{checked_oauth_url()}/authorize?{urlencode(asked)}"


def redeem(credentials: Mapping[str, str], *, code: str, verifier: str, redirect_uri: str, link: Link) -> Granted:
    """Asks once: Zoom takes a code once, whether its answer arrives or not. Then it is asked who allowed it."""
    checked, clock = _checked(credentials), Clock()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    refuse = partial(code_refusal, redirect_uri=redirect_uri, secrets=(checked.client_secret, code, verifier))
    with closing(TokenEndpoint(checked, link, clock, LIMITS)) as endpoint:
        permission = Permission.given(endpoint.ask(form, refuse), clock.now())
    account, person = who_allowed(permission.grant, link)
    return Granted(permission.tokens(), tuple(sorted(permission.scopes or ())), account, person)


def revoke(credentials: Mapping[str, str], tokens: Tokens, link: Link) -> None:
    """Zoom asks for the access token, which may be over by now; then the other one names the same permission."""
    checked, clock = _checked(credentials), Clock()
    known = [str(tokens[key]) for key in ("access_token", "refresh_token") if tokens.get(key)]
    refuse = partial(revocation_refusal, secrets=(checked.client_secret, *known))
    with closing(TokenEndpoint(checked, link, clock, LIMITS)) as endpoint:
        for token in known:
            ask = partial(endpoint.ask, {"token": token}, refuse, "/revoke")
            try:
                Retrier(WHO, link, clock, _REVOKING).run(ask, "revoke")
            except CredentialsRefused as error:
                if error.code != "token_unknown":
                    raise
            else:
                return


def _checked(credentials: Mapping[str, str]) -> Credentials:
    try:
        return Credentials.from_mapping(credentials)
    except InvalidInput as error:
        raise NotConfigured(f"The connection is incomplete. {error}", advice="Correct the connection.") from None
