"""Promises of a whole account's sync, through the engine and the real client, on the stand-in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from django.utils import timezone
from pytest_django.fixtures import Settings

from conferences.models import Conference, Connection, SharedToken, SyncRun
from conferences.providers.base import Span
from conferences.providers.errors import Rejected
from conferences.providers.sandbox import Options, Running, running
from conferences.sync import account, pausing, worker
from conferences.sync.result import result
from zoom_integration.client import Raw, ZoomClient
from zoom_integration.models import Webinar
from zoom_integration.sandbox import application, naming
from zoom_integration.sandbox.service import Zoom
from zoom_integration.sandbox.stories.cast import GONE, JONAS, MIRA, northfield
from zoom_integration.sandbox.world import MEETING, WEBINAR, Account, Occurrence, Series, World

# What signs in stores its token from a thread of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def zoom() -> Zoom:
    """An account of a few runs, so that each test can follow every one of them."""
    app = application(Options(throttle=False))
    app.world = app.sign_in.world = World([northfield()])
    return app


@pytest.fixture(autouse=True)
def server(zoom: Zoom, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(zoom) as server:
        settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = f"{server.base_url}/oauth", f"{server.base_url}/v2"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        yield server


@pytest.fixture
def north(zoom: Zoom) -> Account:
    return zoom.world.accounts[0]


@pytest.fixture
def connection(north: Account) -> Connection:
    return connected(north)


def connected(of: Account, **choices: str) -> Connection:
    app = {"account_id": of.id, "client_id": of.client_id, "client_secret": of.secret}
    credentials = {**app, "plan": "business", **choices}
    return Connection.objects.create(provider="zoom", name=f"North {choices}", credentials=credentials)


def hold(of: Account, name: str, days_ago: float, host: Any = MIRA, kind: str = WEBINAR, people: int = 2) -> str:
    """An hour's run; its uuid."""
    starts_at = NOW - days_ago * DAY
    series = Series(kind, naming.number(name), name, host, starts_at, type=5 if kind == WEBINAR else 2)
    uuid = naming.uuid("whole account", name)
    of.hold(Occurrence(series, uuid, starts_at, starts_at + HOUR, people=people))
    return uuid


def plan(of: Account, name: str, in_days: float) -> Series:
    at = NOW + in_days * DAY
    return of.plan(Series(WEBINAR, naming.number(name), name, JONAS, at, upcoming=[at]))


def sync(connection: Connection, **options: Any) -> SyncRun:
    return drain(account.request(connection, via="command", ring=False, **options))


def drain(run: SyncRun) -> SyncRun:
    worker.work(run.pk)
    run.refresh_from_db()
    return run


def titles() -> list[str]:
    return sorted(Conference.objects.values_list("title", flat=True))


def warnings(run: SyncRun) -> list[str]:
    return list(run.events.filter(level="warning", item__conference=None).values_list("text", flat=True))


def without(of: Account, *products: str) -> None:
    of.scopes = {scope for scope in of.scopes if not scope.startswith(products)}


def test_full_sync_reaches_over_empty_months_and_to_what_is_to_come(connection: Connection, north: Account) -> None:
    hold(north, "Long ago", 400)
    hold(north, "Lately", 3)
    plan(north, "Soon", 5)
    run = sync(connection)
    assert titles() == ["Lately", "Long ago", "Soon"]
    assert result(run)["steps"]["discovery"]["created"] == 3
    assert warnings(run) == [
        "Host oskar.brandt@example.org was left out: The host has no webinar licence in Zoom, so Zoom gives nothing "
        "out about their webinars."
    ]


def test_end_of_what_zoom_remembers_is_said_with_the_run(
    connection: Connection, north: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(north, "Long ago", 300)
    hold(north, "Lately", 3)
    whole = ZoomClient.history

    def short(self: ZoomClient, first: date, last: date, kind: str = "all") -> Iterator[Raw]:
        if first < timezone.now().date() - timedelta(days=200):
            raise Rejected("Too old.", code="invalid_parameter")
        return whole(self, first, last, kind)

    monkeypatch.setattr(ZoomClient, "history", short)
    run = sync(connection)
    assert (run.state, titles()) == ("succeeded", ["Lately"])
    (told,) = [text for text in warnings(run) if "of its history" in text]
    assert told.startswith("Zoom gives out nothing of its history before ")
    assert told in result(run)["warnings"]


def test_zone_that_the_history_does_not_know_is_learned_from_the_details(
    connection: Connection, north: Account
) -> None:
    hold(north, "Lately", 3)
    for _ in range(2):
        sync(connection)
        assert Conference.objects.get().time_zone == "Europe/Berlin"


def test_second_sync_changes_no_conference(connection: Connection, north: Account) -> None:
    hold(north, "Lately", 3)
    plan(north, "Soon", 5)
    sync(connection)
    before = list(Conference.objects.order_by("pk").values())
    discovery = result(sync(connection))["steps"]["discovery"]
    assert (discovery["created"], discovery["updated"], discovery["unchanged"]) == (0, 0, 2)
    assert list(Conference.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("sessions", "found"), [("webinars", ["Lecture"]), ("all", ["Lecture", "Seminar"]), ("", ["Lecture"])]
)
def test_meetings_are_synced_where_they_are_wanted(north: Account, sessions: str, found: list[str]) -> None:
    hold(north, "Lecture", 3)
    hold(north, "Seminar", 4, kind=MEETING)
    sync(connected(north, sessions=sessions))
    assert titles() == found
    assert dict(Webinar.objects.values_list("topic", "kind")) == {
        name: {"Lecture": "webinar", "Seminar": "meeting"}[name] for name in found
    }


ROUTES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "hosts' reports": (("report:read:list_history",), ["Alone", "Empty", "Gone", "Lately"]),
    "what Zoom still lists": (("report:",), ["Alone", "Empty", "Gone", "Lately"]),
    "hosts from the reports": (("report:read:list_history", "user:read:list"), ["Alone", "Empty", "Gone", "Lately"]),
}


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_finds_the_same_runs(connection: Connection, north: Account, route: str) -> None:
    """Runs of nobody, of one and of two people, and of a host who has left."""
    lacking, found = ROUTES[route]
    hold(north, "Lately", 3)
    hold(north, "Alone", 4, people=1)
    hold(north, "Empty", 5, people=0)
    hold(north, "Gone", 6, GONE)
    without(north, *lacking)
    sync(connection)
    assert titles() == found
    ends = set(Conference.objects.values_list("ends_at", "starts_at"))
    assert {end - start for end, start in ends} == {HOUR}


def test_better_source_and_worse_source_tell_of_the_same_conference(connection: Connection, north: Account) -> None:
    """The report's actual end is not replaced by the planned one of the lists."""
    uuid = hold(north, "Lately", 3)
    north.occurrences[uuid].ends_at -= 20 * timedelta(minutes=1)
    sync(connection)
    without(north, "report:")
    SharedToken.objects.all().delete()  # scopes show in a new sign-in only
    sync(connection)
    row = Conference.objects.get()
    assert (row.external_id, row.ends_at - row.starts_at) == (uuid, timedelta(minutes=40))


def test_plan_that_takes_place_is_the_same_conference(connection: Connection, north: Account) -> None:
    series = plan(north, "Soon", 0.01)
    sync(connection)
    row = Conference.objects.get()
    assert (row.external_id, row.listed_as) == (series.planned_uuid, "planned")
    held_at = NOW - 3 * HOUR  # the clock cannot be turned forward for the server, so the plan is moved back
    Conference.objects.update(starts_at=held_at, ends_at=held_at + HOUR)
    series.upcoming, series.starts_at = [], held_at
    uuid = naming.uuid("whole account", "the run")
    north.hold(Occurrence(series, uuid, held_at + timedelta(minutes=2), held_at + HOUR))
    sync(connection)
    row.refresh_from_db()
    assert (Conference.objects.count(), row.external_id, row.former_ids) == (1, uuid, [series.planned_uuid])
    assert row.webinar.uuid == uuid
    assert row.webinar.status == "ended"


def test_deleted_plan_is_marked_and_kept(connection: Connection, north: Account) -> None:
    series = plan(north, "Soon", 5)
    sync(connection)
    series.deleted = True
    sync(connection)
    assert [row.gone_at is not None for row in Conference.objects.all()] == [True]


def test_range_takes_both_days_and_no_others(connection: Connection, north: Account) -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0)
    for name, days_ago, minutes in (("before", 8, -1), ("first", 8, 0), ("last", 5, -1), ("after", 5, 0)):
        uuid = hold(north, name, 1)
        run = north.occurrences[uuid]
        run.starts_at = run.series.starts_at = midnight - days_ago * DAY + minutes * timedelta(minutes=1)
        run.ends_at = run.starts_at + HOUR
    sync(connection, mode="range", span=Span(midnight - 8 * DAY, midnight - 5 * DAY))
    assert titles() == ["first", "last"]


def test_delta_after_a_run_that_lacked_only_permissions_asks_for_what_is_new(
    connection: Connection, north: Account
) -> None:
    without(north, "cloud_recording:")
    hold(north, "Lately", 3)
    first = sync(connection)
    assert first.state == "partial"
    assert first.started_at is not None
    assert sync(connection, mode="delta").span_starts_at == first.started_at - account.OVERLAP


def break_off(server: Running, spec: str) -> None:
    url = f"{server.base_url}/_sandbox/fault"
    requests.post(url, json={"spec": spec}, verify=server.ca_bundle, timeout=10).raise_for_status()


def test_list_that_breaks_costs_itself_only_and_is_no_start_for_a_delta(
    connection: Connection, north: Account, server: Running
) -> None:
    hold(north, "Lately", 3)
    hold(north, "Long ago", 100)
    plan(north, "Soon", 5)
    break_off(server, f"mistype:/users/{MIRA.id}/webinars")
    run = sync(connection)
    discovery = result(run)["steps"]["discovery"]
    assert (run.state, discovery["outcome"], discovery["code"]) == ("partial", "failed", "malformed_answer")
    assert titles() == ["Lately", "Long ago", "Soon"]
    assert result(run)["items"] == {"total": 3, "done": 2, "failed": 1}
    assert sync(connection, mode="delta").span_starts_at is None


def test_host_who_is_refused_is_named_and_the_others_are_listed(
    connection: Connection, north: Account, server: Running
) -> None:
    plan(north, "Soon", 5)
    break_off(server, f"403:/users/{MIRA.id}/webinars")
    run = sync(connection)
    assert (titles(), result(run)["steps"]["discovery"]["outcome"]) == (["Soon"], "blocked")
    assert run.state == "partial"
    assert [MIRA.email in text for text in warnings(run)] == [True, False]


def test_daily_limit_in_the_search_pauses_and_goes_on_without_loss(
    connection: Connection, north: Account, zoom: Zoom
) -> None:
    """What was found is kept; the search begins again, and what was done stays done."""
    for name, days_ago in (("Lately", 3), ("Long ago", 100), ("Longest ago", 400)):
        hold(north, name, days_ago)
    zoom.pace.left["Heavy"] = 3  # of which the check before the first sync takes one
    run = sync(connection)
    assert (run.state, titles()) == ("paused", ["Lately"])
    zoom.pace.left.clear()
    pausing.resume(run, ring=False)
    assert drain(run).state != "paused"
    assert titles() == ["Lately", "Long ago", "Longest ago"]
    assert result(run)["items"] == {"total": 4, "done": 4, "failed": 0}


@pytest.mark.parametrize("odd", [{"meeting_uuid": ""}, {"start_time": "", "end_time": "", "create_time": ""}])
@pytest.mark.parametrize("kind", [WEBINAR, MEETING])
def test_run_that_is_listed_without_its_name_or_its_times_is_found_and_synced(
    north: Account, odd: dict[str, Any], kind: str
) -> None:
    uuid = hold(north, "Lately", 3, kind=kind)
    hold(north, "Long ago", 100, kind=kind)
    run = north.occurrences[uuid]
    run.history = odd
    everything = connected(north, sessions="all")
    for _ in range(2):
        discovery = result(sync(everything))["steps"]["discovery"]
        assert (discovery["outcome"], titles()) == ("synced", ["Lately", "Long ago"])
        row = Conference.objects.get(title="Lately")
        assert (row.external_id, row.starts_at, row.ends_at) == (uuid, run.starts_at, run.ends_at)


def without_times(of: Account, uuid: str) -> Occurrence:
    """As Zoom lists runs for days when it is behind."""
    run = of.occurrences[uuid]
    run.history = {"start_time": "", "end_time": None, "duration": 0}
    return run


def test_run_that_is_listed_without_times_gets_those_of_its_report_at_once(
    connection: Connection, north: Account
) -> None:
    """Promise: a guess gives way to what Zoom states, and does not come back."""
    run = without_times(north, hold(north, "Lately", 3))
    for _ in range(2):
        sync(connection)
        row = Conference.objects.get()
        assert (row.starts_at, row.ends_at) == (run.starts_at, run.ends_at)
        assert (row.webinar.actual_start_at, row.webinar.actual_end_at) == (run.starts_at, run.ends_at)


def test_run_without_times_and_report_starts_as_listed_and_lasts_as_planned(
    connection: Connection, north: Account
) -> None:
    run = without_times(north, hold(north, "Lately", 3))
    run.answers["report"] = (404, 3001, "There is no such report.")
    for _ in range(2):
        sync(connection)
        row = Conference.objects.get()
        assert (row.starts_at, row.ends_at - row.starts_at) == (run.starts_at, timedelta(minutes=run.series.minutes))


def test_times_that_the_listing_tells_later_replace_all_guesses(connection: Connection, north: Account) -> None:
    run = without_times(north, hold(north, "Lately", 3))
    run.series.deleted = True
    run.answers["report"] = (404, 3001, "There is no such report.")
    sync(connection)
    assert Conference.objects.get().starts_at == run.series.created_at
    run.history = {}
    sync(connection)
    row = Conference.objects.get()
    assert (row.starts_at, row.ends_at) == (run.starts_at, run.ends_at)
