"""Who belongs to the seminar, who came, and how: sixty people with every trait that has ever confused a register."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from teams_integration.sandbox.naming import at
from teams_integration.sandbox.shapes import Attendee, Span
from teams_integration.sandbox.stories.cast import INGRID, TOMAS
from teams_integration.sandbox.world import Person

STARTS_AT, ENDS_AT = at("2025-11-20 14:00"), at("2025-11-20 15:30")
# The host's connection dropped after 41 minutes and the meeting ended; it was opened again.
FIRST: Span = (at("2025-11-20 13:56:12.500"), at("2025-11-20 14:41:30.250"))
SECOND: Span = (at("2025-11-20 14:47:05.120"), at("2025-11-20 15:33:20.980"))

_GIVEN = ("Amara", "Bastian", "Chiara", "Dmitri", "Elif", "Farouk", "Greta", "Hiroshi", "Imani", "Jonas", "Katarzyna")
_FAMILY = ("Adeyemi", "Berg", "Costa", "Dvořák")
LEARNERS = tuple(
    Person(f"{given} {family}", f"{given}.{family}@example.org".lower().replace("ř", "r").replace("á", "a"))
    for family, given in product(_FAMILY, _GIVEN)
)
MARIA, OTHER_MARIA = Person("Maria Garcia", "maria.garcia@example.org"), Person("Maria Garcia", "m.garcia2@example.org")
# A right-to-left mark, Arabic, and two names in decomposed form: letters with combining marks.
YAEL, MOHAMMED = (
    Person("יעל כהן\u200f", "yael.cohen@example.org"),
    Person("محمد الهاشمي", "m.alhashimi@example.org"),
)
ZOE, ANH = (
    Person("Zoe\u0308 Durand", "zoe.durand@example.org"),
    Person("Nguye\u0302\u0303n Thi\u0323 A\u0301nh", "anh.nguyen@example.org"),
)
NAMED = (MARIA, OTHER_MARIA, YAEL, MOHAMMED, ZOE, ANH)
# On the roster; they came as somebody else, or not at all.
PRIYA = Person("Priya Nair", "priya.nair@example.org")
ELIZABETH = Person("Elizabeth Okafor", "elizabeth.okafor@example.org")
ABSENT = Person("Oskar Lindqvist", "oskar.lindqvist@example.org")

_PARTNER = "7d1f5a3e-0c5b-4f0e-9d55-2b7c1f0a9e11"
GUESTS = {
    "chris": Attendee(None, "Chris Morgan (Guest)", kind="guest", visitor="1"),
    "other chris": Attendee(None, "Chris Morgan (Guest)", kind="guest", visitor="2"),
    "priya": Attendee("teamsvisitor:5c0a7f1be2d94b8d", "Priya Nair", kind="guest"),
    "pat": Attendee("teamsvisitor:0e9b1d77a4c3422f", "Pat\u0000 Quinn ", kind="guest"),
    "phone": Attendee("+442079460123", "+44 20 7946 0123", kind="phone"),
    "bot": Attendee("28:8f2f3c1e-8f7f-4a55-9d0e-5a3f6a2b7c10", "Scribe Notetaker", kind="application"),
    "elizabeth": Attendee(
        "c3b7f0d2-51d8-4a7e-8a50-0c4c6d9be001", "Beth Okafor", "beth.okafor@partner.example", tenant_id=_PARTNER
    ),
    "lena": Attendee(
        "c3b7f0d2-51d8-4a7e-8a50-0c4c6d9be002", "Lena Vogel", "lena.vogel@partner.example", tenant_id=_PARTNER
    ),
}


@dataclass(frozen=True, slots=True)
class Presence:
    """When somebody was there, in each sitting. A list of spans that overlap means two devices."""

    who: Attendee
    first: tuple[Span, ...]
    second: tuple[Span, ...]


def minute(number: float) -> datetime:
    return STARTS_AT + timedelta(minutes=number)


def _between(*minutes: tuple[float, float]) -> tuple[Span, ...]:
    return tuple((minute(joined), minute(left)) for joined, left in minutes)


# Minutes of the class, by habit; the second sitting is minutes 47 to 93.
_HABITS: dict[str, tuple[tuple[Span, ...], tuple[Span, ...]]] = {
    "late": (_between((18.25, 41.4)), _between((48, 92))),
    "left early": (_between((1, 41.4)), _between((47.5, 70.75))),
    "first only": (_between((2, 41.4)), ()),
    "second only": ((), _between((49.5, 93))),
    "rejoined": (_between((0.5, 12), (15.25, 30), (33, 41)), _between((47.2, 93))),
    "two devices": (_between((-1, 41.4), (10, 25)), _between((47.3, 93), (60, 80), (62, 65))),
    "briefly": (_between((5, 9.5)), ()),
}
_RARE = {
    3: "late",
    7: "left early",
    11: "first only",
    14: "second only",
    19: "rejoined",
    23: "two devices",
    31: "briefly",
}


def _whole(index: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Everybody clicks at a time of their own."""
    first, second = timedelta(seconds=index * 37 % 290), timedelta(seconds=index * 53 % 170)
    return ((FIRST[0] + timedelta(seconds=30) + first, FIRST[1]),), ((SECOND[0] + second, SECOND[1] - first / 4),)


def _habit(index: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    name = _RARE.get(index)
    return _HABITS[name] if name else _whole(index)


def _accounts() -> Iterator[Presence]:
    yield Presence(Attendee.of(INGRID, "Organizer"), ((FIRST[0], FIRST[1]),), ((SECOND[0], SECOND[1]),))
    yield Presence(Attendee.of(TOMAS, "Presenter"), *_whole(2))
    for index, person in enumerate((*LEARNERS, *NAMED)):
        # Graph sometimes leaves out even a member's address.
        email = "" if person is OTHER_MARIA else person.email
        yield Presence(Attendee(person.id, person.name, email), *_habit(index))


def _others() -> Iterator[Presence]:
    """The two guests of one name were there at the same time, in the first sitting only."""
    yield Presence(GUESTS["chris"], _between((3, 40)), ())
    yield Presence(GUESTS["other chris"], _between((6, 38.5)), ())
    yield Presence(GUESTS["priya"], *_HABITS["late"])
    yield Presence(GUESTS["pat"], *_HABITS["second only"])
    yield Presence(GUESTS["phone"], *_HABITS["rejoined"])
    yield Presence(GUESTS["bot"], ((FIRST[0], FIRST[1]),), ((SECOND[0], SECOND[1]),))
    yield Presence(GUESTS["elizabeth"], *_whole(40))
    yield Presence(GUESTS["lena"], *_HABITS["left early"])


PRESENCES = (*_accounts(), *_others())
ROSTER = (
    *((person, "instructor") for person in (INGRID, TOMAS)),
    *((person, "learner") for person in (*LEARNERS, *NAMED, PRIYA, ELIZABETH, ABSENT)),
)
