"""What a person allowed in Zoom, as it is kept sealed between sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from conferences.providers.authorization import Tokens
from conferences.providers.errors import ReconnectNeeded
from zoom_integration import advice
from zoom_integration.conf import api_url
from zoom_integration.grants import Grant, early_seconds
from zoom_integration.scopes import granted
from zoom_integration.token_endpoint import life_seconds, token_in


@dataclass(frozen=True, slots=True)
class Permission:
    """`told_url` is where Zoom says that the account lives; `scopes` is None when it did not tell them."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scopes: frozenset[str] | None
    told_url: str
    obtained_at: datetime
    expires_at: datetime

    @classmethod
    def answered(cls, body: Mapping[str, object], now: datetime, refresh_token: str = "") -> "Permission":
        """`refresh_token` stays good where the answer brings no new one. Raises Malformed."""
        newer = refresh_token if refresh_token and "refresh_token" not in body else token_in(body, "refresh_token")
        ends_at = now + timedelta(seconds=life_seconds(body))
        told_url = body.get("api_url")
        scopes = granted(body.get("scope"))
        return cls(token_in(body), newer, scopes, told_url if isinstance(told_url, str) else "", now, ends_at)

    @classmethod
    def of(cls, tokens: Tokens) -> "Permission":
        """Raises ReconnectNeeded for what cannot be used any more."""
        try:
            scopes = tokens["scopes"]
            return cls(
                str(tokens["access_token"]),
                str(tokens["refresh_token"]),
                None if scopes is None else frozenset(scopes),
                str(tokens["api_url"]),
                datetime.fromisoformat(tokens["obtained_at"]),
                datetime.fromisoformat(tokens["expires_at"]),
            )
        except (KeyError, TypeError, ValueError):
            raise never_given() from None

    def tokens(self) -> Tokens:
        return {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "expires_at": self.expires_at.isoformat(),
            "scopes": None if self.scopes is None else sorted(self.scopes),
            "api_url": self.told_url,
            "obtained_at": self.obtained_at.isoformat(),
        }

    @property
    def grant(self) -> Grant:
        return Grant(self.access_token, api_url(self.told_url), self.scopes, self._life_seconds)

    @property
    def renew_at(self) -> datetime:
        return self.expires_at - timedelta(seconds=early_seconds(self._life_seconds))

    @property
    def _life_seconds(self) -> float:
        return (self.expires_at - self.obtained_at).total_seconds()


def never_given() -> ReconnectNeeded:
    return ReconnectNeeded(
        "Nobody has connected this Zoom account yet, so nothing can be fetched. An admin must connect it.",
        advice=advice.CONNECT,
    )
