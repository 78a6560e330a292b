"""Why can a connection not work at all?"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from conferences.checking import PERMITTED
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.providers.registry import UnknownProvider
from conferences.standing import authorization_row, state_of

REFUSING = {"blocked", "failed"}
WHAT_TO_DO = "Make a new one at the provider and enter it, with its date."


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
    if expired_at := _expired_at(connection):
        refusals.append((expired_at, f"Its secret has expired, by the date that was noted here. {WHAT_TO_DO}"))
    refused_at, words = max(refusals, default=(None, ""))
    if refused_at is None or (worked and max(worked) > refused_at):
        return ""
    return f"{words} Its check under Connections tells the steps.".strip()


def _expired_at(connection: Connection) -> datetime | None:
    """The end of the secret's last day, once it is past. That it works all the same shows that the note is wrong."""
    if connection.secret_expires_on is None:
        return None
    ends_at = datetime.combine(connection.secret_expires_on, time(), UTC) + timedelta(days=1)
    return ends_at if ends_at <= timezone.now() else None


def proved(connection: Connection, evidence: Evidence, since: datetime) -> bool:
    """Whether anything has shown since then that it can work: secrets expire in silence."""
    is_new = connection.checked_at is not None and connection.checked_at >= since
    return bool(evidence.worked_at) or (is_new and any(line["state"] == PERMITTED for line in connection.checks))
