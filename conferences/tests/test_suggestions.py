import pytest

from conferences.matching import Attendee, RosterPerson
from conferences.suggestions import Suggester

ROSTER = [
    RosterPerson(1, ("Ana Lee",), "ana.lee@example.org"),
    RosterPerson(2, ("Ben Roy",), "ben.roy@example.org"),
    RosterPerson(3, ("Katharina Winkler",), "kw77@example.org"),
]


def reasons(attendee: Attendee, roster: list[RosterPerson] | None = None) -> list[tuple[int, str]]:
    return [(found.user_id, found.reason) for found in Suggester(roster or ROSTER).suggest(attendee)]


@pytest.mark.parametrize(
    ("attendee", "expected"),
    [
        (Attendee("x", "ANA  LÉE (Guest)"), [(1, "Same name")]),
        (Attendee("x", "Lee, Ana"), [(1, "Same name in another order")]),
        (Attendee("x", "", "ben.roy@home.example"), [(2, "Same e-mail name at another domain")]),
        (Attendee("x", "Ana.Lee"), [(1, "Same name")]),
        (Attendee("x", "kw77"), [(3, "The name is the first part of the e-mail address")]),
        (Attendee("x", "", "katharina.winkler@home.example"), [(3, "The e-mail address is made of the name")]),
        (Attendee("x", "Katharina Winklér-"), [(3, "Same name")]),
        (Attendee("x", "Katarina Winkler"), [(3, "Almost the same name")]),
        (Attendee("x", "Katharina"), [(3, "Part of the name is the same")]),
        (Attendee("x", "iPhone"), []),
        (Attendee("x"), []),
    ],
)
def test_suggestion_and_its_reason(attendee: Attendee, expected: list[tuple[int, str]]) -> None:
    assert reasons(attendee) == expected


def test_two_students_who_share_a_name_are_both_suggested_and_it_says_so() -> None:
    roster = [*ROSTER, RosterPerson(4, ("Ana Lee",), "al4@example.org")]
    shared = "Same name as 2 people on the roster"
    assert reasons(Attendee("x", "Ana Lee"), roster) == [(1, shared), (4, shared)]


def test_address_that_two_share_is_suggested_only() -> None:
    roster = [RosterPerson(1, (), "family@example.org"), RosterPerson(2, (), "family@example.org")]
    shared = "Same e-mail address as 2 people on the roster"
    assert reasons(Attendee("x", email="Family@example.org"), roster) == [(1, shared), (2, shared)]


def test_stronger_reason_comes_first() -> None:
    found = reasons(Attendee("x", "Ben Roy", "ana.lee@home.example"))
    assert found == [(2, "Same name"), (1, "Same e-mail name at another domain")]


def test_of_equally_good_ones_the_free_one_comes_first() -> None:
    roster = [RosterPerson(1, ("Ana Lee",)), RosterPerson(2, ("Ana Lee",))]
    assert [found.user_id for found in Suggester(roster).suggest(Attendee("x", "Ana Lee"), taken={1})] == [2, 1]


def test_bot_is_suggested_to_be_nobody() -> None:
    assert reasons(Attendee("x", "Ana Lee", kind="bot")) == []


def test_name_that_half_the_roster_has_says_nothing() -> None:
    roster = [RosterPerson(number, ("Kim",)) for number in range(20)]
    assert reasons(Attendee("x", "Kim"), roster) == []


def test_word_that_half_the_roster_has_says_nothing() -> None:
    roster = [RosterPerson(number, (f"Kim Number{number}",)) for number in range(20)]
    assert reasons(Attendee("x", "Kim"), roster) == []


def test_at_most_three_are_suggested() -> None:
    roster = [RosterPerson(number, (f"Kim Number{number}",)) for number in range(8)]
    assert [user_id for user_id, _ in reasons(Attendee("x", "Kim"), roster)] == [0, 1, 2]
