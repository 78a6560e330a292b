"""The campus's gate: with the script "gated" a person has to be let in, and gets a key that wears out."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qsl, urlencode, urlsplit

from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import Link, Target
from conferences.providers.errors import ProviderError, ReconnectNeeded, Rejected
from conferences.providers.records import Record
from conferences.tests.campus_integration.scripts import SCRIPTS, TIMETABLES, quick, timetable

SCRIPT = "gated"
EVERYTHING = ("doors", "cameras", "walls", "shelves", "hands")
# What nobody may ever read anywhere; every token has it within.
CANARY = "canary-token"


@dataclass
class Gate:
    """Keeps one key pair alive. Each renewal makes the older pair worthless.

    trouble  what goes wrong, raised by the next call
    account  of whoever is let in, and `person` their name; "" when the gate does not tell
    """

    url: str = "https://gate.campus.example.org/allow"
    scopes: tuple[str, ...] = EVERYTHING
    trouble: ProviderError | None = None
    account: str = ""
    person: str = ""
    renewals: int = 0
    revoked: list[Tokens] = field(default_factory=list)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    pair: Tokens = field(default_factory=dict)

    def address(self, redirect_uri: str, state: str, challenge: str) -> str:
        return f"{self.url}?{urlencode({'redirect_uri': redirect_uri, 'state': state, 'challenge': challenge})}"

    def allow(self, address: str) -> str:
        """The person says yes. Returns where they are sent then."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"{CANARY}-code-{next(self.numbers)}"
        self.codes[code] = (asked["challenge"], asked["redirect_uri"])
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def deny(self, address: str) -> str:
        asked = dict(parse_qsl(urlsplit(address).query))
        return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"

    def redeem(self, code: str, verifier: str, redirect_uri: str) -> Granted:
        self._perhaps_fail()
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if self.codes.pop(code, None) != (digest, redirect_uri):
            raise Rejected("The campus does not know this code.")
        return Granted(self._next_pair(), self.scopes, self.account, self.person)

    def renew(self, tokens: Tokens) -> Tokens:
        self._perhaps_fail()
        if tokens != self.pair:
            raise ReconnectNeeded("The campus has changed its locks.")
        self.renewals += 1
        return self._next_pair()

    def revoke(self, tokens: Tokens) -> None:
        self._perhaps_fail()
        self.revoked.append(tokens)

    def _next_pair(self) -> Tokens:
        number = next(self.numbers)
        self.pair = {
            "access_token": f"{CANARY}-access-{number}",
            "refresh_token": f"{CANARY}-refresh-{number}",
            "scopes": list(self.scopes),
        }
        return self.pair

    def _perhaps_fail(self) -> None:
        trouble, self.trouble = self.trouble, None
        if trouble is not None:
            raise trouble


# Tests put one of their own here.
GATE = Gate()


def gated(operation: str, target: Target, link: Link) -> Iterator[Record]:
    """Like quick, for whoever has a key; it is renewed each time."""
    assert link.authorization is not None
    link.authorization.renew(GATE.renew)
    yield from quick(operation, target, link)


SCRIPTS[SCRIPT] = gated
TIMETABLES[SCRIPT] = timetable
