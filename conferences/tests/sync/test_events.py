"""The activity log of a run."""

import pytest
from django.contrib.auth.models import User

from conferences.models import Conference, SyncEvent, SyncRun
from conferences.sync import events, runs


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    run = runs.request(conference, via="command", ring=False)
    SyncEvent.objects.all().delete()
    return run


def test_line_is_stored_and_logged(run: SyncRun, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "conferences.sync"):
        events.log(run.pk, "Slowly.", level="warning", code="slow")
    assert SyncEvent.objects.values_list("level", "code", "text").get() == ("warning", "slow", "Slowly.")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", f"run {run.pk}: Slowly.")
    ]


def test_line_can_always_be_stored(run: SyncRun) -> None:
    events.log(run.pk, "NUL \x00, half \ud83d", code="c" * 200)
    assert SyncEvent.objects.values_list("code", "text").get() == ("c" * 64, "NUL , half \ufffd")


def test_secrets_stay_out(run: SyncRun) -> None:
    events.log(run.pk, "Authorization: Bearer abcdefghijklmnop")
    assert "abcdefghijklmnop" not in SyncEvent.objects.get().text


def test_log_carries_run_code_and_figures(run: SyncRun, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "conferences.sync"):
        events.log(run.pk, "Done.", code="synced", figures={"requests": 3})
    (record,) = (vars(record) for record in caplog.records)
    assert {name: record[name] for name in ("run", "code", "requests")} == {
        "run": run.pk,
        "code": "synced",
        "requests": 3,
    }


def test_whoever_asked_is_named_in_the_run_and_numbered_in_the_log(
    run: SyncRun, caplog: pytest.LogCaptureFixture
) -> None:
    user = User.objects.create(username="kim")
    with caplog.at_level("INFO", "conferences.sync"):
        events.asked(run.pk, "Cancel requested", user)
        events.asked(run.pk, "Resumed", None, "resumed")
    assert list(SyncEvent.objects.values_list("text", "code")) == [
        ("Cancel requested by kim.", ""),
        ("Resumed by an operator.", "resumed"),
    ]
    assert [record.getMessage() for record in caplog.records] == [
        f"run {run.pk}: Cancel requested by user {user.pk}.",
        f"run {run.pk}: Resumed by an operator.",
    ]
