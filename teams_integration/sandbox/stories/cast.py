"""The tenants, and who teaches in them."""

from dataclasses import dataclass

from teams_integration.sandbox.world import Person, Tenant

NORTHFIELD_SECRET = "sandbox~northfield.0123456789-value"  # noqa: S105
CLOSED_SECRET = "sandbox~lakeside.0123456789-value"  # noqa: S105
WRONG_SECRET = "sandbox~mistyped.0123456789-value"  # noqa: S105

INGRID = Person("Ingrid Solheim", "ingrid.solheim@example.org")
TOMAS = Person("Tomás Ferreira", "tomas.ferreira@example.org")
HARRIET = Person("Harriet Boateng", "harriet.boateng@example.org")
ADMIN_ONE = Person("Admin One", "admin.one@example.org")
NADIA = Person("Nadia Rahman", "nadia.rahman@example.org")
RUBEN = Person("Ruben Castillo", "ruben.castillo@example.org")
SOFIA = Person("Sofía Marín", "sofia.marin@example.org")
WEI = Person("Wei Zhang", "wei.zhang@example.org")
LAKE = Person("Edith Lake", "edith.lake@lakeside.example.org")

STAFF = (INGRID, TOMAS, HARRIET, ADMIN_ONE, NADIA, RUBEN, SOFIA, WEI)


@dataclass(frozen=True, slots=True)
class Plan:
    """A conference as the LMS knows it. Times are ISO, UTC."""

    id: int | None
    connection: str
    course: str
    title: str
    starts_at: str
    ends_at: str
    join_url: str
    organizer: str = ""
    time_zone: str = "Europe/Berlin"


def northfield() -> Tenant:
    return _staffed(Tenant("northfield", "Northfield University", NORTHFIELD_SECRET), STAFF)


def lakeside() -> Tenant:
    """Its administrator has switched off access to transcripts through Graph."""
    tenant = _staffed(Tenant("lakeside", "Lakeside College", CLOSED_SECRET), (LAKE,))
    tenant.transcripts_open = False
    return tenant


def _staffed(tenant: Tenant, people: tuple[Person, ...]) -> Tenant:
    tenant.people.update({person.id: person for person in people})
    return tenant


# The same tenants without anything in them, for ids and addresses.
NORTHFIELD, LAKESIDE = northfield(), lakeside()
