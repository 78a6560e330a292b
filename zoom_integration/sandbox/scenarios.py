"""The worlds that can be served, by name."""

from collections.abc import Callable

from conferences.providers.sandbox import Options
from zoom_integration.sandbox.paging import Pages
from zoom_integration.sandbox.stories import open_lecture
from zoom_integration.sandbox.stories.cast import lakeside, northfield
from zoom_integration.sandbox.throttling import Pace
from zoom_integration.sandbox.world import World


def everything(_options: Options) -> World:
    """Every story."""
    north, lake = northfield(), lakeside()
    open_lecture.tell(north)
    return World([north, lake])


SCENARIOS: dict[str, Callable[[Options], World]] = {"default": everything}


def build(options: Options) -> World:
    return SCENARIOS.get(options.scenario, everything)(options)


def prepare(scenario: str, pages: Pages, pace: Pace) -> None:
    """What a scenario changes beside the world."""
    pages.fail_once = scenario == "stale-pages"
    pace.left.clear()
    if scenario == "daily-limit":
        pace.left["Heavy"] = 40


def descriptions() -> dict[str, str]:
    return {name: (scenario.__doc__ or "").strip() for name, scenario in SCENARIOS.items()}
