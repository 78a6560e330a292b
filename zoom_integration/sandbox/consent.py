"""Zoom's page on which a person allows an app to read in their name, and the codes that it sends back with.

https://developers.zoom.us/docs/integrations/oauth/
"""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode, urlsplit

from conferences.providers.sandbox import Request, Response
from zoom_integration.sandbox.world import Account, Member, World

CODE_SECONDS = 300
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 4rem auto; padding: 0 1rem }}
button {{ font: inherit; padding: .5rem 1.5rem; margin-right: 1rem }}</style></head>
<body><h1>{title}</h1>{body}</body></html>"""


class Refused(Exception):
    """OAuth's error word and Zoom's reason."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Code:
    """What somebody allowed, to be fetched once."""

    app: Account
    member: Member
    redirect_uri: str
    challenge: str
    ends_at: float


@dataclass(slots=True)
class Consent:
    """Whoever comes chooses who they are: one of the app's account, or of another one, where Zoom lets an app serve
    several. `asks` False: the first host of the account allows everything at once.
    """

    world: World
    now: Callable[[], float] = time.time
    asks: bool = True
    _codes: dict[str, Code] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, request: Request) -> Response:
        """GET /oauth/authorize"""
        try:
            account = self._examined(request)
        except Refused as refused:
            return _page("Invalid request", f"<p>{escape(refused.reason)}</p>", 400)
        if not self.asks:
            return self._allowed(account, request)
        scopes = "".join(f"<li>{escape(scope)}</li>" for scope in sorted(account.scopes))
        people = "".join(map(_option, self.world.people(account)))
        return _page(
            "Allow access to Zoom?",
            '<form method="post"><p>This is a stand-in for Zoom.</p>'
            f'<p><label>You are signed in as <select name="person">{people}</select></label></p>'
            f"<p>An app would like to:</p><ul>{scopes}</ul>"
            '<button name="answer" value="allow">Allow</button>'
            '<button name="answer" value="deny">Deny</button></form>',
        )

    def decide(self, request: Request) -> Response:
        """POST /oauth/authorize, with the address of the page."""
        try:
            account = self._examined(request)
        except Refused as refused:
            return _page("Invalid request", f"<p>{escape(refused.reason)}</p>", 400)
        if request.form.get("answer") == "allow":
            return self._allowed(account, request)
        return _sent_back(request, error="access_denied")

    def redeemed(self, app: Account, form: dict[str, str]) -> Member:
        """Who allowed it. A code is over once anybody has shown it. Raises Refused."""
        with self._lock:
            code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.app is not app:
            raise Refused("invalid_grant", "Invalid authorization code.")
        if code.ends_at <= self.now():
            raise Refused("invalid_grant", "The authorization code has expired.")
        if form.get("redirect_uri") != code.redirect_uri:
            raise Refused("invalid_request", "Redirect URI mismatch.")
        if not hmac.compare_digest(_challenge(form.get("code_verifier", "")), code.challenge):
            raise Refused("invalid_grant", "The code verifier does not match the code challenge.")
        return code.member

    def _examined(self, request: Request) -> Account:
        """Zoom sends nobody to an address that it does not know."""
        query = request.query
        account = self.world.app(query.get("client_id", ""))
        if account is None or not account.is_general or not account.app_enabled:
            raise Refused("invalid_client", "Invalid client_id. (4,700)")
        back = urlsplit(query.get("redirect_uri", ""))
        known = not account.redirects or query.get("redirect_uri") in account.redirects
        if back.scheme not in {"http", "https"} or not back.hostname or not known:
            raise Refused("invalid_request", "Invalid redirect url. (4,700)")
        if query.get("response_type") != "code":
            raise Refused("unsupported_response_type", "Invalid response_type.")
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            raise Refused("invalid_request", "This app insists on a code challenge by S256.")
        return account

    def _allowed(self, app: Account, request: Request) -> Response:
        query, code, people = request.query, secrets.token_urlsafe(32), self.world.people(app)
        member = next((each for each in people if each.host.email == request.form.get("person")), people[0])
        with self._lock:
            self._codes[code] = Code(
                app, member, query["redirect_uri"], query["code_challenge"], self.now() + CODE_SECONDS
            )
        return _sent_back(request, code=code)


def _option(member: Member) -> str:
    who = f"{member.host.name} of {member.account.name}"
    return f'<option value="{escape(member.host.email)}">{escape(who)}</option>'


def _sent_back(request: Request, **told: str) -> Response:
    address, state = request.query["redirect_uri"], request.query.get("state")
    asked = urlencode({**told, **({"state": state} if state is not None else {})})
    return Response(302, b"", {"Location": f"{address}{'&' if '?' in address else '?'}{asked}"})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _page(title: str, body: str, status: int = 200) -> Response:
    text = _PAGE.format(title=escape(title), body=body)
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})
