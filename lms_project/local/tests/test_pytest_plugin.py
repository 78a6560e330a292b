"""Promise: every pytest session finds a real PostgreSQL and a real broker."""

import pytest
import redis
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_database_is_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper('äß'), current_setting('server_encoding')")
        assert cursor.fetchone()[1] == "UTF8"


def test_broker_answers() -> None:
    assert redis.Redis.from_url(settings.REDIS_URL).ping() is True
