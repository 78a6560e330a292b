"""The one HTTP client that every provider uses: a token that stays at home, retry by error class, pacing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from conferences.providers.anonymity import bare_path
from conferences.providers.base import Link
from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    Rejected,
    ServerTrouble,
)
from conferences.providers.hung import Hung, hung_at
from conferences.providers.pacing import LocalPacer, Pacer
from conferences.providers.redaction import redact
from conferences.providers.retry import Retrier
from conferences.providers.retry_after import moment, retry_after_seconds
from conferences.providers.shared_pacing import PACER
from conferences.providers.transport import Answer, Transport
from conferences.providers.waiting import Clock, pause

LONG_TURN_SECONDS = 20.0


class Tokens(Protocol):
    """Where a client gets its bearer token; safe between threads."""

    def current(self) -> str: ...

    def renew(self, stale: str) -> str:
        """Another token than the one that was just refused."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One request to be made.

    url    a path below the provider's address, already percent-encoded; or the absolute link of a next page
    topic  what it is about: names the budget of asked-for waits, and helps to explain a refusal
    pace   what the call must be kept apart from, and by how many seconds
    """

    url: str
    topic: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: tuple[str, float] | None = None


Refuse = Callable[[Answer, Call], ProviderError | None]


class HttpClient:
    """Reads from one provider.

    refuse   tells the provider's own refusals apart; its None leaves an answer to the general rule
    examine  looks at every answer before any rule: for budgets and errors that only this provider words so
    """

    def __init__(
        self,
        transport: Transport,
        link: Link,
        *,
        tokens: Tokens | None = None,
        refuse: Refuse | None = None,
        examine: Refuse | None = None,
        clock: Clock | None = None,
        pacer: Pacer | None = None,
    ) -> None:
        self._transport = transport
        self._link = link
        self._tokens = tokens
        self._refuse = refuse
        self._examine = examine
        self._clock = clock or Clock()
        # A clock of one's own needs a pacer and a memory of one's own: their moments cannot be compared.
        self._pacer = pacer or (LocalPacer(clock.monotonic) if clock else PACER)
        hung = Hung(clock.monotonic) if clock else hung_at(transport.base_url)
        self._retrier = Retrier(transport.who, link, self._clock, hung=hung)

    @property
    def who(self) -> str:
        return self._transport.who

    def close(self) -> None:
        self._transport.close()

    def get_object(self, call: Call) -> dict[str, Any]:
        """The answer's JSON object. Raises the tree of `errors`, and Cancelled."""
        return self._retrier.run(lambda: self._fetch(call).object(), call.topic, bare_path(call.url))

    def get_text(self, call: Call) -> str:
        """The answer's body as UTF-8 text; what is no UTF-8 is replaced. Nothing, or a gateway's page, is no text."""
        return self._retrier.run(lambda: self._fetch(call).text(), call.topic, bare_path(call.url))

    def _fetch(self, call: Call) -> Answer:
        """A refused token is renewed, and the call replayed, once."""
        token = self._tokens.current() if self._tokens else ""
        answer, error = self._attempt(call, token)
        if self._tokens and isinstance(error, CredentialsRefused):
            answer, error = self._attempt(call, self._tokens.renew(token))
        if error is not None:
            raise error
        return answer

    def _attempt(self, call: Call, token: str) -> tuple[Answer, ProviderError | None]:
        if call.pace:
            self._wait_for_turn(*call.pace)
        secret = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._transport.exchange(
            "GET", call.url, params=call.params, headers=call.headers, secret_headers=secret
        )
        special = self._examine and self._examine(answer, call)
        error = special or trouble(answer, self._clock) or self._refusal(answer, call)
        if error is not None and token:
            error.detail = redact(error.detail, (token,))  # some gateways quote back what they were sent
        if call.pace and isinstance(error, RateLimited):
            self._tell_others(call.pace[0], error)
        return answer, error

    def _wait_for_turn(self, key: str, interval_seconds: float) -> None:
        seconds = self._pacer.reserve(key, interval_seconds)
        # The waits of a pace that is slow anyway would fill the log; one that others were asked for is news.
        why = (
            f"{self.who} asked another sync to slow down" if seconds > max(interval_seconds, LONG_TURN_SECONDS) else ""
        )
        pause(seconds, self._link, self._clock, why)
        self._link.stats.add(waited_seconds=seconds)

    def _tell_others(self, key: str, error: RateLimited) -> None:
        """All who draw on the same budget wait as this one was asked to, unless it is longer than anybody waits."""
        asked = error.retry_after or 0.0
        if not error.permanent and 0.0 < asked <= self._retrier.longest_asked_wait:
            self._pacer.push_back(key, asked)

    def _refusal(self, answer: Answer, call: Call) -> ProviderError | None:
        if answer.status < HTTPStatus.BAD_REQUEST:
            return None
        return (self._refuse and self._refuse(answer, call)) or refusal(answer)


def trouble(answer: Answer, clock: Clock) -> ProviderError | None:
    """What may pass by itself: throttling, and faults at the other end. None for everything else."""
    # A date is meant by the server's clock, which may be far from ours.
    now = moment(answer.headers.get("Date", "")) or clock.now()
    asked = retry_after_seconds(answer.headers.get("Retry-After"), now)
    if answer.status in {429, 509} or (answer.status in {413, 503} and asked is not None):
        return _rate_limited(answer, asked)
    if (
        answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or answer.status in {408, 425}
        or answer.status < HTTPStatus.OK
    ):
        return ServerTrouble(
            f"{answer.who} has a fault of its own at the moment ({answer.status}). Nothing is wrong at your end: try "
            "again in a few minutes.",
            status=answer.status,
            request_id=answer.request_id,
        )
    return None


def _rate_limited(answer: Answer, asked: float | None) -> RateLimited:
    error = RateLimited(
        f"{answer.who} limits how much may be asked. Try again in a few minutes: what is missing is fetched then.",
        status=answer.status,
        request_id=answer.request_id,
    )
    error.retry_after = asked
    return error


_REFUSALS: dict[int, tuple[type[ProviderError], str]] = {
    401: (CredentialsRefused, "does not accept our sign-in. An admin must check the connection's credentials"),
    402: (LicenceMissing, "says that the account has no licence for this"),
    403: (NotPermitted, "does not allow us to look at this. An admin must grant the permission"),
    404: (Missing, "does not know what we asked for. It may have been deleted"),
    410: (Missing, "no longer has what we asked for"),
}


def refusal(answer: Answer) -> ProviderError:
    """What a refusal means when the provider's own rules say nothing better."""
    kind, what = _REFUSALS.get(answer.status, (Rejected, f"did not accept our question ({answer.status})"))
    return kind(f"{answer.who} {what}.", status=answer.status, request_id=answer.request_id)
