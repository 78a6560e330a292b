"""Where a token may go: to the provider's own scheme, host and port, and nowhere else."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from conferences.providers.errors import Malformed

_PORTS = {"https": 443, "http": 80}
# What parsers disagree about: they are never part of an honest address.
_AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Origin:
    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin | None":
        """None for anything that is not a plain http(s) address, or that names a user."""
        try:
            parts = parse_url(url)
            naive = urlsplit(url)
            same = (naive.hostname or "").lower() == (parts.host or "").strip("[]").lower()
        except (LocationParseError, ValueError):
            return None
        scheme = (parts.scheme or "").lower()
        if scheme not in _PORTS or not parts.host or parts.auth is not None or "@" in naive.netloc or not same:
            return None
        return cls(scheme, parts.host.lower(), parts.port or _PORTS[scheme])

    def holds(self, url: str) -> bool:
        return not _AMBIGUOUS.search(url) and Origin.of(url) == self


def insist(origin: Origin, url: str, who: str) -> None:
    """Raises Malformed before a socket is opened. The message names no address: it may carry a secret."""
    if not origin.holds(url):
        raise Malformed(
            f"{who} pointed us to an address that is not its own, so we stopped reading there. What came before is "
            "kept.",
            code="foreign_host",
            advice="If it happens again, somebody between this server and the provider is changing its answers.",
        )
