"""Looks at every rule, alone: whoever comes while somebody is looking leaves it to them."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import Min, Q

from conferences.models import AlertRule
from conferences.operations.alerts.conditions import met
from conferences.operations.alerts.life import end_outdated, live
from conferences.operations.alerts.scene import Scene
from conferences.sync.database import DatabaseUnavailable, resilient

logger = logging.getLogger(__name__)

EVERY = timedelta(seconds=25)
# Any number that nobody else in this database locks with.
LOCK = 0x616C6572


def look(*, at_once: bool = True) -> bool:
    """Returns whether it looked: without `at_once` only if the last look is about half a minute ago.

    Raises DatabaseUnavailable, django.db.Error.
    """
    return resilient(lambda: _look(at_once=at_once))


def look_if_due() -> None:
    """For a page that must open though this fails: on a full disk it may still be read what is wrong."""
    try:
        with transaction.atomic():
            look(at_once=False)
    except (Error, DatabaseUnavailable) as error:
        logger.warning("looking for alerts failed (%s)", type(error).__name__)


def _look(*, at_once: bool) -> bool:
    now = _alone()
    if now is None:
        return False
    if not at_once and not _is_due(now):
        return False
    end_outdated(now)
    rules, scene = AlertRule.objects.filter(enabled=True), Scene(now)
    for rule in rules:
        live(rule, met(rule, scene), now)
    rules.update(looked_at=now)
    return True


def _is_due(now: datetime) -> bool:
    """A new rule waits for nothing."""
    enabled = AlertRule.objects.filter(enabled=True)
    found = enabled.aggregate(last=Min("looked_at"))
    never = enabled.filter(Q(looked_at=None)).exists()
    return never or found["last"] is None or now - found["last"] >= EVERY


def moment() -> datetime:
    """The database's time."""
    return _asked("SELECT clock_timestamp()", [])


def _alone() -> datetime | None:
    """The database's time, for whoever is alone until the end of the transaction; else None."""
    return _asked("SELECT CASE WHEN pg_try_advisory_xact_lock(%s) THEN clock_timestamp() END", [LOCK])


def _asked(statement: str, values: list[int]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
