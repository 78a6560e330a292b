"""What a person allowed in Zoom, as it is kept sealed between sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conferences.providers.authorization import Tokens
from conferences.providers.errors import ReconnectNeeded
from zoom_integration import advice
from zoom_integration.issued import Issued
from zoom_integration.token_endpoint import token_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission(Issued):
    refresh_token: str = field(repr=False)

    @classmethod
    def given(cls, body: Mapping[str, object], now: datetime, refresh_token: str = "") -> "Permission":
        """`refresh_token` stays good where the answer brings no new one. Raises Malformed."""
        newer = refresh_token if refresh_token and "refresh_token" not in body else token_in(body, "refresh_token")
        return cls.answered(body, now, refresh_token=newer)

    @classmethod
    def kept(cls, tokens: Tokens) -> "Permission":
        """Raises ReconnectNeeded for what cannot be used any more."""
        try:
            return cls.of(tokens, refresh_token=str(tokens["refresh_token"]))
        except (KeyError, TypeError, ValueError):
            raise never_given() from None

    def tokens(self) -> dict[str, Any]:
        return {**Issued.tokens(self), "refresh_token": self.refresh_token}


def never_given() -> ReconnectNeeded:
    return ReconnectNeeded(
        "Nobody has connected this Zoom account yet, so nothing can be fetched. An admin must connect it.",
        advice=advice.CONNECT,
    )
