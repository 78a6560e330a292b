"""Which workers live, and which of them still take work."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import DurationField, Expression, ExpressionWrapper, F
from django.db.models.functions import Coalesce, Now

from conferences.models import WorkerPulse

ALIVE_SECONDS, DEAF_SECONDS = 45, 180


class Condition(StrEnum):
    """deaf: it beats, and yet not even its own messages reach it any more. lost: it fell silent without a word."""

    WELL = "well"
    DEAF = "deaf"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Worker:
    """silent_seconds since it last beat; idle_seconds since it last took work, or its own messages"""

    name: str
    condition: Condition
    silent_seconds: float
    idle_seconds: float


def workers() -> list[Worker]:
    """All that are remembered. Ages are told by the database's clock."""
    pulses = WorkerPulse.objects.annotate(
        silent=_age(F("beat_at")), idle=_age(Coalesce("took_work_at", "started_at"))
    ).values_list("name", "silent", "idle")
    return [_worker(name, silent, idle) for name, silent, idle in pulses]


def _worker(name: str, silent: timedelta, idle: timedelta) -> Worker:
    return Worker(name, _condition(silent, idle), silent.total_seconds(), idle.total_seconds())


def _condition(silent: timedelta, idle: timedelta) -> Condition:
    every = settings.SYNC_RING_AGAIN_SECONDS
    if silent.total_seconds() > max(ALIVE_SECONDS, 3 * every):
        return Condition.LOST
    return Condition.DEAF if idle.total_seconds() > max(DEAF_SECONDS, 12 * every) else Condition.WELL


def _age(moment: Expression | F) -> ExpressionWrapper:
    return ExpressionWrapper(Now() - moment, output_field=DurationField())
