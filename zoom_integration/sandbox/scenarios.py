"""The worlds that can be served, by name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from conferences.providers.sandbox import Options
from zoom_integration.sandbox.paging import Pages
from zoom_integration.sandbox.stories import (
    big_class,
    garden_talks,
    large,
    odd_rows,
    odd_runs,
    open_lecture,
    timetable,
    tutorial,
    water_days,
)
from zoom_integration.sandbox.stories.cast import lakeside, northfield, southgate
from zoom_integration.sandbox.throttling import Pace
from zoom_integration.sandbox.world import World

_HEAVY_LEFT = 40


def everything(_options: Options) -> World:
    """Every story, and a year of weekly webinars; Lakeside may not read reports, and a person connects Southgate."""
    north, lake, south = northfield(), lakeside(), southgate()
    for tell in (open_lecture.tell, big_class.tell, tutorial.tell, odd_rows.tell, odd_runs.tell):
        tell(north)
    timetable.tell(north, datetime.now(UTC))
    water_days.tell(lake)
    garden_talks.tell(south)
    return World([north, lake, south])


def _no_report_scope(options: Options) -> World:
    """No app may read reports."""
    world = everything(options)
    for account in world.accounts:
        account.scopes = {scope for scope in account.scopes if not scope.startswith("report:")}
    return world


def _disabled_app(options: Options) -> World:
    """The apps have been disabled in Zoom's marketplace."""
    world = everything(options)
    for account in world.accounts:
        account.app_enabled = False
    return world


def _classic_scopes(options: Options) -> World:
    """Apps from before 2024, with the classic scopes."""
    world = everything(options)
    for account in world.accounts:
        account.scopes = {
            "report:read:admin",
            "webinar:read:admin",
            "meeting:read:admin",
            "recording:read:admin",
            "user:read:admin",
        }
    return world


def _short_tokens(options: Options) -> World:
    """Tokens live for three seconds, so that they expire in the middle of a sync."""
    world = everything(options)
    world.token_seconds = 3
    return world


def _unprocessed(options: Options) -> World:
    """The open lecture ended two hours ago, and Zoom has not finished its sums."""
    world = everything(options)
    run = world.accounts[0].occurrences[open_lecture.UUID]
    length = run.ends_at - run.starts_at
    run.ends_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    run.starts_at = run.series.starts_at = run.ends_at - length
    run.rows = [{**row, "duration": 0} for row in run.rows]
    return world


def _shrunk(options: Options) -> World:
    """Zoom has dropped most of the open lecture's rows, its second recording and its questions."""
    world = everything(options)
    run = world.accounts[0].occurrences[open_lecture.UUID]
    run.rows, run.questions = run.rows[:5], []
    if run.recording:
        run.recording.files = run.recording.files[:6]
    return world


def _large(options: Options) -> World:
    """Only --webinars webinars of --participants people each, made up as they are asked for."""
    north = northfield()
    large.tell(north, options.webinars, options.participants, datetime.now(UTC))
    return World([north, lakeside(), southgate()])


def _stale_pages(options: Options) -> World:
    """The first page token of every list turns out to be too old."""
    return everything(options)


def _daily_limit(options: Options) -> World:
    """Only forty heavy requests are left of the day; the switch “new-day” ends it."""
    return everything(options)


SCENARIOS: dict[str, Callable[[Options], World]] = {
    "default": everything,
    "no-report-scope": _no_report_scope,
    "classic-scopes": _classic_scopes,
    "disabled-app": _disabled_app,
    "short-tokens": _short_tokens,
    "unprocessed": _unprocessed,
    "shrunk": _shrunk,
    "stale-pages": _stale_pages,
    "daily-limit": _daily_limit,
    "large": _large,
}


def build(options: Options) -> World:
    return SCENARIOS.get(options.scenario, everything)(options)


def prepare(scenario: str, pages: Pages, pace: Pace) -> None:
    """What a scenario changes beside the world."""
    pages.fail_once = scenario == "stale-pages"
    pace.left = {"Heavy": _HEAVY_LEFT} if scenario == "daily-limit" else {}


def descriptions() -> dict[str, str]:
    return {name: (scenario.__doc__ or "").strip() for name, scenario in SCENARIOS.items()}
