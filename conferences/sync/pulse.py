"""The heartbeat of an item, which also carries its progress."""

import time
from collections.abc import Callable

from conferences.models import SyncItem
from conferences.sync.database import resilient
from conferences.sync.lease import Lease
from conferences.wording import counted

BEAT_SECONDS = 2.0
# Without a stated total, progress approaches the end of its step more slowly the longer it takes.
HALF_WAY_ITEMS = 40


class Pulse:
    """Beats at most every two seconds, however often it is asked to. `done` steps were ended by an earlier worker.

    Progress is that of the run: of its one conference, or of the conferences of a `whole_account`.
    """

    def __init__(self, lease: Lease, steps: int, done: int = 0, *, whole_account: bool = False) -> None:
        self._lease = lease
        self._steps = max(steps, 1)
        self._done = done
        self._whole_account = whole_account
        self._last_beat: float | None = None

    def step_done(self) -> None:
        self._done += 1
        self._last_beat = None

    def beat(self, label: str, items: int, total: int | None, save: Callable[[], object] = lambda: None) -> bool:
        """`save` writes along with the beat. Returns whether somebody asked to cancel.

        Raises LeaseLost, DatabaseUnavailable.
        """
        now = time.monotonic()
        if self._last_beat is not None and now - self._last_beat < BEAT_SECONDS:
            return False
        self._last_beat = now
        phase = f"{label}: {items} so far" if items else f"Fetching {label.lower()}"
        if self._whole_account:
            return self._lease.beat(*self._overall(phase), save)
        return self._lease.beat(self._progress(items, total), phase, save)

    def _overall(self, phase: str) -> tuple[int, str]:
        """Of an account-wide run: how many of its conferences have ended."""
        states = SyncItem.objects.filter(run=self._lease.run_id, conference__isnull=False)
        ended, known = resilient(lambda: (states.exclude(state__in=["queued", "running"]).count(), states.count()))
        if not known:
            return 0, phase
        return int(99 * ended / known), f"{ended} of {counted(known, 'conference')} done"

    def _progress(self, items: int, total: int | None) -> int:
        share = min(items / total, 0.95) if total else items / (items + HALF_WAY_ITEMS)
        return int(99 * (self._done + share) / self._steps)
