"""Who is who? Two things decide by themselves: what a person confirmed earlier in the series, and one exact address.

Everything else is a suggestion (see `suggestions`), and a person's decision is never touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

NONE, RULE, REMEMBERED, MANUAL = "none", "rule", "remembered", "manual"
BOT = "bot"

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """Somebody on the roster. `names` are all by which they may appear."""

    user_id: int
    names: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """A participant as matching sees them, with the decision that stands."""

    key: str
    name: str = ""
    email: str = ""
    kind: str = ""
    lasting: bool = False
    match: str = NONE
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`match` says who decided: none, rule or remembered. A remembered one without a user is nobody on the roster."""

    key: str
    match: str = NONE
    user_id: int | None = None


def address(email: str) -> str:
    """The form in which two addresses are the same. Only A–Z lose their case: other letters that lower-case alike,
    such as the Kelvin sign and k, may be two people."""
    return email.strip().translate(_LOWER)


def decide(
    attendees: Iterable[Attendee], roster: Sequence[RosterPerson], known: Mapping[str, int | None]
) -> Iterator[Decision]:
    """One decision for every attendee about whom no person has decided. `known` holds the series' confirmed identities.

    Several attendees may be one user: a second device, or a guest who signed in later. An address that two on the
    roster share decides nothing, and a bot is nobody, even under its owner's address.
    """
    enrolled = {person.user_id for person in roster}
    owners = _owners(roster)
    for attendee in attendees:
        if attendee.match != MANUAL:
            yield _remembered(attendee, known, enrolled) or _by_address(attendee, owners)


def _owners(roster: Sequence[RosterPerson]) -> dict[str, set[int]]:
    owners: dict[str, set[int]] = defaultdict(set)
    for person in roster:
        if address(person.email):
            owners[address(person.email)].add(person.user_id)
    return owners


def _remembered(attendee: Attendee, known: Mapping[str, int | None], enrolled: set[int]) -> Decision | None:
    """None where nothing was confirmed, or where the person has since left the roster."""
    if not attendee.lasting or attendee.key not in known:
        return None
    user_id = known[attendee.key]
    return Decision(attendee.key, REMEMBERED, user_id) if user_id is None or user_id in enrolled else None


def _by_address(attendee: Attendee, owners: Mapping[str, set[int]]) -> Decision:
    found = owners.get(address(attendee.email), set())
    if attendee.kind == BOT or len(found) != 1:
        return Decision(attendee.key)
    return Decision(attendee.key, RULE, *found)
