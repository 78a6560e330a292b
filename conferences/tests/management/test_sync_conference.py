import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import Settings

from conferences.models import Conference, Connection, Participant, SyncItem, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import CredentialsRefused, NotPermitted
from conferences.providers.records import Notice, ProviderTotal, Record
from conferences.sync import runs
from conferences.sync.lease import claim
from conferences.sync.result import result
from conferences.sync.room import free_at
from conferences.tests.campus_integration.scripts import message, person
from conferences.tests.management.conftest import Run
from lms_project import celery_app

# The engine's threads look at rows that this test's own transaction would hide.
pytestmark = pytest.mark.django_db(transaction=True)

ADVICE = "Ask for “walls”.\nThen sync again."


def people(target: Target, link: Link) -> Iterator[Record]:
    yield ProviderTotal(2)
    yield person(target, "Ann")
    yield person(target, "Ben")


def refused(target: Target, link: Link) -> Iterator[Record]:
    raise NotPermitted("We may not read the chat.", code="chat_permission", advice=ADVICE)
    yield


def wrong_secret(target: Target, link: Link) -> Iterator[Record]:
    raise CredentialsRefused("The campus refused the key.", detail="client_secret=canary-key")
    yield


def test_result_as_json_is_all_of_standard_output(run: Run, conference: Conference) -> None:
    ran = run("sync_conference", conference.pk, "--json")
    sync = SyncRun.objects.get()
    assert (ran.exit_code, ran.json) == (0, result(sync))
    assert (sync.state, sync.requested_via, sync.requested_by) == ("succeeded", "command", None)
    assert Participant.objects.count() == 3


def test_progress_goes_to_standard_error(run: Run, conference: Conference) -> None:
    """Every line of the activity log, once."""
    ran = run("sync_conference", conference.pk, "--json")
    told = [line.split("  ", 1)[1] for line in ran.err.splitlines()]
    assert told == list(SyncRun.objects.get().events.values_list("text", flat=True))


def test_partial_result_is_success_and_says_what_to_do(
    run: Run, conference: Conference, script: Callable[..., None]
) -> None:
    script(attendance=people, chat=refused)
    ran = run("sync_conference", conference.pk, "--only", "attendance,chat")
    assert ran.exit_code == 0
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        f"Run {SyncRun.objects.get().pk}: partial. Some operations had issues: chat. Other data synced successfully.",
        "Operation   Outcome     Items  New  Changed  What happened",
        f"attendance  ✓ synced   2 of 2    2        0  {step_message('attendance')}",
        "chat        ▲ blocked       0    0        0  We may not read the chat.",
        "",
        "To do for chat:",
        "Ask for “walls”.",
        "Then sync again.",
    ]


def step_message(operation: str) -> str:
    return str(result(SyncRun.objects.get())["steps"][operation]["message"])


def test_only_some_operations(run: Run, conference: Conference) -> None:
    ran = run("sync_conference", conference.pk, "--only", "chat, attendance", "--json")
    assert (ran.exit_code, list(ran.json["steps"])) == (0, ["attendance", "chat"])


def test_failed_run_ends_with_exit_code_one(run: Run, conference: Conference, script: Callable[..., None]) -> None:
    script(attendance=wrong_secret)
    ran = run("sync_conference", conference.pk, "--only", "attendance", "--json")
    assert (ran.exit_code, ran.json["status"], ran.json["success"]) == (1, "failed", False)
    assert ran.json["code"] == "credentials_refused"
    assert ran.err.splitlines()[-1] == f"CommandError: {ran.json['message']}"
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("options", [(), ("--json",), ("-v", "3")])
def test_secret_is_in_no_output(
    run: Run, conference: Conference, script: Callable[..., None], options: tuple[str, ...]
) -> None:
    """No secret ever appears in output."""
    script(attendance=wrong_secret, chat=wrong_secret)
    ran = run("sync_conference", conference.pk, *options)
    assert "canary-key" not in ran.out + ran.err


def test_terminal_is_not_obeyed(run: Run, conference: Conference, script: Callable[..., None]) -> None:
    def hostile(target: Target, link: Link) -> Iterator[Record]:
        yield Notice("Room \x1b]0;owned\x07 [bold]open[/bold]", "warning")
        yield message(target, 1)

    script(chat=hostile)
    ran = run("sync_conference", conference.pk, "--only", "chat")
    assert ("\x1b" in ran.err + ran.out, "\x07" in ran.err + ran.out) == (False, False)
    assert "[bold]open[/bold]" in ran.err


def test_run_whose_worker_was_lost_is_gone_on_with(run: Run, conference: Conference) -> None:
    """Must-beat: "running" for ever."""
    lost = runs.request(conference, via=SyncRun.Via.COMMAND, ring=False)
    assert claim(lost.pk, "killed") is not None
    refused = run("sync_conference", conference.pk)
    lost.refresh_from_db()
    assert (refused.exit_code, refused.err) == (
        3,
        f"CommandError: A sync of this conference is already under way. It is run {lost.pk}. Its worker was last heard "
        f"of at {lost.heartbeat_at:%H:%M:%S} UTC. If that is still so at {free_at(lost):%H:%M:%S} UTC, this command "
        "goes on with it then.\n",
    )
    SyncItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    ran = run("sync_conference", conference.pk, "--json")
    assert (ran.exit_code, ran.json["run"], ran.json["status"]) == (0, lost.pk, "succeeded")
    assert ran.err.splitlines()[0] == f"Going on with run {lost.pk}: no worker is at it."


def test_what_was_asked_for_follows_a_lost_run_of_something_else(run: Run, conference: Conference) -> None:
    """Never somebody else's work as the answer to what was asked."""
    lost = runs.request(conference, via=SyncRun.Via.COMMAND, operations=["chat"], ring=False)
    assert claim(lost.pk, "killed") is not None
    SyncItem.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    ran = run("sync_conference", conference.pk, "--only", "attendance", "--json")
    asked = SyncRun.objects.get(pk=ran.json["run"])
    assert (ran.exit_code, asked.operations, asked.state) == (0, ["attendance"], "succeeded")
    lost.refresh_from_db()
    assert lost.state == "succeeded"
    assert f"Run {lost.pk} has ended: Succeeded. Now to what was asked for." in ran.err


def test_run_that_nobody_ever_began_is_gone_on_with(run: Run, conference: Conference) -> None:
    """Its command was killed before it had begun, and there is no worker; a resumed run waits anew."""
    waiting = runs.request(conference, via=SyncRun.Via.COMMAND, ring=False)
    long_ago = timezone.now() - timedelta(hours=1)
    SyncRun.objects.update(created_at=long_ago, heartbeat_at=timezone.now())
    assert run("sync_conference", conference.pk).exit_code == 3
    SyncRun.objects.update(heartbeat_at=None)
    assert run("sync_conference", conference.pk, "--json").json["run"] == waiting.pk
    assert SyncRun.objects.get().state == "succeeded"


def test_active_run_is_shown_with_exit_code_three(run: Run, conference: Conference) -> None:
    active = runs.request(conference, via="page", ring=False)
    ran = run("sync_conference", conference.pk, "--json")
    assert (ran.exit_code, ran.json["run"], ran.json["status"]) == (3, active.pk, "queued")
    assert ran.err == (
        f"CommandError: A sync of this conference is already under way. It is run {active.pk}. No worker has begun it "
        f"yet. If that is still so at {free_at(active):%H:%M:%S} UTC, this command goes on with it then.\n"
    )
    assert SyncRun.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--only", "chat,videos"),
            "There is no operation “videos” here. There are: attendance, recordings, chat, files, polls.",
        )
    ],
)
def test_unknown_operation_is_wrong_usage(
    run: Run, conference: Conference, options: tuple[str, ...], sentence: str
) -> None:
    ran = run("sync_conference", conference.pk, *options, "--json")
    assert (ran.exit_code, ran.out, ran.err, SyncRun.objects.count()) == (2, "", f"CommandError: {sentence}\n", 0)


@pytest.mark.parametrize("arguments", [(), ("first",), ("1", "--only", ","), ("1", "--fast")])
def test_usage_that_is_wrong(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("sync_conference", *arguments)
    assert (ran.exit_code, ran.out) == (2, "")


def test_unknown_conference(run: Run) -> None:
    ran = run("sync_conference", 4711, "--json")
    assert (ran.exit_code, ran.out, ran.err) == (2, "", "CommandError: There is no conference 4711.\n")


def test_removed_provider(run: Run, conference: Conference) -> None:
    Connection.objects.update(provider="gone")
    ran = run("sync_conference", conference.pk)
    assert (ran.exit_code, ran.err) == (
        2,
        "CommandError: There is no provider “gone”. Installed are: campus, teams, zoom.\n",
    )


def test_lost_key_blocks_every_operation(run: Run, conference: Conference, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    ran = run("sync_conference", conference.pk, "--json")
    assert {step["outcome"] for step in ran.json["steps"].values()} == {"blocked"}
    assert (ran.exit_code, "Traceback" in ran.err) == (0, False)


def ringing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs for which workers are rung from now on; nobody hears it."""
    rung: list[int] = []
    monkeypatch.setattr(celery_app, "send_task", lambda name, args: rung.extend(args))
    return rung


def test_background_leaves_the_work_to_workers(
    run: Run, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = ringing(monkeypatch)
    ran = run("sync_conference", conference.pk, "--background", "--json")
    sync = SyncRun.objects.get()
    assert (ran.exit_code, ran.json["run"], ran.json["status"], rung) == (0, sync.pk, "queued", [sync.pk])
    assert ran.err == f"Run {sync.pk} waits for a worker.\n"
    assert Participant.objects.count() == 0


def test_background_without_a_broker_says_so(run: Run, conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is stored, so that it will be done: that is success, with a sentence."""

    def down(name: str, args: list[int]) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(celery_app, "send_task", down)
    ran = run("sync_conference", conference.pk, "--background", "--json")
    assert (ran.exit_code, ran.json["status"], ran.json["code"]) == (0, "queued", "broker_unreachable")
    assert ran.json["message"].startswith("Your sync is waiting: ")


def test_foreground_needs_no_broker(run: Run, conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    rung = ringing(monkeypatch)
    assert (run("sync_conference", conference.pk).exit_code, rung) == (0, [])


def test_event_log_is_heard_again_afterwards(
    run: Run, conference: Conference, caplog: pytest.LogCaptureFixture
) -> None:
    run("sync_conference", conference.pk)
    with caplog.at_level(logging.INFO, "conferences.sync"):
        logging.getLogger("conferences.sync").info("heard")
    assert [record.message for record in caplog.records if record.message == "heard"] == ["heard"]
