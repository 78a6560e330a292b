"""Asks in the middle of a run what its connection may do: before the first sync, and when one was refused something."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from conferences import checking
from conferences.models import Connection, SyncItem
from conferences.models.fields import Undecryptable
from conferences.providers.errors import Cancelled
from conferences.providers.registry import UnknownProvider
from conferences.sync import events
from conferences.sync.database import resilient
from conferences.sync.lease import Lease

# No run is held up for longer, and no provider is asked more often by runs.
SECONDS = 20.0
REST = timedelta(minutes=10)
PHASE = "Checking what the connection may do"


def check_up(item: SyncItem, lease: Lease, cause: str) -> None:
    """Does nothing when the connection was checked a moment ago. Raises LeaseLost, DatabaseUnavailable."""
    connection = item.run.connection
    if not resilient(lambda: _is_our_turn(connection)):
        return
    try:
        checks = checking.check(
            connection, SECONDS, cause=cause, example=item.conference, watch=lambda: lease.beat(0, PHASE)
        )
    except (Undecryptable, UnknownProvider, Cancelled):
        return  # what goes on or ends here says so itself
    level = "info" if all(line.state == checking.PERMITTED for line in checks) else "warning"
    text = f"Checked what the connection may do: {checking.in_a_sentence(checks)}"
    resilient(lambda: events.log(lease.run_id, text, level=level, code="connection_checked", item_id=item.pk))


def _is_our_turn(connection: Connection) -> bool:
    """Several workers may come to ask at once: one of them does."""
    rested = Q(check_began_at=None) | Q(check_began_at__lt=Now() - REST)
    return bool(Connection.objects.filter(rested, pk=connection.pk).update(check_began_at=Now()))
