"""One item: its operations in order, each fetched in a thread, stored in batches, ended with exactly one outcome."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from conferences.models import SyncItem, SyncStep
from conferences.providers.base import InvalidInput, Link, Session
from conferences.providers.errors import Cancelled, NotConfigured, ProviderError
from conferences.providers.records import Notice
from conferences.sync import trace
from conferences.sync.checkup import check_up
from conferences.sync.database import DatabaseFull, DatabaseUnavailable, resilient
from conferences.sync.errors import ErrorStore
from conferences.sync.fetching import Fetch
from conferences.sync.lease import Lease, LeaseLost
from conferences.sync.opening import opened
from conferences.sync.pausing import Paused
from conferences.sync.policies import in_force
from conferences.sync.pulse import BEAT_SECONDS, Pulse
from conferences.sync.step import StepRun
from conferences.sync.verdict import Verdict

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ItemRunner:
    """Runs what is left of one item. A worker that takes over after another skips the steps that have an outcome."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._stop = threading.Event()
        self._fetch: Fetch | None = None
        self._refused = False
        self._item = resilient(
            lambda: SyncItem.objects.select_related("run__connection", "conference__course").get(pk=lease.item_id)
        )
        self._steps = resilient(lambda: list(self._item.steps.all()))

    def run(self) -> tuple[str, str]:
        """The item's final state and, unless it went well, why. Raises LeaseLost, Paused, DatabaseUnavailable."""
        try:
            if self._item.run.connection.checked_at is None:
                self._check_up("before the first sync")
            with ExitStack() as stack:
                self._run_steps(stack)
            if self._refused:
                self._check_up("because something was refused")
        except Cancelled:
            return SyncItem.State.CANCELLED, "cancelled"
        finally:
            self._stop.set()
        failed = [step for step in self._steps if step.outcome == SyncStep.Outcome.FAILED]
        good = any(step.outcome in {"synced", "no_data"} for step in self._steps)
        return (SyncItem.State.FAILED, failed[0].message) if failed and not good else (SyncItem.State.DONE, "")

    def _check_up(self, cause: str) -> None:
        """Whatever becomes of it, the run goes on."""
        cause, verdict = f"{cause}, in run {self._lease.run_id}", Verdict()
        self._isolate(verdict, "The check", lambda: check_up(self._item, self._lease, cause))

        def unit() -> None:
            self._lease.fence()
            ErrorStore(self._item, "check").keep(verdict.troubles)

        if verdict.troubles:
            resilient(unit)

    def _run_steps(self, stack: ExitStack) -> None:
        done = len(self._steps) - len(self._open_steps())
        whole_account = self._item.run.conference_id is None
        pulse = Pulse(self._lease, len(self._steps), done, whole_account=whole_account)
        link = Link(self._notify, self._stop, policies=resilient(in_force))
        unopened = Verdict()
        session = self._isolate(unopened, "The conference", lambda: opened(self._item, link, stack))
        for step in self._open_steps():
            if session is None:
                StepRun(step, self._item, None, self._lease).end(unopened)
            else:
                self._run_step(StepRun(step, self._item, session[0], self._lease, link.stats), session[1], pulse)

    def _open_steps(self) -> list[SyncStep]:
        return [step for step in self._steps if not step.outcome]

    def _notify(self, notice: Notice) -> None:
        if self._fetch is not None:
            self._fetch.put(notice)

    def _run_step(self, step: StepRun, session: Session, pulse: Pulse) -> None:
        with trace.step(step):
            self._work_on(step, session, pulse)

    def _work_on(self, step: StepRun, session: Session, pulse: Pulse) -> None:
        step.begin()
        verdict = Verdict()

        self._isolate(verdict, step.label, lambda: self._drain(step, session, verdict, pulse))
        # However it ended: what waited for the end of the listing is stored now.
        self._isolate(verdict, step.label, lambda: step.close(clean=verdict.clean))
        if verdict.paused_until:
            step.keep(verdict)
            raise Paused(verdict.findings[-1].message, verdict.paused_until)
        self._isolate(verdict, "Matching people", step.match)
        step.end(verdict)
        self._refused |= verdict.refused_rights
        pulse.step_done()

    def _isolate(self, verdict: Verdict, what: str, attempt: Callable[[], T]) -> T | None:
        """Whatever goes wrong becomes the verdict of this one part; the other parts go on. Where there is no room to
        store anything, not even a verdict could be."""
        try:
            return attempt()
        except (Cancelled, LeaseLost, DatabaseFull):
            raise
        except ProviderError as error:
            verdict.refused(error)
        except InvalidInput as error:
            verdict.refused(NotConfigured(str(error)))
        except DatabaseUnavailable as error:
            verdict.broke("database_unavailable", str(error), error.__cause__ or error)
        except Exception as error:
            logger.exception("run %s: %s broke", self._lease.run_id, what)
            verdict.broke("internal_error", f"{what} failed because of an error on our side.", error)
        return None

    def _drain(self, step: StepRun, session: Session, verdict: Verdict, pulse: Pulse) -> None:
        """Empty batches come while the provider is slow: they are there for the heartbeat."""
        self._fetch = Fetch(lambda: session.fetch(step.operation), self._stop, BEAT_SECONDS)
        try:
            for batch in self._fetch.batches():
                if batch:
                    verdict.hear(step.store(batch))
                if pulse.beat(step.label, step.items, verdict.provider_total, step.save_counts):
                    raise Cancelled
        finally:
            self._fetch.abandon()
