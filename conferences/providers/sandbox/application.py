"""What a provider's sandbox can do. `ProviderConfig.sandbox` names a callable `(Options) -> Application`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from conferences.providers.sandbox.routing import Request, Response


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line can choose. `participants`, `messages` and `webinars` size the scenario “large”."""

    scenario: str = "default"
    throttle: bool = True
    participants: int = 1_000
    messages: int = 2_000
    webinars: int = 100


class Application(Protocol):
    """One provider's API. `scenarios` says by name what can be played; an unknown one plays as "default" does."""

    @property
    def scenarios(self) -> Mapping[str, str]: ...

    @property
    def environment(self) -> Mapping[str, str]:
        """Which variables point the LMS at the provider's addresses, with the path of each on this server."""

    @property
    def switches(self) -> Mapping[str, Callable[..., None]]:
        """What can be changed while it is served, by name. A switch raises ValueError or TypeError."""

    def handles(self, path: str) -> bool:
        """Whether this address is the provider's."""

    def respond(self, request: Request) -> Response:
        """The API's answer, refusals included. Raises nothing."""

    def refuse(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        """An error in the provider's own envelope, for injected faults."""

    def relink(self, response: Response, url: str) -> Response:
        """The same answer with its next page at `url`; unchanged where the answer is no list."""
