"""What a provider declares of itself, and what the engine gives it to work with.

A provider is a Django app whose AppConfig derives from `ProviderConfig`; being installed is the whole plug.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.apps import AppConfig

from conferences.providers.authorization import Authorization, Granted, SharedTokens, Tokens
from conferences.providers.errors import ProviderError, Retryable
from conferences.providers.policy import BUILT_IN, Policies
from conferences.providers.records import Notice, Record
from conferences.providers.stats import Stats
from conferences.providers.window import Window


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask a provider for. `permissions` are the provider's own names, least privileged first."""

    name: str
    label: str
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One field of the credentials form. A secret one is write-only everywhere.

    choices   values with what people read of them; the first is taken when nothing was said
    required  False: may be left empty; what belongs together is examined by `ProviderConfig.examine`
    """

    key: str
    label: str
    secret: bool = False
    help_text: str = ""
    pattern: str = r"\S+"
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class MeetingReference:
    """What can be known of a meeting from its address and ids alone, without asking the provider.

    external_id  names this one occurrence within the connection
    series_id    is shared by the occurrences of a series; "" when unknown
    """

    external_id: str
    series_id: str = ""
    join_url: str = ""
    organizer: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The conference to be synced, and what earlier syncs learned of it (`detail`: the provider's own model)."""

    external_id: str
    title: str
    join_url: str
    organizer: str
    window: Window
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """The engine's side of a running sync, safe to use from a fetching thread.

    notify         puts a line into the activity log
    stop           set when the run was cancelled or lost: waits end early, and the next call raises Cancelled
    stats          every client of this link counts there what it costs
    authorization  what a person allowed in their own name, for connections that are authorised so
    tokens         what the connection got for itself, shared with every other worker; None where nobody shares
    example        in a check: a conference of the connection on which things may be tried out, harmlessly
    policies       how stubbornly what fails is tried again
    """

    notify: Callable[[Notice], None] = lambda _notice: None
    stop: threading.Event = field(default_factory=threading.Event)
    stats: Stats = field(default_factory=Stats)
    authorization: Authorization | None = None
    tokens: SharedTokens | None = None
    example: Target | None = None
    policies: Policies = field(default_factory=lambda: BUILT_IN)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a connection check: what an operation needs, what the credentials have, and what was tried.

    state    permitted; blocked or failed, and then `advice` says what to do; unknown when it could not be checked
    missing  those of the needed permissions that somebody has to grant; where it is permitted, for a part of it
    needs    the provider's names of all that are needed
    granted  those of them, or wider ones, that the credentials have; None when they do not tell
    probe    what was asked and what came back, in sentences; "" when nothing was tried
    code     of the error behind it
    """

    operation: str
    state: str
    message: str
    missing: tuple[str, ...] = ()
    advice: str = ""
    needs: tuple[str, ...] = ()
    granted: tuple[str, ...] | None = None
    probe: str = ""
    code: str = ""

    @property
    def steps(self) -> tuple[str, ...]:
        """The advice line by line; one that is to be copied stands alone."""
        return tuple(line.strip() for line in self.advice.splitlines() if line.strip())

    @classmethod
    def refused(cls, operation: str, error: ProviderError, **told: Any) -> "Check":
        """What an error means: trouble that will pass says nothing about permissions."""
        if isinstance(error, Retryable):
            message, advice = f"This could not be checked. {error.message}", error.advice or "Check again in a while."
            return cls(operation, "unknown", message, advice=advice, code=error.code, **told)
        return cls(operation, error.outcome, error.message, advice=error.advice, code=error.code, **told)


@dataclass(frozen=True, slots=True)
class Span:
    """Which occurrences of an account: those that start in `[starts_at, ends_at)`; None is as far as it goes."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Session(Protocol):
    """One conference being asked about. Operations may share what they learn through it."""

    def fetch(self, operation: str) -> Iterator[Record]: ...


class InvalidInput(ValueError):
    """What a person typed cannot be right; the text is one sentence for them. `field` names the culprit."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ProviderConfig(AppConfig):
    """Derive the app's config from this, set the names (`verbose_name` is for people), and fill in the methods."""

    # Django takes the one config of an apps module that is a default: the provider's, not this base beside it.
    default = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    slug: ClassVar[str]
    operations: ClassVar[tuple[Operation, ...]]
    credential_fields: ClassVar[tuple[CredentialField, ...]]
    # Best first: totals use the best source that has anything.
    attendance_sources: ClassVar[tuple[str, ...]] = ()
    # "app_label.Model", one-to-one with Conference through a field `conference`; or None.
    detail_model: ClassVar[str | None] = None
    # The fields of it that the conference's page shows to people, in this order. Never a secret.
    detail_fields: ClassVar[tuple[str, ...]] = ()
    # Whether the conferences of a whole account can be listed.
    discovers: ClassVar[bool] = False
    # Dotted path to a callable that returns the provider's stand-in; imported by the sandbox command only.
    sandbox: ClassVar[str | None] = None
    # Dotted path to a callable that tells what the stand-in plays, for `conferences.demo`.
    demo: ClassVar[str | None] = None

    def refer(self, *, join_url: str, external_id: str, organizer: str, window: Window) -> MeetingReference:
        """Reads what a person typed. Raises InvalidInput."""
        raise NotImplementedError

    def open(self, credentials: Mapping[str, str], target: Target, link: Link) -> AbstractContextManager[Session]:
        """A session for one conference. Does not touch the network itself."""
        raise NotImplementedError

    def discover(self, credentials: Mapping[str, str], span: Span, link: Link) -> Iterator[Record]:
        """ConferenceRecords of a whole account, with Notices and Problems. Only for providers that say `discovers`."""
        raise NotImplementedError

    def check(self, credentials: Mapping[str, str], link: Link) -> Iterable[Check]:
        """What the credentials are permitted to do, one line per operation. Raises nothing: a failure is a Check."""
        raise NotImplementedError

    def examine(self, credentials: Mapping[str, str]) -> None:
        """Whether the fields, each fine by itself, make sense together. Raises InvalidInput."""

    def authorizes(self, credentials: Mapping[str, str]) -> bool:  # noqa: ARG002 - for those that override it
        """Whether a person has to allow access in their own name before anything can be synced."""
        return False

    @property
    def offers_authorization(self) -> bool:
        """Whether any credentials can be such that a person has to."""
        return type(self).authorizes is not ProviderConfig.authorizes

    def authorization_url(
        self, credentials: Mapping[str, str], *, redirect_uri: str, state: str, challenge: str
    ) -> str:
        """Where to send that person: OAuth's authorisation code with PKCE. `challenge` is by the method S256."""
        raise NotImplementedError

    def redeem(
        self, credentials: Mapping[str, str], *, code: str, verifier: str, redirect_uri: str, link: Link
    ) -> Granted:
        """Changes the code that the person came back with for tokens, once. Raises ProviderError."""
        raise NotImplementedError

    def revoke(self, credentials: Mapping[str, str], tokens: Tokens, link: Link) -> None:
        """Tells the provider that the tokens are wanted no longer. Raises ProviderError."""
        raise NotImplementedError

    def secrets(self, credentials: Mapping[str, str]) -> tuple[str, ...]:
        """The values that must never be shown."""
        known = (credentials.get(field.key, "") for field in self.credential_fields if field.secret)
        return tuple(value for value in known if value)

    def operation(self, name: str) -> Operation:
        return next(operation for operation in self.operations if operation.name == name)
