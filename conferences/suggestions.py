"""Who might this be? Ranked guesses for a person to confirm, each with its reason in words. Nothing here is applied."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from conferences.matching import BOT, Attendee, RosterPerson, address
from conferences.names import folded, in_any_order, local_part, words

SIMILAR = 0.85
# A hint that fits more people than this says nothing about any of them.
TOO_COMMON = 12
SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`rank` 0 is the strongest kind of reason."""

    user_id: int
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Clue:
    """What an attendee and a person on the roster may have in common: two functions that give comparable keys."""

    reason: str
    of_attendee: Callable[[Attendee], Iterable[str]]
    of_person: Callable[[RosterPerson], Iterable[str]]


def _each(fold: Callable[[str], str]) -> Callable[[RosterPerson], list[str]]:
    return lambda person: [fold(name) for name in person.names]


def _long_words(name: str) -> list[str]:
    return [word for word in words(name) if len(word) >= SHORTEST_WORD]


# Strongest first; what stands further down is only looked at for people whom nothing above has found.
CLUES = (
    Clue("Same e-mail address", lambda one: [address(one.email)], lambda person: [address(person.email)]),
    Clue("Same name", lambda one: [folded(one.name)], _each(folded)),
    Clue("Same name in another order", lambda one: [in_any_order(one.name)], _each(in_any_order)),
    Clue("Same e-mail name at another domain", lambda one: [local_part(one.email)], lambda p: [local_part(p.email)]),
    Clue(
        "The name is the first part of the e-mail address",
        lambda one: [folded(one.name)],
        lambda p: [local_part(p.email)],
    ),
    Clue("The e-mail address is made of the name", lambda one: [local_part(one.email)], _each(folded)),
)
ALMOST = "Almost the same name"
SHARED_WORD = "Part of the name is the same"


class Suggester:
    """Looks keys up instead of comparing everybody with everybody, so that a thousand guests cost no patience."""

    def __init__(self, roster: Sequence[RosterPerson]) -> None:
        self._roster = {person.user_id: person for person in roster}
        self._indexes = [_index(roster, clue.of_person) for clue in CLUES]
        self._by_word = _index(roster, lambda person: {word for name in person.names for word in _long_words(name)})

    def suggest(self, attendee: Attendee, taken: Collection[int] = (), limit: int = 3) -> tuple[Suggestion, ...]:
        """The best guesses, best first; of equally good ones those who are not `taken`. None for a bot."""
        if attendee.kind == BOT:
            return ()
        best: dict[int, Suggestion] = {}
        for suggestion in [*self._by_clue(attendee), *self._by_spelling(attendee)]:
            best.setdefault(suggestion.user_id, suggestion)
        return tuple(sorted(best.values(), key=lambda each: (each.rank, each.user_id in taken, each.user_id))[:limit])

    def _by_clue(self, attendee: Attendee) -> Iterator[Suggestion]:
        for rank, (clue, index) in enumerate(zip(CLUES, self._indexes, strict=True)):
            found = {user_id for key in clue.of_attendee(attendee) if key for user_id in index.get(key, ())}
            if len(found) <= TOO_COMMON:
                yield from (Suggestion(user_id, rank, _shared(clue.reason, len(found))) for user_id in found)

    def _by_spelling(self, attendee: Attendee) -> Iterator[Suggestion]:
        sharing = (self._by_word.get(word, set()) for word in _long_words(attendee.name))
        for user_id in set().union(*(found for found in sharing if len(found) <= TOO_COMMON)):
            if _almost(attendee.name, self._roster[user_id].names):
                yield Suggestion(user_id, len(CLUES), ALMOST)
            else:
                yield Suggestion(user_id, len(CLUES) + 1, SHARED_WORD)


def _index(roster: Sequence[RosterPerson], keys: Callable[[RosterPerson], Iterable[str]]) -> dict[str, set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for person in roster:
        for key in keys(person):
            if key:
                index[key].add(person.user_id)
    return index


def _shared(reason: str, people: int) -> str:
    return reason if people == 1 else f"{reason} as {people} people on the roster"


def _almost(name: str, others: Iterable[str]) -> bool:
    return any(SequenceMatcher(None, in_any_order(name), in_any_order(other)).ratio() >= SIMILAR for other in others)
