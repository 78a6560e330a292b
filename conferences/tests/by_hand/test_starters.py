"""Promise: nothing but the button, the admin action and the commands starts a sync. Proved on the source.

A new way for a person to start one is added to these tables. A schedule, a signal or a webhook has no place in them.
"""

import pytest
from celery import current_app
from django.conf import settings

from conferences.sync import vitals
from conferences.tests.by_hand.code import calling, naming, saying

COMMANDS = "conferences.management.commands"
# What makes a run or sets one going again, and who names it.
STARTERS = {
    "conferences.sync.runs.request": {
        "conferences.views.sync",
        "conferences.admin.syncing",
        f"{COMMANDS}.sync_conference",
    },
    "conferences.sync.account.request": {
        "conferences.views.connection_sync",
        "conferences.admin.syncing",
        f"{COMMANDS}.sync_connection",
    },
    "conferences.sync.pausing.resume": {
        "conferences.views.places",
        "conferences.admin.steering",
        f"{COMMANDS}.sync_connection",
    },
    "conferences.sync.runs.start_alone": {"conferences.sync.account"},
    "conferences.sync.runs._write": set(),
    "conferences.sync.account._write": set(),
    "conferences.sync.pausing._reopen": set(),
}
# Who leads there in turn: pages with an address, and the admin.
CALLERS = {
    "conferences.views.sync": {"conferences.urls"},
    "conferences.views.connection_sync": {"conferences.connection_urls"},
    "conferences.views.places.resumed": {"conferences.views.sync", "conferences.views.connection_sync"},
    "conferences.admin.syncing": {"conferences.admin.conferences", "conferences.admin.connections"},
    "conferences.admin.steering.SteeringAdmin": {"conferences.admin.runs"},
    f"{COMMANDS}.sync_conference": set(),
    f"{COMMANDS}.sync_connection": set(),
}
MAKERS = ("create", "bulk_create", "get_or_create", "update_or_create")
SENDERS = ("send_task", "apply_async", "delay", "signature", "s", "si")
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")


@pytest.mark.parametrize("starter", STARTERS)
def test_starter_is_named_by_its_own_few(starter: str) -> None:
    assert naming(starter) == STARTERS[starter]


@pytest.mark.parametrize("caller", CALLERS)
def test_callers_of_starters_are_reached_by_people_only(caller: str) -> None:
    assert naming(caller) == CALLERS[caller]


def test_rows_of_runs_are_written_in_two_places() -> None:
    writers = calling("SyncRun", *(f"SyncRun.objects.{how}" for how in MAKERS))
    assert writers == {"conferences.sync.runs", "conferences.sync.account"}
    assert saying("conferences_syncrun") == set()


def test_no_command_is_called_by_code() -> None:
    assert naming("django.core.management.call_command") == set()
    assert saying("sync_conference", "sync_connection") == set()


def test_workers_are_told_of_runs_by_the_doorbell_alone() -> None:
    """The other message asks whether anybody is there."""
    assert calling(*SENDERS) == {"conferences.sync.doorbell", "conferences.sync.vitals"}
    assert saying("conferences.sync_run") == {"conferences.sync.doorbell", "conferences.tasks"}


def test_workers_know_these_tasks_and_no_other() -> None:
    current_app.loader.import_default_modules()  # as a worker does when it starts
    known = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert known == {"conferences.sync_run", vitals.PING}


def test_nothing_is_scheduled() -> None:
    assert current_app.conf.beat_schedule == {}
    assert calling("add_periodic_task", "crontab", "schedule") == set()
    assert [
        name for name in ("docker-compose.yml", "Makefile") if " beat" in (settings.BASE_DIR / name).read_text()
    ] == []


def test_no_signal_of_rows_requests_or_sessions_is_listened_to() -> None:
    """Only the end of a migration is heard, and a worker that starts or stops: by the sweep, the look at alerts, and
    what it logs to."""
    assert set().union(*(naming(kind) for kind in SIGNALS)) == {"conferences.apps"}
    assert naming("django.db.models.signals") == naming("django.db.models.signals.post_migrate")
    assert naming("celery.signals") == {
        "conferences.operations.alerts.watch",
        "conferences.sync.leaving",
        "conferences.sync.sweep",
        "lms_project.celery",
    }
