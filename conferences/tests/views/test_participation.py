"""Registrants, questions, polls: tabs that stand where the provider has the operations."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection as db_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conferences.models import Conference
from conferences.providers import registry
from conferences.providers.base import Operation
from conferences.tests.school import minute
from conferences.tests.views.test_detail import ATTACK, SEEN
from conferences.views.facts import Fact, told_facts

TABS = ("registrants", "questions", "responses")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider can tell of all three."""
    config = type(registry.provider("teams"))
    more = tuple(Operation(name, name) for name in ("registrants", "questions", "survey"))
    monkeypatch.setattr(config, "operations", config.operations + more)


def fill(conference: Conference, count: int) -> None:
    for number in range(count):
        key: dict[str, Any] = {"provider_id": f"{number}", **SEEN}
        conference.registrants.create(name=f"Ann {ATTACK}", status="approved", absent=True, **key)
        answers = [{"text": ATTACK, "author": "Ben", "answered_at": "2026-03-02T09:05:00+00:00"}]
        conference.questions.create(text=f"Why? {ATTACK}", asker="Ann", asked_at=minute(4), answers=answers, **key)
        conference.responses.create(kind="poll", question="Good?", answer=ATTACK, respondent="Ann", **key)


def names(client: Client, conference: Conference) -> dict[str, int | None]:
    return {tab.name: tab.count for tab in client.get(conference.get_absolute_url()).context["tabs"]}


def test_tabs_stand_only_where_the_provider_has_them(teacher: Client, conference: Conference) -> None:
    fill(conference, 1)
    assert set(TABS) & set(names(teacher, conference)) == set()


@pytest.mark.usefixtures("asked")
def test_tabs_count_their_rows(teacher: Client, conference: Conference) -> None:
    fill(conference, 2)
    counts = names(teacher, conference)
    assert {name: counts[name] for name in TABS} == dict.fromkeys(TABS, 2)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.usefixtures("asked")
def test_empty_tab_teaches(tab: str, teacher: Client, conference: Conference) -> None:
    assert "after a sync" in teacher.get(conference.get_absolute_url(), {"tab": tab}).text


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.usefixtures("asked")
def test_nothing_from_outside_becomes_part_of_the_page(tab: str, teacher: Client, conference: Conference) -> None:
    fill(conference, 1)
    text = teacher.get(conference.get_absolute_url(), {"tab": tab}).text
    assert ("&lt;img src=x" in text, "<img src=x" in text) == (True, False)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.usefixtures("asked")
def test_queries_do_not_grow_with_the_rows(tab: str, teacher: Client, conference: Conference) -> None:
    def cost() -> int:
        with CaptureQueriesContext(db_connection) as queries:
            teacher.get(conference.get_absolute_url(), {"tab": tab})
        return len(queries)

    fill(conference, 1)
    few = cost()
    for rows in (conference.registrants, conference.questions, conference.responses):
        rows.all().delete()
    fill(conference, 12)
    assert cost() == few


@pytest.mark.parametrize(("absent", "said"), [(True, "Absent"), (None, "Not said"), (False, "Not listed as absent")])
@pytest.mark.usefixtures("asked")
def test_absence_is_what_the_provider_says(
    absent: bool | None, said: str, teacher: Client, conference: Conference
) -> None:
    conference.registrants.create(provider_id="1", name="Ann", absent=absent, **SEEN)
    assert said in teacher.get(conference.get_absolute_url(), {"tab": "registrants"}).text


@pytest.mark.usefixtures("asked")
def test_answer_stands_with_its_question_in_the_zone_of_the_class(teacher: Client, conference: Conference) -> None:
    fill(conference, 1)
    text = teacher.get(conference.get_absolute_url(), {"tab": "questions"}).text
    assert ("2 Mar 2026, 10:04:00" in text, "2 Mar 2026, 10:05:00" in text) == (True, True)


def test_detail_shows_what_the_provider_names_for_people(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps.get_model("teams_integration.TeamsMeetingSync")._default_manager.create(
        conference=conference, thread_id="19:meeting"
    )
    assert told_facts(conference) == []
    config = type(registry.provider("teams"))
    monkeypatch.setattr(config, "detail_fields", ("thread_id", "meeting_id"))
    assert told_facts(conference) == [Fact("Thread id", "19:meeting")]


def test_moments_of_the_detail_are_told_with_their_zone(
    teacher: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = apps.get_model("teams_integration.TeamsMeetingSync")._default_manager
    rows.create(conference=conference, expires_at=minute(4))
    monkeypatch.setattr(type(registry.provider("teams")), "detail_fields", ("expires_at",))
    assert ">2 Mar 2026, 10:04 CET</time>" in teacher.get(conference.get_absolute_url()).text


def test_detail_of_an_uninstalled_provider_is_empty(conference: Conference) -> None:
    conference.connection.provider = "gone"
    assert told_facts(conference) == []
