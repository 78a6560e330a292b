"""Has somebody allowed what a connection needs, and is it permitted?"""

from conferences.checking import PERMITTED, UNKNOWN
from conferences.models import Authorization, Connection
from conferences.models.fields import Undecryptable
from conferences.providers.registry import UnknownProvider


def authorization_row(connection: Connection) -> Authorization | None:
    return getattr(connection, "authorization", None)


def state_of(connection: Connection) -> str:
    """ "" where nobody has to allow anything; else connected, reconnect (it has ended) or unconnected.

    Of a connection that cannot be read nothing is said here; a check or a sync tells why.
    """
    try:
        needs_somebody = connection.config.authorizes(connection.credentials.reveal())
    except (UnknownProvider, Undecryptable):
        return ""
    if not needs_somebody:
        return ""
    authorization = authorization_row(connection)
    if authorization is None:
        return "unconnected"
    return "connected" if authorization.is_live else "reconnect"


def in_short(connection: Connection) -> str:
    """For lists: whether somebody must connect it, else what the last check has found."""
    state = state_of(connection)
    if state in {"unconnected", "reconnect"} or not connection.checks:
        return state or "unchecked"
    states = {line["state"] for line in connection.checks} - {PERMITTED}
    return "permitted" if not states else "unknown" if states == {UNKNOWN} else "lacking"
