"""A person goes to a provider, allows access in their own name, and comes back: OAuth's authorisation code with PKCE.

https://www.rfc-editor.org/rfc/rfc7636 and https://www.rfc-editor.org/rfc/rfc9700
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from conferences.models import Authorization, AuthorizationRequest, Connection
from conferences.models.fields import Undecryptable
from conferences.patience import PAGE_SECONDS, TookTooLong, within
from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import InvalidInput, Link, ProviderConfig
from conferences.providers.errors import ProviderError
from conferences.providers.redaction import guarding
from conferences.sync.authorization import OtherAccount, forget, keep, secret_values
from conferences.sync.events import presentable

LIFE = timedelta(minutes=10)
# A code can be redeemed once: whoever leaves too early has to begin again.
REDEEMING_SECONDS = 25.0


class CannotConnect(Exception):
    """Nothing was changed; str() is what happened and what to do, for the person who tried."""


@dataclass(frozen=True, slots=True)
class Connected:
    """Whom the provider knows who allowed it now, and before; "" where it did not tell.

    is_compared  False: the connection is of an account, and the provider did not tell of which this is
    """

    person: str
    before: str
    is_compared: bool


def begin(connection: Connection, user: User, session_key: str, redirect_uri: str) -> str:
    """Where to send the person. Raises CannotConnect, InvalidInput, Undecryptable, UnknownProvider."""
    config, credentials = connection.config, connection.credentials.reveal()
    if not config.authorizes(credentials):
        raise CannotConnect(f"“{connection.name}” signs in by itself: there is nothing to connect.")
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    with _discreet(config, credentials):
        url = config.authorization_url(
            credentials, redirect_uri=redirect_uri, state=state, challenge=_challenge(verifier)
        )
    _sweep()
    AuthorizationRequest.objects.create(
        state_digest=_digest(state),
        # The provider insists on the very same address when the code is redeemed.
        verifier={"verifier": verifier, "redirect_uri": redirect_uri},
        session_digest=_digest(session_key),
        connection=connection,
        user=user,
    )
    return url


def claim(state: str, user_id: int | None, session_key: str) -> AuthorizationRequest:
    """The request that the person came back for; nobody can claim it again. Raises CannotConnect."""
    request = AuthorizationRequest.objects.select_related("connection").filter(state_digest=_digest(state)).first()
    if request is None:
        raise CannotConnect("This way back has been used already, has expired, or was never given out by this site.")
    if (request.user_id, request.session_digest) != (user_id, _digest(session_key)):
        raise CannotConnect("This was begun by somebody else, or before you signed in to this site again.")
    # Of two that came at once, only one deletes the row.
    deleted, _ = AuthorizationRequest.objects.filter(pk=request.pk).delete()
    if not deleted:
        raise CannotConnect("This way back has been used already.")
    if request.created_at < timezone.now() - LIFE:
        raise CannotConnect(f"This took longer than {LIFE.seconds // 60} minutes, so it has expired.")
    return request


def redeem(request: AuthorizationRequest, code: str) -> Connected:
    """Stores what the provider gives for the code, in place of what was allowed before.

    What opens another account than the one that was synced is handed back.

    Raises CannotConnect, InvalidInput, Undecryptable, UnknownProvider.
    """
    connection, config = request.connection, request.connection.config
    credentials, sealed, link = connection.credentials.reveal(), request.verifier.reveal(), Link()

    def ask() -> Granted:
        with _discreet(config, credentials, code, sealed["verifier"]):
            return config.redeem(credentials, code=code, link=link, **sealed)

    try:
        granted = within(REDEEMING_SECONDS, link, ask)
    except TookTooLong:
        raise CannotConnect(f"{config.verbose_name} did not answer in time.") from None
    try:
        before = keep(connection, granted, request.user)
    except OtherAccount:
        raise CannotConnect(presentable(_handed_back(connection, granted))) from None
    return Connected(presentable(granted.person), before, bool(granted.account) or not connection.account)


def _handed_back(connection: Connection, granted: Granted) -> str:
    """Why, and what the provider said to it."""
    label, who = connection.config.verbose_name, granted.person or "you"
    told = (
        f"“{connection.name}” is of the {label} account {connection.account}, but {who} allowed access to the account "
        f"{granted.account}: sign in at {label} with the right account and connect again"
    )
    alive = Authorization.objects.filter(ended_at=None, connection__provider=connection.provider)
    own = alive.filter(connection__account=granted.account).select_related("connection").first()
    if own is not None:
        # A person allows an app once: to revoke that would cut off the connection that lives of it.
        return f"{told}; the other one has a connection of its own, “{own.connection.name}”."
    told = f"{told}, or add a connection of its own for the other one."
    why = _why_honoured(connection, lambda: granted.tokens)
    return f"{told} {label} may still honour what was allowed just now: {why}" if why else told


def disconnect(connection: Connection) -> str:
    """Forgets the tokens, whatever the provider says to that. Returns why it may still honour them, "" if it does not.

    Raises UnknownProvider.
    """
    why: list[str] = []

    def revoke(authorization: Authorization) -> None:
        if authorization.is_live:
            why.append(_why_honoured(connection, authorization.tokens.reveal))

    forget(connection, revoke)
    return " ".join(why[-1:])


def _why_honoured(connection: Connection, revealed: Callable[[], Tokens]) -> str:
    """Tells the provider that these tokens are wanted no longer. Returns as `disconnect`."""
    try:
        _revoke(connection, revealed())
    except (CannotConnect, InvalidInput, Undecryptable) as error:
        return str(error)
    except TookTooLong:
        return f"{connection.config.verbose_name} did not answer in time."
    return ""


def _revoke(connection: Connection, tokens: Tokens) -> None:
    config, credentials, link = connection.config, connection.credentials.reveal(), Link()

    def ask() -> None:
        with _discreet(config, credentials, *secret_values(tokens)):
            config.revoke(credentials, tokens, link)

    within(PAGE_SECONDS, link, ask)


@contextmanager
def _discreet(config: ProviderConfig, credentials: Mapping[str, str], *more: str) -> Iterator[None]:
    """No text shows a secret meanwhile, and neither does the refusal that comes of it."""
    with guarding(*config.secrets(credentials), *more):
        try:
            yield
        except ProviderError as error:
            told = " ".join(part for part in (error.message, error.advice) if part)
            raise CannotConnect(presentable(told)) from error


def _sweep() -> None:
    AuthorizationRequest.objects.filter(created_at__lt=timezone.now() - LIFE).delete()


def _challenge(verifier: str) -> str:
    """By the method S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
