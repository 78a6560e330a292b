"""A site with the campus installed as a provider."""

import pytest
from pytest_django import Settings

from conferences.intake import add_connection
from conferences.models import Connection


@pytest.fixture(autouse=True)
def campus(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]


@pytest.fixture
def connection(db: None) -> Connection:
    stored = add_connection("campus", "Main campus", {"script": "quick", "key": "canary-key"})
    return Connection.objects.get(pk=stored.pk)
