"""Promise: no secret, token, address, name or chat text in logs, metrics, traces and messages; everything searched."""

from collections.abc import Iterator

import pytest

from conferences.models import ChatMessage, Conference, Connection, Participant, Question, SyncItem, SyncRun
from conferences.providers.sandbox import Options, running
from conferences.sync import account
from conferences.tests.emitted import Overheard, Site, collector, leaks, lines, site
from zoom_integration.sandbox import application
from zoom_integration.sandbox.stories import odd_rows, odd_runs, open_lecture, tutorial
from zoom_integration.sandbox.stories.cast import WRONG_SECRET, northfield
from zoom_integration.sandbox.world import Account, World

__all__ = ["collector", "site"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.timeout(300)]

# Trouble that another try overcomes, and trouble that does not.
FAULTS = ("429:/participants:1:retry-after=0.1", "503:/recordings:1", "mistype:/registrants:1", "html:/users?:1")


@pytest.fixture
def north() -> Account:
    """Classes with everything that Zoom knows of one, and whatever rows and runs can be wrong with."""
    account = northfield()
    for tell in (open_lecture.tell, tutorial.tell, odd_rows.tell, odd_runs.tell):
        tell(account)
    return account


@pytest.fixture
def zoom(site: Site, north: Account) -> Iterator[Overheard]:
    app = application(Options(throttle=False))
    app.world = app.sign_in.world = World([north])
    overheard = Overheard(app)
    with running(overheard, faults=FAULTS) as server:
        site.addresses = {
            "ZOOM_OAUTH_URL": f"{server.base_url}/oauth",
            "ZOOM_API_URL": f"{server.base_url}/v2",
            "REQUESTS_CA_BUNDLE": server.ca_bundle,
        }
        yield overheard


def connected(north: Account, secret: str) -> Connection:
    credentials = {"account_id": north.id, "client_id": north.client_id, "client_secret": secret, "plan": "business"}
    return Connection.objects.create(provider="zoom", name=f"North {len(secret)}", credentials=credentials)


def test_nothing_personal_or_secret_leaks(
    site: Site, north: Account, zoom: Overheard, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole account by command; one class of it by click and worker; and an account whose secret is refused."""
    connection, refused = connected(north, north.secret), connected(north, WRONG_SECRET)
    site.command("sync_connection", connection.pk)
    account.request(refused, via="command")
    run = site.click(Conference.objects.get(external_id=open_lecture.UUID), caplog)
    site.work()
    told = site.everything()
    assert leaks(told, *zoom.secrets, WRONG_SECRET) == {}
    assert SyncItem.objects.filter(run__connection=connection, run__mode="full", state="done").count() > 10
    assert SyncRun.objects.get(connection=refused).state == "failed"
    assert {each["request_id"] for each in lines(told["worker"]) if each.get("run") == run.pk} == {run.request_id}
    for model in (Participant, ChatMessage, Question):
        assert model.objects.exists()
