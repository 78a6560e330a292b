"""How well is everything, right now?"""

from collections.abc import Sequence
from dataclasses import dataclass

from conferences.models import Connection
from conferences.operations.facts import Facts, System
from conferences.operations.gathering import gather, system
from conferences.operations.health import Health, judge, judge_all


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """reasons  why this one cannot work, without what is so for all"""

    connection: Connection
    health: Health
    facts: Facts
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    health: Health
    system: System
    connections: Sequence[ConnectionHealth]


def overview() -> Overview:
    """Worst first. Asks the database a handful of times, and the broker for at most a few seconds."""
    rows, shared = list(Connection.objects.select_related("authorization").order_by("name", "pk")), system()
    facts = gather(rows)
    each = [_of(row, judge(facts[row.pk], shared), facts[row.pk], shared) for row in rows]
    named = {str(row): facts[row.pk] for row in rows}
    return Overview(judge_all(named, shared), shared, sorted(each, key=_rank))


def _of(connection: Connection, health: Health, facts: Facts, shared: System) -> ConnectionHealth:
    own = [reason for reason in health.critical if reason not in shared.troubles]
    return ConnectionHealth(connection, health, facts, own)


def _rank(each: ConnectionHealth) -> tuple[int, str]:
    """Those of which nothing is known yet come last."""
    score = each.health.score
    return (101 if score is None else score, each.connection.name)
