"""One thing at a time is broken in the stand-in's tenant, and the check says which, and what to do, line by line."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from conferences import checking
from conferences.models import Conference, Connection
from conferences.providers.base import Check, Link, Target
from conferences.providers.fake_clock import FakeClock
from conferences.providers.sandbox import Options, Running, running
from conferences.sync import runs, worker
from conferences.sync.result import result
from teams_integration.checks import check
from teams_integration.conf import Credentials
from teams_integration.sandbox import application
from teams_integration.sandbox.service import Microsoft
from teams_integration.sandbox.stories import seminar
from teams_integration.sandbox.stories.cast import NORTHFIELD
from teams_integration.sandbox.world import Meeting, Tenant
from teams_integration.tests.graph import target

CREDENTIALS = Credentials(NORTHFIELD.id, NORTHFIELD.client_id, NORTHFIELD.secret)
APP = f"Microsoft Entra admin center › App registrations › All applications › app {NORTHFIELD.client_id}"
POLICY = [
    "In Teams PowerShell, as a Teams administrator:",
    "Connect-MicrosoftTeams",
    f'New-CsApplicationAccessPolicy -Identity "LMS-Sync" -AppIds "{NORTHFIELD.client_id}" '
    '-Description "Lets the LMS read its classes"',
    'Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Identity "{}"',
    "To allow it for every organiser, run this instead of the last line:",
    'Grant-CsApplicationAccessPolicy -PolicyName "LMS-Sync" -Global',
    "It takes up to 30 minutes to take effect. Then sync again.",
]


@pytest.fixture
def microsoft() -> Microsoft:
    return application(Options(throttle=False))


@pytest.fixture(autouse=True)
def server(microsoft: Microsoft, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with running(microsoft) as server:
        settings.MICROSOFT_LOGIN_URL, settings.GRAPH_API_URL = server.base_url, f"{server.base_url}/v1.0"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        yield server


@pytest.fixture
def tenant(microsoft: Microsoft) -> Tenant:
    return microsoft.world.tenants[0]


@pytest.fixture
def meeting(tenant: Tenant) -> Meeting:
    return next(each for each in tenant.meetings if each.join_url == seminar.PLAN.join_url)


@pytest.fixture
def example(meeting: Meeting) -> Target:
    """As it is known after a sync."""
    found = {"organizer_id": meeting.organizer.id, "meeting_id": meeting.id, "thread_id": meeting.thread_id}
    return target(meeting.join_url, detail=found)


def checked(example: Target | None = None, credentials: Credentials = CREDENTIALS) -> dict[str, Check]:
    clock = FakeClock(starts_at=datetime.now(UTC)).clock
    return {line.operation: line for line in check(credentials, Link(example=example), clock)}


def states(lines: dict[str, Check]) -> dict[str, str]:
    return {name: line.state for name, line in lines.items()}


EVERYTHING = dict.fromkeys(("attendance", "recordings", "chat", "files"), "permitted")


def test_nothing_is_wrong(example: Target, meeting: Meeting, server: Running) -> None:
    got = checked(example)
    assert states(got) == EVERYTHING
    organizer = meeting.organizer.id
    assert got["attendance"].probe == (
        f"Asked for a meeting of {organizer}: answered. Asked for the calls of the last five minutes: answered."
    )
    assert got["recordings"].probe == (
        f"Asked for a meeting of {organizer}: answered. Asked for transcripts of {organizer}: answered."
    )
    assert got["chat"].probe == got["files"].probe == "Asked for a meeting's chat: answered."
    assert (got["files"].needs, got["files"].granted) == (("Chat.Read.All", "Files.Read.All"),) * 2
    assert f"The access policy covers the organiser {organizer};" in got["attendance"].message
    assert len(server.seen) == 2 + 4


def test_nothing_is_known_to_try_things_out_on(server: Running) -> None:
    got = checked()
    assert states(got) == EVERYTHING
    assert got["chat"].probe == "Nothing was tried: the token tells, and no meeting is known yet."
    assert len(server.seen) == 2 + 1


def test_secret_has_expired(tenant: Tenant, example: Target, server: Running) -> None:
    tenant.secret_expired = True
    got = checked(example)
    assert {(line.state, line.code) for line in got.values()} == {("failed", "expired_secret")}
    assert got["chat"].message == "The connection's client secret has expired. An admin must create a new one."
    assert got["chat"].steps == (
        f"Create a new client secret under {APP} › Certificates & secrets, enter its value here, and note when it "
        "expires.",
    )
    assert len(server.seen) == 2


def test_app_and_tenant_are_unknown() -> None:
    nobody = "00000000-1111-4222-8333-444444444444"
    app = Credentials(NORTHFIELD.id, nobody, NORTHFIELD.secret)
    tenant = Credentials(nobody, NORTHFIELD.client_id, NORTHFIELD.secret)
    codes = [checked(credentials=each)["chat"].code for each in (app, tenant)]
    assert codes == ["app_not_found", "tenant_not_found"]


def test_permission_was_withdrawn(tenant: Tenant, example: Target) -> None:
    tenant.roles.discard("OnlineMeetingRecording.Read.All")
    got = checked(example)
    assert states(got) == {**EVERYTHING, "recordings": "blocked"}
    line = got["recordings"]
    assert (line.code, line.missing) == ("missing_permission", ("OnlineMeetingRecording.Read.All",))
    assert line.granted == ("OnlineMeetings.Read.All", "OnlineMeetingTranscript.Read.All", "Files.Read.All")
    assert line.steps == (
        f"{APP} › API permissions › Add a permission › Microsoft Graph › Application permissions: add "
        "OnlineMeetingRecording.Read.All.",
        "There, choose “Grant admin consent”. For Microsoft Graph this takes a Global Administrator or a Privileged "
        "Role Administrator; a Cloud Application Administrator may add the permission, but not consent to it.",
        "Sync again after an hour at the latest: tokens that were issued before do not have it.",
    )


def test_access_policy_is_missing(tenant: Tenant, example: Target, meeting: Meeting) -> None:
    tenant.without_policy.add(meeting.organizer.id)
    got = checked(example)
    assert states(got) == {**EVERYTHING, "attendance": "blocked", "recordings": "blocked"}
    line = got["attendance"]
    assert (line.code, line.missing) == ("missing_access_policy", ())
    assert line.probe == f"Asked for a meeting of {meeting.organizer.id}: refused with 403 (Forbidden)."
    assert list(line.steps) == [step.replace("{}", meeting.organizer.id) for step in POLICY]


def test_transcripts_are_switched_off(tenant: Tenant, example: Target) -> None:
    tenant.transcripts_open = False
    got = checked(example)
    assert states(got) == {**EVERYTHING, "recordings": "blocked"}
    assert got["recordings"].code == "transcripts_disabled"
    assert got["recordings"].steps[0].startswith("Teams admin center › Meetings › Meeting settings")


def test_licence_for_chats_is_missing(tenant: Tenant, example: Target) -> None:
    tenant.chat_licensed = False
    got = checked(example)
    assert states(got) == {**EVERYTHING, "chat": "blocked", "files": "blocked"}
    assert got["chat"].code == "licence_missing"


@pytest.mark.parametrize("fault", ["503:/v1.0/", "429:/v1.0/:retry-after=86400", "500:/oauth2/v2.0/token"])
def test_microsoft_in_trouble_is_told_as_such_and_never_as_permitted(
    microsoft: Microsoft, settings: Settings, monkeypatch: pytest.MonkeyPatch, example: Target, fault: str
) -> None:
    with running(microsoft, faults=[fault]) as server:
        settings.MICROSOFT_LOGIN_URL, settings.GRAPH_API_URL = server.base_url, f"{server.base_url}/v1.0"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        got = checked(example)
    assert set(states(got).values()) == {"unknown"}
    assert all(line.message.startswith("This could not be checked. ") for line in got.values())


@pytest.fixture
def connection(db: None) -> Connection:
    names = ("tenant_id", "client_id", "client_secret")
    credentials = {name: getattr(CREDENTIALS, name) for name in names}
    pk = Connection.objects.create(provider="teams", name="Northfield", credentials=credentials).pk
    return Connection.objects.get(pk=pk)


@pytest.fixture
def sync(connection: Connection) -> Callable[[], dict[str, Any]]:
    plan = seminar.PLAN
    conference = Conference.objects.create(
        connection=connection,
        title=plan.title,
        external_id="seminar",
        join_url=plan.join_url,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
    )

    def run() -> dict[str, Any]:
        row = Conference.objects.get(pk=conference.pk)
        requested = runs.request(row, via="command", operations=("attendance",), ring=False)
        worker.work(requested.pk)
        requested.refresh_from_db()
        return result(requested)

    return run


def told(run: dict[str, Any]) -> list[str]:
    return [event["text"] for event in run["events"] if event["text"].startswith("Checked what")]


def test_first_sync_says_what_the_connection_lacks_and_the_next_check_that_it_is_mended(
    tenant: Tenant, meeting: Meeting, connection: Connection, sync: Callable[[], dict[str, Any]]
) -> None:
    tenant.without_policy.add(meeting.organizer.id)
    run = sync()
    assert told(run) == [
        "Checked what the connection may do: attendance, recordings: Microsoft Teams does not let this system look at "
        "the organiser's meetings yet: an access policy is missing. A Teams admin must grant it."
    ]
    assert told(run)[0] in run["warnings"]
    assert run["steps"]["attendance"]["outcome"] == "blocked"
    tenant.without_policy.clear()
    assert {line.state for line in checking.check(connection)} == {"permitted"}


def test_run_that_ends_blocked_says_which_permission_was_withdrawn(
    tenant: Tenant, connection: Connection, sync: Callable[[], dict[str, Any]]
) -> None:
    """Also what the sync itself did not come to ask for."""
    sync()
    Connection.objects.update(check_began_at=None)
    tenant.roles -= {"OnlineMeetingArtifact.Read.All", "OnlineMeetingTranscript.Read.All"}
    run = sync()
    assert told(run) == [
        "Checked what the connection may do: attendance lacks OnlineMeetingArtifact.Read.All; recordings lacks "
        "OnlineMeetingTranscript.Read.All."
    ]
    connection.refresh_from_db()
    assert connection.check_cause == f"because something was refused, in run {run['run']}"
