"""The rules that a new installation begins with. They belong to its admins from then on, who may delete them."""

from typing import Any

from conferences.models import AlertRule

Kind = AlertRule.Kind
DEFAULTS: tuple[dict[str, Any], ...] = (
    {"name": "Syncs do not begin", "kind": Kind.SYSTEM, "hold_minutes": 1},
    {"name": "Connection refused or expiring", "kind": Kind.CONNECTION_REFUSED, "threshold": 14, "hold_minutes": 1},
    {"name": "Syncs wait too long", "kind": Kind.QUEUE_GROWING, "threshold": 10, "hold_minutes": 2},
    {"name": "Sync without a worker", "kind": Kind.STALE_RUN, "threshold": 5, "hold_minutes": 1},
    {"name": "Sync paused", "kind": Kind.PAUSED_RUN, "hold_minutes": 1},
    {"name": "Success rate low", "kind": Kind.SUCCESS_RATE, "threshold": 50, "hold_minutes": 10},
    {"name": "No good sync", "kind": Kind.NO_GOOD_SYNC, "threshold": 24, "hold_minutes": 10},
    {"name": "New kind of error", "kind": Kind.NEW_ERROR, "threshold": 168, "hold_minutes": 0},
)


def create_rules(plan: list[Any] = (), **_: Any) -> None:  # type: ignore[assignment]
    """After migrating, and only if that has just made their table."""
    made = {(migration.app_label, migration.name) for migration, backwards in plan if not backwards}
    if ("conferences", "0001_initial") in made:
        AlertRule.objects.bulk_create(AlertRule(**each) for each in DEFAULTS)
