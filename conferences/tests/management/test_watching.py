import os
import signal
from collections.abc import Callable, Iterator

import pytest
from django.db import connection as db_connection

from conferences.models import Conference, Participant, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import Cancelled
from conferences.providers.records import Notice, Record
from conferences.sync import runs
from conferences.tests.campus_integration.scripts import person
from conferences.tests.management.conftest import Run

# The watching thread has a connection of its own, which must see the rows.
pytestmark = pytest.mark.django_db(transaction=True)

Script = Callable[..., None]


def waiting_after(action: Callable[[], None]) -> Callable[[Target, Link], Iterator[Record]]:
    """One person, then something happens, then the provider is silent until the run is stopped."""

    def script(target: Target, link: Link) -> Iterator[Record]:
        yield person(target, "Ann")
        action()
        if link.stop.wait(30):
            raise Cancelled

    return script


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_cancels_the_run_cleanly(
    run: Run, conference: Conference, script: Script, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    script(attendance=waiting_after(lambda: os.kill(os.getpid(), number)))
    ran = run("sync_conference", conference.pk, "--only", "attendance", "--json")
    assert (ran.exit_code, ran.json["status"]) == (128 + number, "cancelled")
    assert "Cancelling; what is stored stays. Press Ctrl-C again to leave at once." in ran.err.splitlines()
    assert signal.getsignal(number) == before


def test_signal_keeps_what_was_stored(run: Run, conference: Conference, script: Script) -> None:
    """Never lose: a later sync finds and completes it."""
    run("sync_conference", conference.pk, "--only", "attendance")
    script(attendance=waiting_after(lambda: os.kill(os.getpid(), signal.SIGINT)))
    run("sync_conference", conference.pk, "--only", "attendance")
    assert set(Participant.objects.values_list("name", flat=True)) == {"Ann", "Ben", "Cleo"}
    assert not SyncRun.objects.filter(state__in=SyncRun.ACTIVE).exists()


def test_cancel_from_elsewhere_is_a_failure_and_no_signal(run: Run, conference: Conference, script: Script) -> None:
    def cancel() -> None:
        runs.cancel(SyncRun.objects.get())
        db_connection.close()

    script(attendance=waiting_after(cancel))
    ran = run("sync_conference", conference.pk, "--only", "attendance", "--json")
    assert (ran.exit_code, ran.json["status"]) == (1, "cancelled")


def test_handlers_are_given_back_after_a_good_run(run: Run, conference: Conference) -> None:
    before = signal.getsignal(signal.SIGINT)
    run("sync_conference", conference.pk)
    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.parametrize(("watched", "told"), [(True, "ann@example.org was left out"), (False, "••• was left out")])
def test_addresses_are_told_to_whoever_watches_and_kept_in_no_log(
    run: Run, conference: Conference, script: Script, monkeypatch: pytest.MonkeyPatch, watched: bool, told: str
) -> None:
    def left_out(target: Target, link: Link) -> Iterator[Record]:
        yield Notice("ann@example.org was left out")

    monkeypatch.setattr("rich.console.Console.is_terminal", watched)
    script(attendance=left_out)
    ran = run("sync_conference", conference.pk, "--only", "attendance")
    assert [line for line in ran.err.splitlines() if line.endswith(told)] != []
