"""Why can a connection not work at all?"""

from dataclasses import dataclass
from datetime import datetime

from conferences.checking import PERMITTED
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.providers.registry import UnknownProvider
from conferences.standing import authorization_row, state_of

REFUSING = {"blocked", "failed"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What syncs have shown of late: when the credentials were last refused, in which words, and when they worked."""

    refused_at: datetime | None = None
    words: str = ""
    worked_at: datetime | None = None


def refusal(connection: Connection, evidence: Evidence, *, tried: bool) -> str:
    """A sentence or two, with what to do; "" when nothing speaks against it. The newest evidence counts.

    tried  whether anybody has asked for a sync: of one that is just being set up nothing is said
    """
    try:
        assert connection.config  # noqa: S101 - asked for what it raises
        connection.credentials.reveal()
    except (UnknownProvider, Undecryptable) as error:
        return str(error)
    state, authorization = state_of(connection), authorization_row(connection)
    if state == "reconnect" and authorization:
        return f"Somebody must connect it again. {authorization.ended_reason}".strip()
    if state == "unconnected" and tried:
        return "Nobody has connected this account yet: open it under Connections and connect it."
    return _refused(connection, evidence)


def _refused(connection: Connection, evidence: Evidence) -> str:
    checked_at, states = connection.checked_at, [line["state"] for line in connection.checks]
    worked = [moment for moment in (evidence.worked_at, checked_at if PERMITTED in states else None) if moment]
    refusals = [(evidence.refused_at, evidence.words)] if evidence.refused_at else []
    if checked_at and states and set(states) <= REFUSING:
        refusals.append((checked_at, connection.checks[0]["message"]))
    refused_at, words = max(refusals, default=(None, ""))
    if refused_at is None or (worked and max(worked) > refused_at):
        return ""
    return f"{words} Its check under Connections tells the steps.".strip()


def proved(connection: Connection, evidence: Evidence) -> bool:
    """Whether anything shows that it can work."""
    return bool(evidence.worked_at) or any(line["state"] == PERMITTED for line in connection.checks)
