import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.matching import Attendee, Decision, RosterPerson, decide

ANA = RosterPerson(1, ("Ana Lee",), "ana@example.org")
BEN = RosterPerson(2, ("Ben Roy",), "ben@example.org")
OTHER_ANA = RosterPerson(3, ("Ana Lee",), "ana.lee@example.org")


def decision(attendee: Attendee, *roster: RosterPerson, known: dict[str, int | None] | None = None) -> Decision:
    (only,) = decide([attendee], roster or (ANA, BEN), known or {})
    return only


def test_exact_address_applies_by_rule() -> None:
    assert decision(Attendee("x", email="ana@example.org")) == Decision("x", "rule", 1)


@pytest.mark.parametrize("email", ["ANA@Example.org", " ana@example.org "])
def test_case_and_space_around_an_address_do_not_matter(email: str) -> None:
    assert decision(Attendee("x", email=email)).user_id == 1


@pytest.mark.parametrize(
    "email", ["an\u0430@example.org", "ana@example.org.evil.example", "anaa@example.org", "ana@example", ""]
)
def test_nearly_the_same_address_decides_nothing(email: str) -> None:
    assert decision(Attendee("x", email=email)) == Decision("x")


def test_letters_that_only_lower_case_alike_are_not_the_same() -> None:
    """The Kelvin sign lower-cases to k, but names another mailbox."""
    kim = RosterPerson(1, (), "kim@example.org")
    assert decision(Attendee("x", email="\u212aim@example.org"), kim) == Decision("x")


def test_address_of_two_people_on_the_roster_decides_nothing() -> None:
    assert decision(Attendee("x", email="ana@example.org"), ANA, RosterPerson(9, (), "Ana@example.org")) == Decision(
        "x"
    )


def test_missing_address_matches_nobody_without_one() -> None:
    assert decision(Attendee("x", name="Ana Lee"), RosterPerson(1, ("Ana Lee",), "")) == Decision("x")


def test_two_students_share_a_name_and_neither_is_credited_by_it() -> None:
    found = decide([Attendee("x", name="Ana Lee"), Attendee("y", name="Ana Lee")], [ANA, OTHER_ANA], {})
    assert list(found) == [Decision("x"), Decision("y")]


def test_a_name_alone_is_never_applied_even_when_only_one_has_it() -> None:
    assert decision(Attendee("x", name="Ana Lee")) == Decision("x")


def test_two_devices_of_one_address_are_one_user() -> None:
    found = decide([Attendee("id:1", email="ana@example.org"), Attendee("guest:2", email="ana@example.org")], [ANA], {})
    assert [each.user_id for each in found] == [1, 1]


def test_bot_under_the_address_of_its_owner_is_nobody() -> None:
    assert decision(Attendee("x", email="ana@example.org", kind="bot")) == Decision("x")


def test_confirmed_identity_is_remembered_for_the_series() -> None:
    assert decision(Attendee("id:7", lasting=True), known={"id:7": 2}) == Decision("id:7", "remembered", 2)


def test_remembered_outranks_the_rule() -> None:
    attendee = Attendee("id:7", email="ana@example.org", lasting=True)
    assert decision(attendee, known={"id:7": 2}) == Decision("id:7", "remembered", 2)


def test_remembered_nobody_keeps_the_rule_from_applying() -> None:
    attendee = Attendee("id:7", email="ana@example.org", lasting=True)
    assert decision(attendee, known={"id:7": None}) == Decision("id:7", "remembered", None)


def test_identity_that_does_not_last_is_not_remembered() -> None:
    assert decision(Attendee("guest:1"), known={"guest:1": 2}) == Decision("guest:1")


def test_remembered_person_who_left_the_roster_is_not_credited() -> None:
    assert decision(Attendee("id:7", lasting=True), ANA, known={"id:7": 2}) == Decision("id:7")


def test_decision_of_a_person_is_never_touched() -> None:
    manual = Attendee("id:7", email="ana@example.org", lasting=True, match="manual", user_id=2)
    assert list(decide([manual], [ANA, BEN], {"id:7": 1})) == []


def test_rule_that_no_longer_holds_is_taken_back() -> None:
    assert decision(Attendee("x", email="gone@example.org", match="rule", user_id=1)) == Decision("x")


emails = st.sampled_from(["", "a@x.org", "A@x.org", "b@x.org", "c@x.org"])


@given(st.lists(st.tuples(st.integers(1, 5), emails), max_size=5), st.lists(emails, max_size=6))
def test_rule_only_ever_names_the_sole_owner_of_the_address(pairs: list[tuple[int, str]], seen: list[str]) -> None:
    roster = [RosterPerson(user_id, (), email) for user_id, email in dict(pairs).items()]
    attendees = [Attendee(str(number), email=email) for number, email in enumerate(seen)]
    for attendee, found in zip(attendees, decide(attendees, roster, {}), strict=True):
        owners = [one.user_id for one in roster if one.email.lower() == attendee.email.lower() and attendee.email]
        assert found.user_id == (owners[0] if len(owners) == 1 else None)
