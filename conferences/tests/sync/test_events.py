"""The activity log of a run."""

import pytest

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
