"""What Celery runs: fetch the row, delegate."""

from celery import shared_task

from conferences.sync import sweep, worker

# Importing it lets the worker look for waiting runs.
__all__ = ["sweep", "sync_run"]


@shared_task(name="conferences.sync_run", ignore_result=True)
def sync_run(run_id: int) -> None:
    worker.serve(run_id)
