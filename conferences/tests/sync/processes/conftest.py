from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from pytest_django import Settings

from conferences.models import Conference
from conferences.tests.sync.processes.workers import Workers
from lms_project.local import children


@pytest.fixture
def broker(settings: Settings) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def steady(conference: Conference) -> Conference:
    """A class whose answers take four seconds."""
    conference.connection.credentials = {"script": "steady", "key": "canary-key"}
    conference.connection.save()
    return conference


@pytest.fixture
def workers(campus: None, broker: redis.Redis, tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path / "workers.log")
    yield made
    made.stop()
    print(children.tail(made.log, 60))
