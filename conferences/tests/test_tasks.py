"""What Celery runs: fetch the row, delegate."""

import pytest
from celery import current_app

from conferences import tasks
from conferences.models import Conference, Participant, SyncRun
from conferences.sync import doorbell, runs
from conferences.tests.sync.conftest import campus, conference

__all__ = ["campus", "conference"]  # fixtures


def test_task_has_the_name_that_is_rung_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tasks.sync_run.name == "conferences.sync_run"
    assert tasks.sync_run.name in current_app.tasks


def test_task_works_on_the_run(conference: Conference) -> None:
    run = runs.request(conference, via="command", ring=False)
    tasks.sync_run(run.pk)
    assert (SyncRun.objects.get().state, Participant.objects.count()) == ("succeeded", 3)


def test_ringing_sends_this_task_and_the_run_s_number_alone(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: sent.append((name, args)))
    run = runs.request(conference, via="command", ring=False)
    doorbell.ring(run.pk)
    assert sent == [(tasks.sync_run.name, [run.pk])]


def test_results_are_kept_nowhere_but_in_the_rows() -> None:
    assert (tasks.sync_run.ignore_result, current_app.conf.result_backend) == (True, None)


def test_messages_are_json_only_and_acknowledged_late() -> None:
    conf = current_app.conf
    assert (conf.accept_content, conf.task_serializer, conf.task_acks_late) == (("json",), "json", True)
