"""Entries that make no sense: told by reason, with what was said, on the pages of a class and of a connection."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as db_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from conferences.models import Conference, Connection, FlawedEntry
from conferences.tests.views.account import campus_connection, lesson
from conferences.tests.views.test_detail import ATTACK, SEEN
from conferences.views.flaws import EXAMPLES, groups_with_examples

NO_LEAVE = "no leave time"


def flawed(of: Conference | Connection, key: str, *reasons: str, **more: Any) -> FlawedEntry:
    placed = {"connection": of} if isinstance(of, Connection) else {"connection": of.connection, "conference": of}
    values = {"operation": "attendance", "about": "Ann", "raw": {"leave_time": ""}, **SEEN, **placed, **more}
    return FlawedEntry.objects.create(provider_id=key, reasons=list(reasons or (NO_LEAVE,)), **values)


def shown(client: Client, conference: Conference, **query: str) -> Any:
    return client.get(conference.get_absolute_url(), {"tab": "flaws", **query})


def test_tab_stands_only_where_something_is_wrong_now(teacher: Client, conference: Conference) -> None:
    flawed(conference, "1", gone_at=SEEN["last_seen_at"])
    assert "flaws" not in {tab.name for tab in teacher.get(conference.get_absolute_url()).context["tabs"]}
    assert "Nothing odd" in shown(teacher, conference).text
    flawed(conference, "2")
    assert {tab.name: tab.count for tab in shown(teacher, conference).context["tabs"]}["flaws"] == 1


def test_many_entries_with_one_reason_are_one_line(teacher: Client, conference: Conference) -> None:
    """Promise: three hundred rows with the same fault drown nobody."""
    for number in range(120):
        flawed(conference, str(number))
    flawed(conference, "odd", "left before joining", "negative length", operation="chat")
    answer = shown(teacher, conference)
    assert [(each.count, each.reason, each.label) for each in answer.context["groups"]] == [
        (120, NO_LEAVE, "Attendance"),
        (1, "left before joining, negative length", "Chat"),
    ]
    assert "120 entries: no leave time" in answer.text
    assert len(answer.context["lines"]) == 100


def test_one_group_can_be_looked_at_alone(teacher: Client, conference: Conference) -> None:
    flawed(conference, "1", about="Ben")
    flawed(conference, "2", "no join time", about="Cleo")
    wanted = shown(teacher, conference).context["groups"][1].name
    assert [each.entry.about for each in shown(teacher, conference, wrong=wanted).context["lines"]] == ["Ben"]
    assert len(shown(teacher, conference, wrong="nonsense").context["lines"]) == 2


def test_what_was_said_is_shown_as_text(teacher: Client, conference: Conference) -> None:
    raw = {"items": [1], "name": ATTACK, ATTACK: None}
    flawed(conference, "1", ATTACK, about=ATTACK, raw=raw, stored=False)
    answer = shown(teacher, conference)
    assert answer.context["lines"][0].said == [("name", ATTACK), ("items", "[1]"), (ATTACK, "null")]
    assert ("&lt;img src=x" in answer.text, "<img src=x" in answer.text) == (True, False)
    assert "Not among the data" in answer.text


def test_queries_do_not_grow_with_the_entries(teacher: Client, conference: Conference) -> None:
    def cost() -> int:
        with CaptureQueriesContext(db_connection) as queries:
            shown(teacher, conference)
        return len(queries)

    flawed(conference, "0")
    few = cost()
    for number in range(1, 12):
        flawed(conference, str(number), f"reason {number}")
    assert cost() == few


@pytest.fixture
def campus(db: None, settings: Settings) -> Connection:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "conferences.tests.campus_integration"]
    return campus_connection()


def test_connection_tells_by_reason_what_is_wrong_and_where(campus: Connection) -> None:
    first, second = lesson(campus, 1), lesson(campus, 2)
    for number in range(EXAMPLES + 5):
        flawed(first, str(number))
    flawed(second, "0")
    flawed(second, "gone", gone_at=SEEN["last_seen_at"])
    lost = flawed(campus, "lost", "no uuid", operation="discovery", stored=False)
    many, one = groups_with_examples(campus)
    assert (many.reason, many.label, many.count, many.classes) == (NO_LEAVE, "Attendance", EXAMPLES + 6, 2)
    assert len(many.examples) == EXAMPLES
    assert (one.reason, one.label, one.count, one.classes, one.examples) == ("no uuid", "Search", 1, 0, [lost])


def test_page_of_a_connection_leads_to_the_classes(client_of: Callable[[str], Client], campus: Connection) -> None:
    staff, address = client_of("staff"), f"/connections/{campus.pk}/"
    assert "Entries that make no sense" not in staff.get(address).text
    where = lesson(campus, 1)
    flawed(where, "1")
    assert f'href="{where.get_absolute_url()}?tab=flaws#content"' in staff.get(address).text
