"""What `celery worker` runs: Celery's worker, which signs off as soon as it is told to end."""

from celery.apps import worker

from conferences.sync.leaving import leave


class Worker(worker.Worker):
    def wait_for_soft_shutdown(self) -> None:
        """The first that is done in a cold shutdown, in the signal's handler. No signal of Celery's is sent before.

        https://docs.celeryq.dev/en/stable/userguide/workers.html#soft-shutdown
        """
        leave()
        super().wait_for_soft_shutdown()
