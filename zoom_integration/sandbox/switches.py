"""What can be changed while the stand-in is served, by `POST /_sandbox/NAME` with a JSON object."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from zoom_integration.sandbox import scenarios

if TYPE_CHECKING:
    from zoom_integration.sandbox.service import Zoom


def _set_scopes(zoom: "Zoom", *, scopes: list[str]) -> None:
    """Shows in tokens that are issued from now on."""
    for account in zoom.world.accounts:
        account.scopes = set(scopes)


def _set_token_life(zoom: "Zoom", *, seconds: int) -> None:
    zoom.world.token_seconds = int(seconds)


def _set_newest_token_only(zoom: "Zoom", *, only: bool) -> None:
    """True: each new token of an account's own app ends its older ones, as Zoom has been seen to do."""
    zoom.world.newest_token_only = bool(only)


def _revoke_tokens(zoom: "Zoom") -> None:
    zoom.sign_in.revoke_all()


def _end_permissions(zoom: "Zoom") -> None:
    """Every person has removed the app: access and refresh tokens are void."""
    zoom.sign_in.end_permissions()


def _set_consent(zoom: "Zoom", *, asks: bool) -> None:
    """False: whoever comes to the page is sent back at once, as if they had allowed everything."""
    zoom.consent.asks = bool(asks)


def _set_scenario(zoom: "Zoom", *, name: str) -> None:
    """Tokens that were issued are revoked."""
    zoom.world = zoom.sign_in.world = zoom.consent.world = scenarios.build(replace(zoom.options, scenario=name))
    zoom.sign_in.revoke_all()
    zoom.sign_in.end_permissions()
    scenarios.prepare(name, zoom.pages, zoom.pace)


def _expire_pages(zoom: "Zoom") -> None:
    """Every page token that was given so far is too old."""
    zoom.pages.expire_all()


def _set_daily_limit(zoom: "Zoom", *, left: int, label: str = "Heavy") -> None:
    """That many requests remain of the day."""
    zoom.pace.left[label] = int(left)


def _begin_day(zoom: "Zoom") -> None:
    zoom.pace.left.clear()


SWITCHES: dict[str, Callable[..., None]] = {
    "scopes": _set_scopes,
    "token-life": _set_token_life,
    "newest-token-only": _set_newest_token_only,
    "revoke-tokens": _revoke_tokens,
    "end-permissions": _end_permissions,
    "consent": _set_consent,
    "scenario": _set_scenario,
    "expire-pages": _expire_pages,
    "daily-limit": _set_daily_limit,
    "new-day": _begin_day,
}
