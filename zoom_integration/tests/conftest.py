"""A Zoom that answers in the order it was told to, and a clock of one's own.

No test hears of another one's sign-in, or of what was refused to it.
"""

from collections.abc import Iterator

import pytest
import responses
from responses.registries import OrderedRegistry

from conferences.providers.base import Link
from conferences.providers.fake_clock import FakeClock
from zoom_integration import closed, grants
from zoom_integration.client import ZoomClient
from zoom_integration.tests.account import CREDENTIALS


@pytest.fixture(autouse=True)
def _own_sign_in() -> Iterator[None]:
    grants.forget()
    closed.forget()
    yield
    grants.forget()
    closed.forget()


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        yield mock


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def zoom(time: FakeClock, link: Link) -> Iterator[ZoomClient]:
    client = ZoomClient(CREDENTIALS, link, time.clock)
    yield client
    client.close()
