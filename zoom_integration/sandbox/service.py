"""The whole stand-in: sign-in, the API below /v2, and files below /rec."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from conferences.providers.sandbox import Options, Request, Response, Router
from zoom_integration.sandbox import recordings, refusals, scenarios
from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.consent import Consent
from zoom_integration.sandbox.endpoints import ROUTES
from zoom_integration.sandbox.paging import Pages, endless
from zoom_integration.sandbox.refusals import Refusal, unrecognised
from zoom_integration.sandbox.routes import Route
from zoom_integration.sandbox.signin import SignIn
from zoom_integration.sandbox.switches import SWITCHES
from zoom_integration.sandbox.throttling import Pace
from zoom_integration.sandbox.world import World

_OURS = re.compile(r"/oauth/(?:token|authorize|revoke)|/v2/.*|/rec/.*")


def application(options: Options | None = None) -> "Zoom":
    """What `ZoomConfig.sandbox` names."""
    return Zoom(options or Options())


@dataclass(slots=True)
class Zoom:
    """Tests may change `world` while it is served."""

    options: Options
    world: World = field(init=False)
    consent: Consent = field(init=False)
    sign_in: SignIn = field(init=False)
    pages: Pages = field(default_factory=Pages)
    pace: Pace = field(init=False)
    _open: Router = field(default_factory=Router)
    _api: Router = field(default_factory=Router)

    def __post_init__(self) -> None:
        self.world = scenarios.build(self.options)
        self.consent = Consent(self.world)
        self.sign_in = SignIn(self.world, self.consent)
        self.pace = Pace(self.options.throttle)
        scenarios.prepare(self.options.scenario, self.pages, self.pace)
        self._open.add("POST", "/oauth/token", self.sign_in.token)
        self._open.add("POST", "/oauth/revoke", self.sign_in.revoke)
        self._open.add("GET", "/oauth/authorize", self.consent.show)
        self._open.add("POST", "/oauth/authorize", self.consent.decide)
        self._open.add("GET", "/rec/download/{name}", self._download)
        self._open.add("GET", "/rec/file/{name}", self._signed)
        for route in ROUTES:
            self._api.add("GET", f"/v2{route.address}", partial(self._routed, route))

    @property
    def scenarios(self) -> Mapping[str, str]:
        return scenarios.descriptions()

    @property
    def environment(self) -> Mapping[str, str]:
        return {"ZOOM_OAUTH_URL": "/oauth", "ZOOM_API_URL": "/v2"}

    @property
    def switches(self) -> Mapping[str, Callable[..., None]]:
        return {name: partial(switch, self) for name, switch in SWITCHES.items()}

    def handles(self, path: str) -> bool:
        return bool(_OURS.fullmatch(path))

    def respond(self, request: Request) -> Response:
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusals.envelope(refusal)

    def refuse(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:  # noqa: ARG002
        return refusals.envelope(refusals.of_status(status, headers))

    def relink(self, response: Response, url: str) -> Response:  # noqa: ARG002
        """Zoom's pages have no address of the next one; a list that never ends answers the same token for ever."""
        return endless(response)

    def _answer(self, request: Request) -> Response:
        if found := self._open.find(request.method, request.path):
            return found[0](request, **found[1])
        asking = Asking(request, self.sign_in.read(request.header("Authorization")), self.pages)
        routed = self._api.find(request.method, request.path)
        if routed is None:
            raise unrecognised()
        return routed[0](asking, **routed[1])

    def _routed(self, route: Route, asking: Asking, **values: str) -> Response:
        headers = self.pace.check(asking.account.id, route.label)
        answer = route.answer(asking, **values)
        response = answer if isinstance(answer, Response) else Response.json(answer)
        return replace(response, headers={**response.headers, **headers})

    def _download(self, request: Request, name: str) -> Response:
        return recordings.download(request, self.world, self.sign_in, name)

    def _signed(self, request: Request, name: str) -> Response:
        return recordings.fetch_signed(request, self.world, name)
