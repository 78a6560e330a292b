"""The third provider keeps the contract, in its own folder and with one settings line."""

import pytest
from pytest_django.fixtures import Settings

from conferences.providers.testing import ProviderContract


@pytest.fixture(autouse=True)
def _plugged_in(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]


class TestCampus(ProviderContract):
    slug = "campus"
    credentials = {"script": "quick", "key": "canary-key"}
    join_url = "https://campus.example.org/room-1"
