"""What Celery runs: fetch the row, delegate."""

from celery import shared_task

from conferences.operations.alerts import watch
from conferences.sync import sweep, vitals, worker

# Importing these lets the worker look for waiting runs, and for what people are to be told.
__all__ = ["ping", "sweep", "sync_run", "watch"]


@shared_task(name="conferences.sync_run", ignore_result=True)
def sync_run(run_id: int) -> None:
    worker.serve(run_id)


@shared_task(name=vitals.PING, ignore_result=True, acks_late=False)
def ping() -> None:
    """Nothing: that it arrives is the point."""
