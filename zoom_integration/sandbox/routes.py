"""One endpoint of the API: where, by which limit, for which scopes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conferences.providers.sandbox import Response
from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.refusals import Refusal
from zoom_integration.sandbox.world import Json, Occurrence

LIGHT, MEDIUM, HEAVY = "Light", "Medium", "Heavy"
_CLASSIC = {
    "report": "report:read:admin",
    "webinar": "webinar:read:admin",
    "meeting": "meeting:read:admin",
    "cloud_recording": "recording:read:admin",
    "user": "user:read:admin",
}


@dataclass(frozen=True, slots=True)
class Route:
    """`scope` is the granular one without its suffix; the classic one that covers it will do as well."""

    address: str
    label: str
    scope: str
    endpoint: Callable[..., Json | Response]
    kind: str = ""

    def answer(self, asking: Asking, **values: Any) -> Json | Response:
        asking.need((f"{self.scope}:admin", _CLASSIC[self.scope.partition(":")[0]]))
        return self.endpoint(asking, **values, **({"kind": self.kind} if self.kind else {}))


def scopes(*routes: Route) -> set[str]:
    return {f"{route.scope}:admin" for route in routes}


def told(occurrence: Occurrence, question: str) -> Occurrence:
    """Raises what the story refuses."""
    if question in occurrence.answers:
        raise Refusal(*occurrence.answers[question])
    return occurrence
