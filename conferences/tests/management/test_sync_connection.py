import pytest

from conferences.models import Connection, SyncRun
from conferences.tests.management.conftest import Run


def test_provider_that_lists_nothing_says_what_to_do_instead(run: Run, connection: Connection) -> None:
    ran = run("sync_connection", connection.pk, "--json")
    assert (ran.exit_code, ran.out, SyncRun.objects.count()) == (2, "", 0)
    assert ran.err == (
        "CommandError: Campus does not list its conferences, so a sync of the whole connection does not apply to it "
        "yet. Sync its conferences one by one: manage.py sync_conference ID.\n"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--from", "2026-03-02"), "--from and --to belong to --mode range."),
        (("--mode", "range", "--from", "2026-03-02", "--to", "2026-03-01"), "--to is before --from."),
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
