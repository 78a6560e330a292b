"""A connection is checked before its first sync, and when a run was refused something; no run suffers by that."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from conferences.models import Conference, Connection, SyncEvent, SyncRun
from conferences.providers.base import Check, Link, Target
from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    NotSupported,
    ProviderError,
    ServerTrouble,
)
from conferences.sync import checkup, runs
from conferences.tests.campus_integration.apps import CampusConfig
from conferences.tests.campus_integration.scripts import person

Play = Callable[..., SyncRun]
ALL_WELL = "Checked what the connection may do: everything is permitted."


@pytest.fixture
def connection(conference: Conference) -> Connection:
    return conference.connection


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch, connection: Connection) -> list[str]:
    """On which conference each check was to try things out."""
    asked: list[str] = []
    check = CampusConfig.check

    def note(self: CampusConfig, credentials: Any, link: Link) -> Any:
        asked.append(link.example.external_id if link.example else "")
        return check(self, credentials, link)

    monkeypatch.setattr(CampusConfig, "check", note)
    return asked


def well(target: Target, link: Link) -> list[Any]:
    return [person(target, "Ann")]


def refuse(error: ProviderError) -> Callable[[Target, Link], Iterator[Any]]:
    def answer(target: Target, link: Link) -> Iterator[Any]:
        raise error
        yield

    return answer


def told(run: SyncRun) -> list[tuple[str, str]]:
    return list(SyncEvent.objects.filter(run=run, code="connection_checked").values_list("level", "text"))


def checked(connection: Connection, ago: timedelta = timedelta()) -> None:
    moment = timezone.now() - ago
    Connection.objects.filter(pk=connection.pk).update(checked_at=moment, check_began_at=moment)


LONG_AGO = timedelta(minutes=11)


def test_first_sync_of_a_connection_checks_it_before_anything_is_asked(
    play: Play, connection: Connection, checks: list[str]
) -> None:
    seen: list[int] = []

    def attend(target: Target, link: Link) -> list[Any]:
        seen.append(len(checks))
        return well(target, link)

    run = play(attendance=attend)
    connection.refresh_from_db()
    assert (seen, checks) == ([1], ["room-1@2026-03-02T09:00Z"])
    assert told(run) == [("info", ALL_WELL)]
    assert connection.check_cause == f"before the first sync, in run {run.pk}"
    assert [line["state"] for line in connection.checks] == ["permitted"] * 5


def test_later_syncs_that_go_well_do_not_check(play: Play, connection: Connection, checks: list[str]) -> None:
    checked(connection, LONG_AGO)
    assert told(play(attendance=well)) == []
    assert checks == []


@pytest.mark.parametrize("error", [NotPermitted("No."), LicenceMissing("No."), CredentialsRefused("No.")])
def test_refusal_of_rights_checks_what_the_connection_may_do(
    play: Play, connection: Connection, checks: list[str], error: ProviderError
) -> None:
    checked(connection, LONG_AGO)
    run = play(attendance=well, chat=refuse(error))
    connection.refresh_from_db()
    assert told(run) == [("info", ALL_WELL)]
    assert connection.check_cause == f"because something was refused, in run {run.pk}"


@pytest.mark.parametrize("error", [NotSupported("No."), Missing("No."), ServerTrouble("No.")])
def test_trouble_that_is_not_about_rights_does_not_check(
    play: Play, connection: Connection, checks: list[str], error: ProviderError
) -> None:
    checked(connection, LONG_AGO)
    assert told(play(attendance=refuse(error))) == []


def test_connection_that_was_checked_a_moment_ago_is_left_alone(
    play: Play, connection: Connection, checks: list[str]
) -> None:
    """So the first sync of a connection is held up once, however it ends, and the next ones not at all."""
    for _ in range(2):
        play(chat=refuse(NotPermitted("No.")))
    assert len(checks) == 1


def test_what_is_lacking_is_told_as_a_warning(
    play: Play, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = Check("recordings", "blocked", "Recordings may not be read.", ("cameras",))
    monkeypatch.setattr(CampusConfig, "check", lambda self, credentials, link: [lacking])
    run = play(attendance=well)
    assert told(run) == [("warning", "Checked what the connection may do: recordings lacks cameras.")]
    assert run.state == "succeeded"


def test_check_that_breaks_costs_the_run_nothing(
    play: Play, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: CampusConfig, credentials: Any, link: Link) -> list[Check]:
        raise ValueError("A fault of ours.")

    monkeypatch.setattr(CampusConfig, "check", broken)
    run = play(attendance=well)
    assert (run.state, told(run)) == ("succeeded", [])


def test_provider_that_does_not_answer_holds_no_run_up(
    play: Play, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_alone = Event()

    def hang(self: CampusConfig, credentials: Any, link: Link) -> list[Check]:
        if link.stop.wait(60):
            left_alone.set()
        return []

    monkeypatch.setattr(CampusConfig, "check", hang)
    monkeypatch.setattr(checkup, "SECONDS", 0.2)
    run = play(attendance=well)
    assert left_alone.wait(10)
    assert run.state == "succeeded"
    assert told(run)[0][1].startswith("Checked what the connection may do: This could not be checked. Campus did not")


def test_cancel_is_heard_during_the_check(
    play: Play, conference: Conference, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conferences.patience.WATCH_EVERY_SECONDS", 0.01)
    monkeypatch.setattr("conferences.sync.pulse.BEAT_SECONDS", 0.01)

    def hang(self: CampusConfig, credentials: Any, link: Link) -> list[Check]:
        link.stop.wait(60)
        return []

    def endless(target: Target, link: Link) -> Iterator[Any]:
        link.stop.wait(60)
        yield from ()

    def cancel(run_id: int, *_: Any) -> bool:
        runs.cancel(SyncRun.objects.get(pk=run_id))
        return True

    monkeypatch.setattr(CampusConfig, "check", hang)
    monkeypatch.setattr("conferences.sync.lease.Lease.beat", lambda lease, *_: cancel(lease.run_id))
    run = play(attendance=endless)
    connection.refresh_from_db()
    assert (run.state, connection.checked_at) == ("cancelled", None)


def test_secrets_that_cannot_be_read_are_told_by_the_steps(
    play: Play, connection: Connection, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    run = play(attendance=well)
    assert (told(run), run.state) == ([], "partial")
    assert run.message == "Some operations had issues: attendance."
