"""Promise: an outage of the database is told in a sentence, and what was begun goes on after it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection

from conferences.models import Conference, Participant
from conferences.sync import runs
from conferences.sync.database import SENTENCE
from conferences.tests.sync.processes.workers import Workers, ended, expected, stored, until

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@contextmanager
def outage() -> Iterator[None]:
    """For all but this process, which keeps its connection."""
    of = connection.settings_dict
    name = connection.ops.quote_name(of["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    server = psycopg2.connect(
        host=of["HOST"], port=of["PORT"], user=of["USER"], password=of["PASSWORD"], dbname="postgres"
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
            cursor.execute(others, [of["NAME"], mine])
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            server.close()


def test_outage_is_told_in_a_sentence_and_outlived(steady: Conference, workers: Workers) -> None:
    workers.start()
    run = runs.request(steady, via="page")
    until(lambda: Participant.objects.count() >= 5, "the worker never began")
    with outage():
        until(lambda: f"run {run.pk}: {SENTENCE}" in workers.log.read_text(), "nobody said so")
    until(lambda: ended(run), "nobody went on")
    told = workers.log.read_text()
    assert (run.state, stored(steady)) == ("succeeded", expected(steady))
    assert [words for words in ("Traceback", "raised unexpected", "Unpickleable") if words in told] == []
