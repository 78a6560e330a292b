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

    @property
    def is_of_admins(self) -> bool:
        """There are no reports, and no list of users, for apps that each user manages."""
        return self.scope.startswith("report:") or self.scope == "user:read:list_users"

    def answer(self, asking: Asking, **values: Any) -> Json | Response:
        older = _CLASSIC[self.scope.partition(":")[0]]
        own = () if self.is_of_admins else (self.scope, older.removesuffix(":admin"))
        asking.need((f"{self.scope}:admin", older, *own))
        return self.endpoint(asking, **values, **({"kind": self.kind} if self.kind else {}))


def scopes(*routes: Route) -> set[str]:
    return {f"{route.scope}:admin" for route in routes}


def own_scopes(*routes: Route) -> set[str]:
    return {route.scope for route in routes if not route.is_of_admins}


def told(occurrence: Occurrence, question: str) -> Occurrence:
    """Raises what the story refuses."""
    if question in occurrence.answers:
        raise Refusal(*occurrence.answers[question])
    return occurrence
