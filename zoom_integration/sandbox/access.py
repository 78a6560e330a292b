"""Who may ask for what, and which run an address means."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote

from conferences.providers.sandbox import Request
from zoom_integration.sandbox.paging import Pages
from zoom_integration.sandbox.refusals import Refusal, invalid, missing, unrecognised
from zoom_integration.sandbox.signin import Identity
from zoom_integration.sandbox.world import WEBINAR, Account, Host, Occurrence, Series


@dataclass(frozen=True, slots=True)
class Asking:
    """One authenticated request."""

    request: Request
    identity: Identity
    pages: Pages

    @property
    def account(self) -> Account:
        return self.identity.account

    @property
    def query(self) -> dict[str, str]:
        return self.request.query

    def need(self, scopes: Collection[str]) -> None:
        """One of these: apps made before 2024 hold classic scopes, newer ones granular."""
        if self.identity.scopes.isdisjoint(scopes):
            raise Refusal(400, 4711, f"Invalid access token, does not contain scopes:[{', '.join(scopes)}].")

    def host(self, user: str) -> Host:
        """`me` is whoever the token belongs to. Others are nobody to a token that is a person's own."""
        host = self.owner if user == "me" and self.owner else self.account.host(user)
        if host is None or not self._may_see(host):
            raise Refusal(404, 1001, f"User does not exist: {user}.")
        return host

    @property
    def owner(self) -> Host | None:
        return self.identity.person

    def _may_see(self, host: Host) -> bool:
        """Scopes in the form `:admin` open the whole account to a person who has that role."""
        return self.owner in {None, host} or any(scope.endswith(":admin") for scope in self.identity.scopes)

    def series(self, kind: str, text: str) -> Series:
        """By number only; what was deleted is gone, whatever its reports say."""
        if not text.isdigit():
            raise invalid(f"Invalid {kind} ID.", f"{kind}Id")
        series = self.account.series.get(int(text))
        if series is None or series.kind != kind or series.deleted or not self._may_see(series.host):
            raise missing(f"{kind.title()} does not exist: {text}.")
        return series

    def occurrence(self, text: str, *kinds: str) -> Occurrence:
        """One run by its uuid; a number means the latest run of its series."""
        text = decoded(text)
        found = self._latest(text) if text.isdigit() else self.account.occurrences.get(text)
        if found and not self._may_see(found.series.host):
            raise Refusal(400, 3161, "You are not allowed to host or to view this host's webinars.")
        if found is None or found.series.kind not in (kinds or (found.series.kind,)):
            what = "Webinar" if WEBINAR in kinds else "Meeting"
            raise missing(f"{what} {text} not found or has expired.")
        return found

    def _latest(self, text: str) -> Occurrence | None:
        series = self.account.series.get(int(text))
        runs = self.account.runs_of(series) if series else []
        return runs[-1] if runs else None


def decoded(segment: str) -> str:
    """Zoom's gateway decodes an address once before it looks for slashes, and its application once more.

    So a uuid that begins with a slash, or contains two in a row, has to be encoded twice.
    """
    if segment.startswith("/"):
        raise missing(f"Meeting does not exist: {segment.lstrip('/')}.")
    if "//" in segment:
        raise unrecognised()
    return unquote(segment)
