"""The whole stand-in: sign-in, Graph, and a few switches."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from conferences.providers.sandbox import Options, Request, Response, Router
from teams_integration.sandbox import calls, channels, chats, drives, meetings, recordings, refusals, scenarios
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.refusals import Refusal, bad_request
from teams_integration.sandbox.signin import SignIn
from teams_integration.sandbox.throttling import ChatPace
from teams_integration.sandbox.world import Json, World

Endpoint = Callable[..., Json | Response]

_OURS = re.compile(r"/v1\.0/.*|/_download/.*|/[^/]+/oauth2/v2\.0/token|/[^/]+/v2\.0/\.well-known/.*")
_ENDPOINTS: tuple[tuple[str, Endpoint], ...] = (
    *recordings.ROUTES,
    *meetings.ROUTES,
    *calls.ROUTES,
    *chats.ROUTES,
    *channels.ROUTES,
    *drives.ROUTES,
)


def application(options: Options | None = None) -> "Microsoft":
    """What `TeamsConfig.sandbox` names."""
    return Microsoft(options or Options())


@dataclass(slots=True)
class Microsoft:
    """Tests may change `world` while it is served."""

    options: Options
    world: World = field(init=False)
    sign_in: SignIn = field(init=False)
    pace: ChatPace = field(default_factory=ChatPace)
    _open: Router = field(default_factory=Router)
    _graph: Router = field(default_factory=Router)

    def __post_init__(self) -> None:
        self.world = scenarios.build(self.options)
        self.sign_in = SignIn(self.world)
        self._open.include(
            (
                ("GET", "/{tenant}/v2.0/.well-known/openid-configuration", self.sign_in.discover),
                ("POST", "/{tenant}/oauth2/v2.0/token", self.sign_in.token),
                ("GET", "/_download/{item}", _download),
            )
        )
        for address, endpoint in _ENDPOINTS:
            self._graph.add("GET", address, endpoint)

    @property
    def scenarios(self) -> Mapping[str, str]:
        return scenarios.descriptions()

    @property
    def environment(self) -> Mapping[str, str]:
        return {"MICROSOFT_LOGIN_URL": "", "GRAPH_API_URL": "/v1.0"}

    @property
    def switches(self) -> Mapping[str, Callable[..., None]]:
        return {name: partial(switch, self) for name, switch in _SWITCHES.items()}

    def handles(self, path: str) -> bool:
        return bool(_OURS.fullmatch(path))

    def respond(self, request: Request) -> Response:
        try:
            found = self._open.find(request.method, request.path)
            return found[0](request, **found[1]) if found else self._answer(request)
        except Refusal as refusal:
            return refusals.envelope(refusal, request)

    def refuse(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        return refusals.envelope(refusals.of_status(status, headers), request)

    def relink(self, response: Response, url: str) -> Response:
        """An expanded collection pages with its own link; a plain one always gets one."""
        page = json.loads(response.body or b"null")
        if response.status != 200 or not isinstance(page, dict):
            return response
        links = [name for name in page if name.endswith("@odata.nextLink")]
        links = links or ["@odata.nextLink"] if "value" in page else links or _expandable(page)
        return replace(response, body=Response.json({**page, **dict.fromkeys(links, url)}).body)

    def _answer(self, request: Request) -> Response:
        identity = self.sign_in.read(request.header("Authorization"))
        if identity is None:
            raise refusals.of_status(401)
        if self.options.throttle:
            self.pace.check(identity.tenant.id, request.path)
        found = self._graph.find(request.method, request.path)
        if found is None:
            raise bad_request(f"Resource not found for the segment '{request.path.rpartition('/')[2]}'.")
        answer = found[0](Asking(request, identity), **found[1])
        response = answer if isinstance(answer, Response) else Response.json(answer)
        return replace(response, headers={**refusals.request_headers(request), **response.headers})


def _expandable(page: Mapping[str, Any]) -> list[str]:
    names = ("attendanceRecords", "sessions", "participants_v2")
    return [f"{name}@odata.nextLink" for name in names if isinstance(page.get(name), list)]


def _download(request: Request, item: str) -> Response:
    """A pre-authenticated address: the query is the key, and a token has no business here."""
    if request.header("Authorization") or "tempauth" not in request.query:
        return Response(401, b"")
    return Response(200, item.encode(), {"Content-Type": "application/octet-stream"})


def _grant_policy(microsoft: Microsoft) -> None:
    for tenant in microsoft.world.tenants:
        tenant.without_policy.clear()


def _set_roles(microsoft: Microsoft, *, roles: list[str]) -> None:
    """Shows in tokens that are issued from now on."""
    for tenant in microsoft.world.tenants:
        tenant.roles = set(roles)


def _set_token_life(microsoft: Microsoft, *, seconds: int) -> None:
    microsoft.world.token_seconds = int(seconds)


def _set_scenario(microsoft: Microsoft, *, name: str) -> None:
    """Tokens that were issued stay good."""
    microsoft.world = scenarios.build(replace(microsoft.options, scenario=name))
    microsoft.sign_in.world = microsoft.world


_SWITCHES: dict[str, Callable[..., None]] = {
    "grant-policy": _grant_policy,
    "roles": _set_roles,
    "token-life": _set_token_life,
    "scenario": _set_scenario,
}
