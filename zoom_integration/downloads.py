"""Fetches the text of a recording's files: the token goes to Zoom alone, and never along with a redirect elsewhere.

https://developers.zoom.us/docs/api/rest/using-zoom-apis/#download-files
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin

from conferences.providers.base import Link
from conferences.providers.errors import CredentialsRefused, ProviderError
from conferences.providers.http import Call, refusal, trouble
from conferences.providers.origin import Origin, insist
from conferences.providers.payload import malformed
from conferences.providers.retry import Retrier
from conferences.providers.transport import Answer, Limits, Transport
from conferences.providers.waiting import Clock
from zoom_integration.conf import WHO, is_zooms
from zoom_integration.grants import Tokens
from zoom_integration.limits import limited
from zoom_integration.refusals import refuse

MAX_REDIRECTS = 3
LIMITS = Limits(max_bytes=16 * 1024 * 1024)
_TOPIC = "download"


@dataclass(frozen=True, slots=True)
class Downloads:
    tokens: Tokens
    link: Link
    clock: Clock | None

    def text(self, url: str) -> str:
        """Raises the tree of `errors`: Malformed "foreign_host" for an address that is not Zoom's."""
        clock = self.clock or Clock()
        return Retrier(WHO, self.link, clock).run(lambda: self._fetched(url, clock).text(), _TOPIC)

    def _fetched(self, url: str, clock: Clock) -> Answer:
        """A refused token is renewed, and the download tried again, once."""
        grant = self.tokens.grant()
        home = _home(grant.api_url)
        # A stand-in's token is nothing that the real Zoom should see.
        if not (is_zooms(url) and is_zooms(grant.api_url)):
            insist(home, url, WHO)
        answer = self._followed(url, grant.token, home)
        error = _trouble(answer, clock)
        if isinstance(error, CredentialsRefused):
            answer = self._followed(url, self.tokens.renew(grant.token), home)
            error = _trouble(answer, clock)
        if error is not None:
            raise error
        return answer

    def _followed(self, url: str, token: str, home: Origin) -> Answer:
        first = Origin.of(url)
        headers = {"Authorization": f"Bearer {token}"}
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._exchange(url, headers)
            if not HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
                return answer
            url = urljoin(url, answer.headers.get("Location", ""))
            if Origin.of(url) != first:
                # For good: a redirect back would carry it along a way that somebody else has chosen.
                headers = {}
            _insist_safe(url, home)
        raise malformed(WHO, f"more than {MAX_REDIRECTS} redirects", code="redirected")

    def _exchange(self, url: str, headers: Mapping[str, str]) -> Answer:
        origin = Origin.of(url)
        if origin is None:
            raise malformed(WHO, "a redirect to no address", code="redirected")
        transport = Transport(
            f"{origin.scheme}://{_host(origin.host)}:{origin.port}", who=WHO, limits=LIMITS, link=self.link
        )
        try:
            return transport.exchange("GET", url, secret_headers=headers, redirects=True)
        finally:
            transport.close()


def _home(api_url: str) -> Origin:
    origin = Origin.of(api_url)
    if origin is None:
        raise malformed(WHO, "no usable address of the API", code="bad_provider_url")
    return origin


def _host(host: str) -> str:
    return host if ":" not in host or host.startswith("[") else f"[{host}]"


def _insist_safe(url: str, home: Origin) -> None:
    """Files are kept on other hosts, too, but never without encryption; only a stand-in may be plain."""
    origin = Origin.of(url)
    if origin is None or not origin.holds(url) or (origin.scheme == "http" and home.scheme == "https"):
        raise malformed(WHO, "a redirect to an address that is not safe", code="redirected")


def _trouble(answer: Answer, clock: Clock) -> ProviderError | None:
    special = limited(answer, clock) or trouble(answer, clock)
    if special is not None or answer.status < HTTPStatus.BAD_REQUEST:
        return special
    return refuse(answer, Call("", _TOPIC), None) or refusal(answer)
