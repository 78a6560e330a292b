import pytest

from conferences.models import Conference
from conferences.tests.sync.store.listings import Listings


@pytest.fixture
def sync(conference: Conference) -> Listings:
    return Listings(conference)
