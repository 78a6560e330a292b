"""Both accounts of the stand-in, asked through the real client: sign-in, TLS, paging and refusals included."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from conferences.providers.base import Link, Span, Target
from conferences.providers.errors import Blocked
from conferences.providers.records import ConferenceRecord, ProviderTotal, Record
from conferences.providers.registry import provider
from conferences.providers.sandbox import Options, running
from conferences.providers.window import Window
from zoom_integration.sandbox import application
from zoom_integration.sandbox.demo import demo
from zoom_integration.tests.zoom import conferences, people, problems

WORLD = demo()
CAMPUS, COLLEGE = (each["credentials"] for each in WORLD["connections"][:2])


@pytest.fixture(scope="module", autouse=True)
def _zoom() -> Iterator[None]:
    with running(application(Options())) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        with override_settings(ZOOM_OAUTH_URL=f"{server.base_url}/oauth", ZOOM_API_URL=f"{server.base_url}/v2"):
            yield


@pytest.fixture(scope="module")
def campus() -> list[Record]:
    return searched(CAMPUS)


@pytest.fixture(scope="module")
def college() -> list[Record]:
    return searched(COLLEGE)


def searched(credentials: dict[str, str]) -> list[Record]:
    return list(provider("zoom").discover(credentials, Span(), Link(stop=threading.Event())))


def synced(credentials: dict[str, str], of: ConferenceRecord) -> dict[str, list[Record]]:
    """Every operation on a conference that a search has found."""
    window = Window(of.starts_at, max(of.ends_at, of.starts_at + timedelta(seconds=1)))
    target = Target(of.external_id, of.title, of.join_url, of.organizer, window, of.detail)
    found: dict[str, list[Record]] = {}
    with provider("zoom").open(credentials, target, Link(stop=threading.Event())) as session:
        for operation in provider("zoom").operations:
            try:
                found[operation.name] = list(session.fetch(operation.name))
            except Blocked:
                found[operation.name] = []
    return found


def unsound(records: dict[str, list[Record]]) -> dict[str, Any]:
    return {name: problems(each) for name, each in records.items() if problems(each)}


def test_search_finds_each_run_once(campus: list[Record]) -> None:
    uuids = [each.external_id for each in conferences(campus)]

    assert len(uuids) == len(set(uuids)) > 0
    assert [each.detail["status"] for each in conferences(campus) if not each.detail["status"]] == []


def test_search_without_reports_goes_through_the_hosts(college: list[Record]) -> None:
    assert conferences(college)
    assert set(problems(college)) == {"missing_scope"}


def test_every_run_of_the_campus_can_be_synced_without_a_fault(campus: list[Record]) -> None:
    past = [each for each in conferences(campus) if each.detail["status"] == "ended"][:6]

    assert {each.external_id: unsound(synced(CAMPUS, each)) for each in past} == {each.external_id: {} for each in past}


def test_lists_that_may_not_be_reported_come_from_past_participants(college: list[Record]) -> None:
    ended = [each for each in conferences(college) if each.detail["status"] == "ended"]
    found = people(synced(COLLEGE, ended[0])["attendance"])

    assert {each.source for each in found} == {"past_participants"}


def test_totals_that_zoom_states_are_handed_on(campus: list[Record]) -> None:
    biggest = max(conferences(campus), key=lambda each: each.detail.get("participants_count") or 0)
    records = synced(CAMPUS, biggest)["attendance"]

    stated = sum(record.count for record in records if isinstance(record, ProviderTotal))
    assert stated >= sum(len(person.intervals) for person in people(records)) > 0
