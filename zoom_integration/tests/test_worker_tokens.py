"""facts 1.1, must-beat: a new token may kill the older ones. Workers of one connection then end with everything synced,
and sign in as seldom as one of them alone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conferences.models import Connection, SyncItem, SyncStep
from conferences.providers.sandbox import Options, Running, running
from conferences.sync import account
from conferences.tests.sync.processes.workers import Workers, ended, until
from lms_project.local import children
from zoom_integration.sandbox import application
from zoom_integration.sandbox.service import Zoom
from zoom_integration.sandbox.world import World
from zoom_integration.tests.test_whole_account import connected, hold, northfield

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

RUNS = 12


@pytest.fixture
def zoom() -> Zoom:
    app = application(Options(throttle=False))
    app.world = app.sign_in.world = World([northfield()])
    for number in range(RUNS):
        hold(app.world.accounts[0], f"Lecture {number}", number + 2)
    app.world.newest_token_only = True
    return app


@pytest.fixture
def server(zoom: Zoom) -> Iterator[Running]:
    with running(zoom, latency_seconds=0.02) as server:
        yield server


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path / "workers.log")
    yield made
    made.stop()
    print(children.tail(made.log, 60))


@pytest.fixture
def connection(zoom: Zoom, transactional_db: None) -> Connection:
    return connected(zoom.world.accounts[0])


def test_workers_do_not_end_each_others_tokens(
    connection: Connection, server: Running, zoom: Zoom, workers: Workers
) -> None:
    environment = {
        "ZOOM_OAUTH_URL": f"{server.base_url}/oauth",
        "ZOOM_API_URL": f"{server.base_url}/v2",
        "REQUESTS_CA_BUNDLE": server.ca_bundle,
    }
    for _ in range(2):
        workers.start(**environment)
    run = account.request(connection, via="page")
    until(lambda: ended(run), "the run never ended")
    failed = SyncStep.objects.filter(item__run=run, outcome="failed").values_list("operation", "code", "message")
    assert list(failed) == []
    assert SyncItem.objects.filter(run=run, state="done").count() == RUNS + 1
    assert len(set(SyncItem.objects.filter(run=run).values_list("worker", flat=True))) > 1
    assert zoom.sign_in.given <= 2
