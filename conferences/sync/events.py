"""The activity log of a run: what the page shows and the operator's log repeats."""

import logging
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from conferences.models import SyncEvent
from conferences.providers.redaction import redact
from conferences.providers.text import clean

logger = logging.getLogger("conferences.sync")

LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def presentable(text: str) -> str:
    """Text for people and rows: storable, and without secrets."""
    return redact(clean(text))


def log(
    run_id: int,
    text: str,
    *,
    level: str = "info",
    code: str = "",
    item_id: int | None = None,
    figures: Mapping[str, Any] | None = None,
) -> None:
    """`figures` are for programs that read the operator's log."""
    text = presentable(text)
    SyncEvent.objects.create(run_id=run_id, item_id=item_id, level=level, code=code[:64], text=text)
    _repeat(run_id, text, LEVELS[level], {"item": item_id, "code": code, **(figures or {})})


def asked(run_id: int, what: str, user: AbstractBaseUser | None, code: str = "") -> None:
    """`what` somebody has asked for. The run tells who it was by name, the operator's log by number."""
    name, number = (user.get_username(), f"user {user.pk}") if user else ("an operator",) * 2
    SyncEvent.objects.create(run_id=run_id, code=code, text=presentable(f"{what} by {name}."))
    _repeat(run_id, f"{what} by {number}.", logging.INFO, {"user": user.pk if user else None, "code": code})


def _repeat(run_id: int, text: str, level: int, figures: Mapping[str, Any]) -> None:
    logger.log(level, "run %s: %s", run_id, text, extra={"run": run_id, **figures})
