"""How a command syncs: queued for the workers, or in its own process through the same engine."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser

from conferences.management.base import ALREADY_ACTIVE, FAILED, WRONG_USAGE, AnsweringCommand
from conferences.management.results import readable
from conferences.management.watching import LOOK_EVERY_SECONDS, Watch, told_once
from conferences.models import SyncRun
from conferences.sync import runs, worker
from conferences.sync.result import result
from conferences.sync.room import free_at, take_over

SIGNALLED = 128


class SyncCommand(AnsweringCommand):
    """Derive a command that makes a run from this."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--background",
            action="store_true",
            help="leave the work to the workers and return at once, with exit code 0 as soon as the run is stored; "
            "if workers cannot be told right now, the message says so, and they find the run later",
        )

    def sync(
        self,
        request: Callable[[bool], SyncRun],
        *,
        background: bool,
        json: bool,
        meant: Callable[[SyncRun], bool] = lambda _: True,
    ) -> None:
        """`request` makes the run; its argument says whether to ring for workers.

        One that was begun before and lost its worker is ended first; where it is not what was `meant`, that follows.
        """
        with told_once():
            run = self._requested(request, background=background, json=json)
            stopped_by = 0 if background else self._work(run)
            run.refresh_from_db()
            if not (background or stopped_by or run.state == SyncRun.State.PAUSED or meant(run)):
                told = f"Run {run.pk} has ended: {run.get_state_display()}. Now to what was asked for."
                self.err.print(told, soft_wrap=True)
                run = self._requested(request, background=background, json=json)
                stopped_by = self._work(run)
        run.refresh_from_db()
        if background:
            self.err.print(run.message or f"Run {run.pk} waits for a worker.", soft_wrap=True)
        self._show(run, json=json)
        if not (run.is_active or run.state in SyncRun.GOOD):
            signalled = stopped_by and run.state == SyncRun.State.CANCELLED
            raise CommandError(run.message, returncode=SIGNALLED + stopped_by if signalled else FAILED)

    def _requested(self, request: Callable[[bool], SyncRun], *, background: bool, json: bool) -> SyncRun:
        try:
            return request(background)
        except runs.AlreadyActive as refusal:
            if not background and take_over(refusal.run.pk):
                self.err.print(f"Going on with run {refusal.run.pk}: no worker is at it.", soft_wrap=True)
                return refusal.run
            self._show(refusal.run, json=json)
            told = f"{refusal} It is run {refusal.run.pk}. {_silence(refusal.run)}"
            raise CommandError(told, returncode=ALREADY_ACTIVE) from None
        except runs.RequestRefused as refusal:
            raise CommandError(str(refusal), returncode=WRONG_USAGE if refusal.wrong_usage else FAILED) from None

    def _work(self, run: SyncRun) -> int:
        """Until the run has ended, even if a worker took it up first. Returns the signal that stopped it, or 0."""
        with Watch(run, self.err) as watch:
            worker.work(run.pk)
            while runs.look(run).is_active:
                time.sleep(LOOK_EVERY_SECONDS)
                worker.work(run.pk)
        return watch.stopped_by

    def _show(self, run: SyncRun, *, json: bool) -> None:
        told: dict[str, Any] = result(run)
        self.give(told, *readable(told), as_json=json)


def _silence(run: SyncRun) -> str:
    """For whoever knows that its worker is gone."""
    heard = run.state == SyncRun.State.RUNNING and run.heartbeat_at
    last = f"Its worker was last heard of at {heard:%H:%M:%S} UTC" if heard else "No worker has begun it yet"
    return f"{last}. If that is still so at {free_at(run):%H:%M:%S} UTC, this command goes on with it then."
