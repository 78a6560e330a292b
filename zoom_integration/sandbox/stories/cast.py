"""The accounts, and who hosts in them."""

from dataclasses import dataclass

from zoom_integration.sandbox.endpoints import OWN_SCOPES, SCOPES
from zoom_integration.sandbox.world import Account, Host

NORTHFIELD_SECRET = "sandbox-zoom-northfield-0123456789"  # noqa: S105
LAKESIDE_SECRET = "sandbox-zoom-lakeside-0123456789"  # noqa: S105
SOUTHGATE_SECRET = "sandbox-zoom-southgate-0123456789"  # noqa: S105
WRONG_SECRET = "sandbox-zoom-mistyped-0123456789"  # noqa: S105

MIRA = Host("Mira Okafor", "mira.okafor@example.org")
JONAS = Host("Jonas Lindqvist", "jonas.lindqvist@example.org")
PRIYA = Host("Priya Raman", "priya.raman@example.org")
UNLICENSED = Host("Oskar Brandt", "oskar.brandt@example.org", licensed=False)
GONE = Host("Helena Vogt", "helena.vogt@example.org", status="inactive")
PENDING = Host("", "new.colleague@example.org", licensed=False, status="pending")
LAKE = Host("Edith Lake", "edith.lake@lakeside.example.org")
AVA = Host("Ava Southgate", "ava@southgate.example.org")
RUBEN = Host("Ruben Moss", "ruben.moss@southgate.example.org")

HOSTS = (MIRA, JONAS, PRIYA, UNLICENSED, GONE, PENDING)


@dataclass(frozen=True, slots=True)
class Plan:
    """A conference as the LMS knows it. Times are ISO, UTC."""

    id: int | None
    connection: str
    course: str
    title: str
    starts_at: str
    ends_at: str
    join_url: str = ""
    external_id: str = ""
    organizer: str = ""
    time_zone: str = "Europe/Berlin"


def northfield() -> Account:
    return Account("northfield", "Northfield University", NORTHFIELD_SECRET, set(SCOPES), list(HOSTS))


def lakeside() -> Account:
    """Nobody has granted its app the reports, and its lists page by number only."""
    scopes = {scope for scope in SCOPES if not scope.startswith("report:")}
    return Account("lakeside", "Lakeside College", LAKESIDE_SECRET, scopes, [LAKE], list_tokens=False)


def southgate() -> Account:
    """A General app, which Ava adds for herself: it sees what is hers, and no reports."""
    scopes = set(OWN_SCOPES)
    return Account("southgate", "Southgate Gardens", SOUTHGATE_SECRET, scopes, [AVA, RUBEN], is_general=True)


# The same accounts without anything in them, for ids.
NORTHFIELD, LAKESIDE, SOUTHGATE = northfield(), lakeside(), southgate()
