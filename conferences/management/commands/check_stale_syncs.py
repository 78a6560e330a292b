"""Ends runs whose worker was lost."""

from typing import Any

from conferences.management.base import AnsweringCommand
from conferences.management.output import printable
from conferences.models import SyncRun
from conferences.sync import doorbell, runs


class Command(AnsweringCommand):
    help = "End started runs without a heartbeat for SYNC_STALE_AFTER seconds, and tell workers of those that wait."

    def answer(self, *, json: bool, **_: Any) -> None:
        reaped = runs.reap_stale()
        rung = doorbell.ring_all_waiting()
        stale = [_told(run) for run in reaped]
        lines = [printable(f"Run {line['run']} of {line['target']} was stale and has failed.") for line in stale]
        lines = lines or ["No run was stale."]
        if rung:
            lines.append(f"Workers were told of {rung} waiting {'run' if rung == 1 else 'runs'}.")
        self.give({"stale": stale, "rung": rung}, *lines, as_json=json)


def _told(run: SyncRun) -> dict[str, Any]:
    return {"run": run.pk, "conference": run.conference_id, "target": str(run.conference or run.connection)}
