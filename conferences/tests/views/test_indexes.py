"""Promise: however much there is, the pages of a connection find their rows by an index."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as db_connection
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import Settings

from conferences.connection_forms import AccountFilter
from conferences.models import Conference, Connection, FlawedEntry
from conferences.tests.views.account import campus_connection, lesson, put, whole_run
from conferences.views.account_card import failed_items
from conferences.views.flaws import live
from conferences.views.listing import with_last_run


@pytest.fixture
def connection(db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus_connection()


@pytest.fixture
def many(connection: Connection) -> Connection:
    """As many classes as make PostgreSQL care: thirty accounts with three hundred each."""
    lesson(connection, 1)
    fields = [str(field.column) for field in Conference._meta.concrete_fields if field.column != "id"]
    odd = {
        "connection_id": "connection",
        "external_id": "'class-' || connection || '-' || number",
        "organizer": "CASE WHEN mod(number, 5) = 0 THEN 'ada@example.org' ELSE 'host-' || mod(number, 40) END",
        "starts_at": "starts_at + number * interval '1 day'",
        "ends_at": "ends_at + number * interval '1 day'",
    }
    others = Connection.objects.bulk_create(
        Connection(provider="campus", name=f"Rooms {number}", credentials={}) for number in range(29)
    )
    told = ", ".join(odd.get(name, f'"{name}"') for name in fields)
    with db_connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO conferences_conference ({', '.join(fields)}) SELECT {told} FROM conferences_conference, "  # noqa: S608
            "unnest(%s) AS connection, generate_series(1, 300) AS number",
            [[connection.pk, *(other.pk for other in others)]],
        )
        cursor.execute("ANALYZE conferences_conference")
    return connection


def plan(rows: "QuerySet[Any]") -> Iterator[dict[str, Any]]:
    """The steps in which PostgreSQL would read them."""
    nodes = [json.loads(rows.explain(format="json"))[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        yield node


def scans(rows: "QuerySet[Any]") -> Iterator[dict[str, Any]]:
    """How PostgreSQL reads each table."""
    return (node for node in plan(rows) if "Relation Name" in node)


def indexes(rows: "QuerySet[Any]") -> set[str]:
    return {node["Index Name"] for node in plan(rows) if "Index Name" in node}


def tables_read_whole(rows: "QuerySet[Any]") -> set[str]:
    return {node["Relation Name"] for node in scans(rows) if node["Node Type"] == "Seq Scan"}


def without_reading_all(rows: "QuerySet[Any]") -> list[dict[str, Any]]:
    """The same where reading all of a table is the last resort, as it is with many rows."""
    with db_connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return list(scans(rows))


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
def test_filters_of_a_connection(many: Connection, query: dict[str, str]) -> None:
    conferences = with_last_run(Conference.objects.filter(connection=many))
    found = AccountFilter(query, connection=many).apply(conferences)[:50]
    assert tables_read_whole(found) & {"conferences_conference"} == set()


def test_failures_of_a_run(connection: Connection) -> None:
    run = whole_run(connection)
    put(run, lesson(connection, 1), "failed", ("failed", "failed"))
    (items,) = [node for node in without_reading_all(failed_items(run)[:200]) if "item" in node["Relation Name"]]
    assert items["Node Type"] != "Seq Scan"


def test_flaws_of_a_connection(many: Connection) -> None:
    """Of thirty connections, with what is long over among it. Gone ones are in the index no more."""
    now = timezone.now()
    FlawedEntry.objects.bulk_create(
        FlawedEntry(
            connection_id=connection,
            operation="attendance",
            provider_id=f"row-{number}",
            reasons=["no end"],
            first_seen_at=now,
            last_seen_at=now,
            gone_at=now if number % 3 else None,
        )
        for connection in Connection.objects.values_list("pk", flat=True)
        for number in range(300)
    )
    with db_connection.cursor() as cursor:
        cursor.execute("ANALYZE conferences_flawedentry")
    assert indexes(live(many)) == {"flawed_entry_live"}


def test_newest_of_all_conferences_need_no_sorting(many: Connection) -> None:
    newest = Conference.objects.order_by("-starts_at", "-pk")[:25]
    assert indexes(newest) == {"conference_newest"}
