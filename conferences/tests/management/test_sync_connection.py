import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from conferences.models import Conference, Connection, SyncItem, SyncRun
from conferences.providers.base import Span
from conferences.providers.errors import DailyLimit
from conferences.sync import account
from conferences.sync.lease import claim
from conferences.sync.room import take_over
from conferences.tests.campus_integration.scripts import SCRIPTS, quick
from conferences.tests.management.conftest import Run


@pytest.mark.django_db
def test_provider_that_lists_nothing_says_what_to_do_instead(run: Run) -> None:
    teams = Connection.objects.create(provider="teams", name="Teams", credentials={})
    ran = run("sync_connection", teams.pk, "--json")
    assert (ran.exit_code, ran.out, SyncRun.objects.count()) == (2, "", 0)
    assert ran.err == (
        "CommandError: Microsoft Teams does not list its conferences, so a sync of the whole connection does not apply "
        "to it yet. Sync its conferences one by one: manage.py sync_conference ID.\n"
    )


def test_whole_connection(run: Run, connection: Connection) -> None:
    ran = run("sync_connection", connection.pk, "--json")
    told = json.loads(ran.out)
    assert (ran.exit_code, told["status"], told["items"]["total"], Conference.objects.count()) == (0, "succeeded", 7, 7)


def test_days_of_a_range_are_whole_and_the_last_one_counts(run: Run, connection: Connection) -> None:
    ran = run("sync_connection", connection.pk, "--mode", "range", "--from", "2026-03-03", "--to", "2026-03-04")
    found = Conference.objects.filter(starts_at__year=2026).values_list("external_id", flat=True)
    assert (ran.exit_code, set(found)) == (0, {"lesson-1", "lesson-2"})


def test_paused_run_goes_on_at_the_next_call(run: Run, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(*_: object) -> object:
        raise DailyLimit("No more today.")

    monkeypatch.setitem(SCRIPTS, "quick", limited)
    stopped = run("sync_connection", connection.pk, "--json")
    first = json.loads(stopped.out)
    assert (stopped.exit_code, stopped.err.splitlines()[-1]) == (1, f"CommandError: {first['message']}")
    monkeypatch.setitem(SCRIPTS, "quick", quick)
    ran = run("sync_connection", connection.pk, "--json")
    second = json.loads(ran.out)
    assert (first["status"], second["status"], second["run"]) == ("paused", "succeeded", first["run"])


@pytest.mark.parametrize(
    ("asked", "goes_on"),
    [
        (["--mode", "range", "--from", "2026-03-03"], True),
        (["--mode", "range", "--from", "2026-03-04"], False),
        (["--mode", "full"], False),
    ],
)
def test_paused_run_goes_on_only_where_it_is_what_was_asked_for(
    run: Run, connection: Connection, monkeypatch: pytest.MonkeyPatch, asked: list[str], goes_on: bool
) -> None:
    def limited(*_: object) -> object:
        raise DailyLimit("No more today.")

    monkeypatch.setitem(SCRIPTS, "quick", limited)
    paused = run("sync_connection", connection.pk, "--json", "--mode", "range", "--from", "2026-03-03").json["run"]
    monkeypatch.setitem(SCRIPTS, "quick", quick)
    ran = run("sync_connection", connection.pk, "--json", *asked)
    assert (ran.exit_code, ran.json["run"] == paused) == (0, goes_on)


@pytest.mark.parametrize("options", [["--mode", "full"], ["--resume"], ["--mode", "range", "--from", "2026-03-05"]])
def test_what_was_asked_for_follows_a_lost_run_of_something_else(
    run: Run, connection: Connection, options: list[str]
) -> None:
    since = Span(datetime(2026, 3, 3, tzinfo=UTC))
    lost = account.request(connection, via="command", mode="range", span=since, ring=False)
    assert claim(lost.pk, "killed") is not None
    SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))
    ran = run("sync_connection", connection.pk, "--json", *options)
    assert (ran.exit_code, ran.json["run"] == lost.pk) == (0, options == ["--resume"])
    assert set(SyncRun.objects.values_list("state", flat=True)) == {"succeeded"}


def test_person_who_tries_again_is_never_told_to_give_up(run: Run, connection: Connection) -> None:
    """However often the command is killed in its search: what workers do not survive is given up, but not by itself."""
    lost = account.request(connection, via="command", ring=False)
    for _ in range(4):
        assert claim(lost.pk, "killed") is not None
        SyncItem.objects.update(lease_until=Now() - timedelta(seconds=1))
        assert take_over(lost.pk) is True
    ran = run("sync_connection", connection.pk, "--json")
    assert (ran.exit_code, ran.json["run"], ran.json["status"]) == (0, lost.pk, "succeeded")


def test_run_that_went_well_cannot_be_resumed(run: Run, connection: Connection) -> None:
    run("sync_connection", connection.pk)
    ran = run("sync_connection", connection.pk, "--resume")
    assert ran.exit_code == 2
    assert ran.err.splitlines()[-1] == (
        "CommandError: There is nothing left to do in this run. Start a new one instead."
    )


def test_resume_without_a_run(run: Run, connection: Connection) -> None:
    ran = run("sync_connection", connection.pk, "--resume")
    assert (ran.exit_code, ran.err) == (2, f"CommandError: {connection.name} has no run to go on with.\n")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--from", "2026-03-02"), "--from and --to belong to --mode range."),
        (("--mode", "range"), "--mode range needs --from DATE."),
        (("--mode", "range", "--from", "2026-03-02", "--to", "2026-03-01"), "--to is before --from."),
        (("--mode", "range", "--from", "0001-01-01", "--to", "0001-01-02"), "The year 1 cannot be right."),
        (("--mode", "range", "--from", "9999-12-30", "--to", "9999-12-31"), "The year 9999 cannot be right."),
        (("--mode", "range", "--from", "2026-03-02", "--to", "9999-12-31"), "The year 9999 cannot be right."),
    ],
)
def test_days_that_do_not_fit(run: Run, connection: Connection, options: tuple[str, ...], sentence: str) -> None:
    ran = run("sync_connection", connection.pk, *options)
    assert (ran.exit_code, ran.err) == (2, f"CommandError: {sentence}\n")


def test_day_that_is_none(run: Run, connection: Connection) -> None:
    ran = run("sync_connection", connection.pk, "--mode", "range", "--from", "yesterday")
    assert (ran.exit_code, ran.err.splitlines()[-1]) == (
        2,
        "manage.py sync_connection: error: argument --from: “yesterday” is not a day. Write it like 2025-11-26.",
    )


@pytest.mark.django_db
def test_unknown_connection(run: Run) -> None:
    ran = run("sync_connection", 4711)
    assert (ran.exit_code, ran.err) == (2, "CommandError: There is no connection 4711.\n")
