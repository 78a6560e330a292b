"""Promise: no secret, token, address, name or chat text in logs, metrics, traces and messages; everything searched."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from conferences.models import ChatMessage, Conference, Connection, Participant, Recording, SyncStep
from conferences.providers.sandbox import Options, running
from conferences.sync import runs
from conferences.tests.emitted import WHOLE, Overheard, Site, collector, leaks, lines, site
from teams_integration.sandbox import application
from teams_integration.sandbox.demo import demo
from teams_integration.sandbox.stories import seminar

__all__ = ["collector", "site"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.timeout(300)]

# Trouble that another try overcomes, and trouble that does not.
FAULTS = ("429:/messages:1:retry-after=0.1", "503:attendanceReports:1", "mistype:attendanceRecords:1", "401:/drive:1")


@pytest.fixture
def microsoft(site: Site) -> Iterator[Overheard]:
    overheard = Overheard(application(Options(throttle=False)))
    with running(overheard, faults=FAULTS) as server:
        site.addresses = {
            "MICROSOFT_LOGIN_URL": server.base_url,
            "GRAPH_API_URL": f"{server.base_url}/v1.0",
            "REQUESTS_CA_BUNDLE": server.ca_bundle,
        }
        yield overheard


def conferences() -> list[Conference]:
    """Every story that the stand-in knows, one of them with a secret that is refused."""
    rows = {
        each["key"]: Connection.objects.create(provider="teams", name=each["name"], credentials=each["credentials"])
        for each in demo()["connections"]
    }
    names = ("title", "join_url", "organizer", "time_zone")
    return [
        Conference.objects.create(
            connection=rows[each["connection"]],
            starts_at=datetime.fromisoformat(each["starts_at"]),
            ends_at=datetime.fromisoformat(each["ends_at"]),
            external_id=f"told-{number}",
            **{name: each[name] for name in names},
        )
        for number, each in enumerate(demo()["conferences"])
    ]


def test_nothing_personal_or_secret_leaks(site: Site, microsoft: Overheard, caplog: pytest.LogCaptureFixture) -> None:
    clicked, *others = conferences()
    run = site.click(clicked, caplog)
    by_command = [each for each in others if each.title == seminar.PLAN.title or "mistyped" in each.connection.name]
    for each in others:
        if each not in by_command:
            runs.request(each, via="command")
    site.work()
    for each in by_command:
        site.command("sync_conference", each.pk)
    told = site.everything()
    assert leaks(told, *microsoft.secrets) == {}
    assert set(SyncStep.objects.values_list("outcome", flat=True)) == {"synced", "no_data", "blocked", "failed"}
    assert {each["request_id"] for each in lines(told["worker"]) if each.get("run") == run.pk} == {run.request_id}
    assert run.request_id in told["page"]


def test_search_finds_what_is_there(site: Site, microsoft: Overheard) -> None:
    """Else the other test proves nothing."""
    known = next(each for each in conferences() if each.title == seminar.PLAN.title)
    site.command("sync_conference", known.pk)
    export = site.command("export_conference", known.pk)
    found = leaks({"export": export, "tokens": " ".join(microsoft.secrets)}, *microsoft.secrets)
    for model, name in ((Participant, "name"), (ChatMessage, "text"), (Recording, "url")):
        assert {value[:WHOLE] for value in model.objects.values_list(name, flat=True)} & found["export"]
    assert found["tokens"] == microsoft.secrets
