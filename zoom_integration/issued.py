"""A token as it is kept sealed between sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from conferences.providers.authorization import Tokens
from zoom_integration.conf import api_url
from zoom_integration.grants import Grant
from zoom_integration.scopes import granted
from zoom_integration.token_endpoint import life_seconds, token_in

EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """`told_url` is where Zoom says that the account lives; `scopes` is None when it did not tell them."""

    access_token: str = field(repr=False)
    scopes: frozenset[str] | None
    told_url: str
    obtained_at: datetime
    expires_at: datetime

    @classmethod
    def answered(cls, body: Mapping[str, object], now: datetime, **more: str) -> Self:
        """What a sign-in gave; `more` is for those that keep more than this. Raises Malformed."""
        told_url = body.get("api_url")
        return cls(
            access_token=token_in(body),
            scopes=granted(body.get("scope")),
            told_url=told_url if isinstance(told_url, str) else "",
            obtained_at=now,
            expires_at=now + timedelta(seconds=life_seconds(body)),
            **more,
        )

    @classmethod
    def of(cls, tokens: Tokens, **more: str) -> Self:
        """What was kept. Raises KeyError, TypeError and ValueError for what is not of this form."""
        scopes = tokens["scopes"]
        return cls(
            access_token=str(tokens["access_token"]),
            scopes=None if scopes is None else frozenset(scopes),
            told_url=str(tokens["api_url"]),
            obtained_at=datetime.fromisoformat(tokens["obtained_at"]),
            expires_at=datetime.fromisoformat(tokens["expires_at"]),
            **more,
        )

    def tokens(self) -> dict[str, Any]:
        return {
            "access_token": self.access_token,
            "scopes": None if self.scopes is None else sorted(self.scopes),
            "api_url": self.told_url,
            "obtained_at": self.obtained_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
        }

    @property
    def grant(self) -> Grant:
        return Grant(self.access_token, api_url(self.told_url), self.scopes)

    @property
    def renew_at(self) -> datetime:
        """A while before its end."""
        return self.expires_at - min(EARLY, (self.expires_at - self.obtained_at) / 2)
