"""The activity log of a run: what the page shows and the operator's log repeats."""

import logging

from conferences.models import SyncEvent
from conferences.providers.redaction import redact
from conferences.providers.text import clean

logger = logging.getLogger("conferences.sync")

LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def presentable(text: str) -> str:
    """Text for people and rows: storable, and without secrets."""
    return redact(clean(text))


def log(run_id: int, text: str, *, level: str = "info", code: str = "", item_id: int | None = None) -> None:
    text = presentable(text)
    SyncEvent.objects.create(run_id=run_id, item_id=item_id, level=level, code=code[:64], text=text)
    logger.log(LEVELS[level], "run %s: %s", run_id, text)
