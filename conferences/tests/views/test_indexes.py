"""Promise: however much there is, the pages of a connection find their rows by an index."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as db_connection
from django.db.models import QuerySet
from pytest_django import Settings

from conferences.connection_forms import AccountFilter
from conferences.models import Conference, Connection
from conferences.tests.views.account import campus_connection, lesson, put, whole_run
from conferences.views.account_card import failed_items
from conferences.views.flaws import live
from conferences.views.listing import with_last_run


@pytest.fixture
def connection(db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus_connection()


def scans(rows: "QuerySet[Any]") -> Iterator[dict[str, Any]]:
    """How PostgreSQL reads each table where reading all of it is the last resort, as it is with many rows."""
    with db_connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    nodes = [json.loads(rows.explain(format="json"))[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if "Relation Name" in node:
            yield node


def tables_read_whole(rows: "QuerySet[Any]") -> set[str]:
    narrowing = ("Index Cond", "Recheck Cond")
    return {node["Relation Name"] for node in scans(rows) if not any(key in node for key in narrowing)}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"host": "ada@example.org"},
        {"first": "2026-03-01", "last": "2026-03-31"},
        {"host": "ada@example.org", "first": "2026-03-01"},
        {"state": "failed"},
    ],
    ids=lambda query: " and ".join(query) or "all",
)
def test_filters_of_a_connection(connection: Connection, query: dict[str, str]) -> None:
    lesson(connection, 1)
    conferences = with_last_run(Conference.objects.filter(connection=connection))
    assert tables_read_whole(AccountFilter(query, connection=connection).apply(conferences)[:50]) == set()


def test_failures_of_a_run(connection: Connection) -> None:
    run = whole_run(connection)
    put(run, lesson(connection, 1), "failed", ("failed", "failed"))
    whole = tables_read_whole(failed_items(run)[:200])
    assert whole & {"conferences_syncitem", "conferences_conference"} == set()


def test_flaws_of_a_connection(connection: Connection) -> None:
    assert tables_read_whole(live(connection)) == set()
    assert {node.get("Index Name") for node in scans(live(connection))} == {"flawed_entry_live"}


def test_newest_of_all_conferences_need_no_sorting(connection: Connection) -> None:
    newest = Conference.objects.order_by("-starts_at", "-pk")[:25]
    assert [node.get("Index Name") for node in scans(newest)] == ["conference_newest"]
