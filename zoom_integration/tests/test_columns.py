"""A sync of the whole account learns all there is to know of a past webinar: its 42 columns."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from conferences.models import Connection
from conferences.providers.base import Span
from conferences.providers.sandbox import Options, running
from conferences.sync import account, worker
from zoom_integration.models import Webinar
from zoom_integration.sandbox import application
from zoom_integration.sandbox.shapes import Attendee, row
from zoom_integration.sandbox.stories.cast import MIRA
from zoom_integration.sandbox.world import WEBINAR, Account, Occurrence, Series

OURS = {"id", "conference", "kind", "detail_missing_at", "report", "extra"}
EMPTY: tuple[Any, ...] = (None, "", [], {})
DAY = timedelta(days=1)
# What a host may set up and most do not.
OF_CHOICE = {
    "template_id": "made without a template",
    "record_file_id": "no recording plays in it",
    "alternative_hosts": "nobody else may host it",
    "tracking_fields": "the account tracks nothing",
    "agenda": "nothing was written there",
    "registration_url": "nobody has to register",
    "recurrence": "it takes place once",
    "occurrences": "it takes place once",
}
ONLY_LISTED = {"is_events_webinar": "told by a host's list of what is to come, and nowhere else"}
CHOSEN: dict[str, Any] = {
    "template_id": "tpl-1",
    "record_file_id": "file-1",
    "tracking_fields": [{"field": "Faculty", "value": "Life sciences"}],
    "settings": {"alternative_hosts": "jonas@example.org", "auto_recording": "cloud"},
}


@pytest.fixture
def zoom(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The stand-in's first account, with nothing in it yet."""
    served = application(Options(throttle=False))
    held = served.world.accounts[0]
    held.series.clear()
    held.occurrences.clear()
    with running(served) as server:
        settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = f"{server.base_url}/oauth", f"{server.base_url}/v2"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        yield held


def held_at(zoom: Account, uuid: str, series: Series, starts_at: datetime) -> None:
    ends_at = starts_at + timedelta(minutes=50)
    rows = [row(Attendee("Ann", "ann@example.org", "u-ann"), (starts_at, ends_at), 1)]
    zoom.hold(Occurrence(series, uuid, starts_at, ends_at, rows))


def synced(zoom: Account, uuid: str) -> Webinar:
    credentials = {"account_id": zoom.id, "client_id": zoom.client_id, "client_secret": zoom.secret}
    connection = Connection.objects.create(provider="zoom", name="Northfield", credentials=credentials)
    span = Span(datetime.now(UTC) - 5 * DAY, datetime.now(UTC) + DAY)
    run = account.request(connection, via="command", mode="range", span=span, ring=False)
    worker.work(run.pk)
    return Webinar.objects.get(uuid=uuid)


def empty(row: Webinar) -> set[str]:
    columns = {field.name for field in Webinar._meta.concrete_fields} - OURS
    assert len(columns) == 42
    return {name for name in columns if getattr(row, name) in EMPTY}


def days_ago(days: int) -> datetime:
    return datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - days * DAY


def test_plain_webinar_lacks_only_what_its_host_did_not_choose(zoom: Account) -> None:
    held_at(zoom, "plain==", Series(WEBINAR, 90000000001, "Plain", MIRA, days_ago(3)), days_ago(3))
    assert empty(synced(zoom, "plain==")) == set(OF_CHOICE) | set(ONLY_LISTED)


def test_webinar_with_everything_lacks_nothing_that_can_be_asked_for(zoom: Account) -> None:
    series = Series(WEBINAR, 90000000002, "Rich", MIRA, days_ago(3), agenda="Reefs.", registrants=[])
    series.type, series.recurrence = 9, {"type": 1, "repeat_interval": 1}
    series.upcoming = [days_ago(-7)]
    series.changes = CHOSEN
    held_at(zoom, "rich==", series, days_ago(3))
    webinar = synced(zoom, "rich==")
    assert empty(webinar) == set(ONLY_LISTED)
    assert (webinar.registrants_restrict_number, webinar.is_simulive, webinar.practice_session) == (0, False, False)
    assert (webinar.scheduled_start_at, webinar.scheduled_duration_minutes) == (days_ago(3), 60)
    assert (webinar.template_id, webinar.alternative_hosts) == ("tpl-1", "jonas@example.org")
