"""A running worker looks at the alerts and sends messages, beside its sweep: no slow receiver may hold that up."""

from typing import Any

from celery.signals import worker_ready

from conferences.operations.alerts import looking, outbox
from conferences.sync.beside import Beside
from conferences.sync.leaving import worker_leaving

EVERY_SECONDS = 15


def watch() -> None:
    """One round. Of several workers one looks; what is due any of them sends."""
    looking.look(at_once=False)
    outbox.deliver()


_beside = Beside("alerts", "looking for alerts")


@worker_ready.connect
def start(**_: Any) -> None:
    _beside.start(watch, lambda: EVERY_SECONDS)


@worker_leaving.connect
def stop(**_: Any) -> None:
    _beside.stop()
