from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conferences.decisions import apply_matching, confirm, correct_presence
from conferences.models import Conference
from conferences.register import Row, register
from conferences.tests.school import School, answered, joined, minute, presences, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return School()


@pytest.fixture
def conference(school: School) -> Conference:
    return school.conference()


@pytest.fixture
def ana(school: School) -> User:
    return school.enrol("Ana Lee", "ana@example.org")


def row_of(conference: Conference, name: str) -> Row:
    (row,) = (row for row in register(conference).rows if row.name == name)
    return row


def test_one_row_a_person_with_the_sessions_below_it(conference: Conference, ana: User) -> None:
    """Rows are counted per person, not per connection."""
    seen(conference, "id:1", (0, 20), (25, 40), (45, 60), email=ana.email)
    apply_matching(conference)
    (row,) = register(conference).rows
    assert (row.name, len(row.sessions), row.total_seconds) == ("Ana Lee", 3, 50 * 60)


def test_several_participants_who_are_one_user_count_once(conference: Conference, ana: User) -> None:
    """A laptop, and a phone whose owner a person has confirmed."""
    seen(conference, "id:1", (0, 40), email=ana.email, reported_seconds=2400)
    phone = seen(conference, "phone:1", (30, 60), kind="dial_in", reported_seconds=1800)
    apply_matching(conference)
    confirm(phone, ana, by=ana)
    (row,) = register(conference).rows
    assert (row.total_seconds, row.reported_seconds) == (3600, 4200)
    assert row.presence == "present"


def test_guests_without_name_or_address_stay_separate(conference: Conference, ana: User) -> None:
    """Neither dropped nor merged into one, and to be matched by hand."""
    first, second = (
        seen(conference, "guest:1", (0, 60), kind="guest"),
        seen(conference, "guest:2", (0, 30), kind="guest"),
    )
    apply_matching(conference)
    rows = [row for row in register(conference).rows if not row.on_roster]
    assert [(row.participants, row.total_seconds) for row in rows] == [((first,), 3600), ((second,), 1800)]
    confirm(second, ana, by=ana)
    assert row_of(conference, "Ana Lee").participants == (second,)


def test_people_without_an_account_are_shown_like_anyone_else(conference: Conference) -> None:
    seen(conference, "id:9", (0, 60), name="Zoe Fox", email="zoe@elsewhere.example", role="attendee", kind="external")
    row = row_of(conference, "Zoe Fox")
    assert (row.email, row.role, row.kind, row.user, row.presence) == (
        "zoe@elsewhere.example",
        "attendee",
        "external",
        None,
        "present",
    )


def test_bot_is_not_a_person(conference: Conference, ana: User) -> None:
    """A note taker under its owner's address counts as nobody."""
    seen(conference, "bot:1", (0, 60), name="Ana's notes", email=ana.email, kind="bot")
    answered(conference)
    apply_matching(conference)
    people = register(conference)
    assert presences(people.rows) == {"Ana Lee": "absent", "Ana's notes": None}
    assert row_of(conference, "Ana's notes").remark == "A bot, not a person."
    assert (people.summary.bots, people.summary.unidentified) == (1, 0)


def test_roster_comes_first_by_name_then_the_others(school: School, conference: Conference, ana: User) -> None:
    school.enrol("Élodie Roy", "e@example.org")
    school.enrol("Tara Moss", "t@example.org", role="instructor")
    seen(conference, "guest:1", (0, 1))
    seen(conference, "guest:2", (0, 1), name="zoe")
    seen(conference, "guest:3", (0, 1), name="Yan")
    assert [row.name for row in register(conference).rows] == ["Ana Lee", "Élodie Roy", "Tara Moss", "Yan", "zoe", ""]


def test_there_is_a_list_of_absentees(school: School, conference: Conference, ana: User) -> None:
    """Learners who were not seen; an instructor is nobody to miss."""
    school.enrol("Tara Moss", "t@example.org", role="instructor")
    ben = school.enrol("Ben Roy", "ben@example.org")
    seen(conference, "id:2", (0, 60), email=ben.email)
    apply_matching(conference)
    answered(conference)
    assert [row.user for row in register(conference).absentees] == [ana]


@pytest.mark.parametrize("percent", [50, 85])
def test_threshold_is_the_courses_own(school: School, conference: Conference, ana: User, percent: int) -> None:
    school.course.present_percent = percent
    school.course.save()
    seen(conference, "id:1", (0, 48), email=ana.email)
    apply_matching(conference)
    assert row_of(Conference.objects.get(), "Ana Lee").presence == ("left_early" if percent == 50 else "partial")


def test_conference_without_a_course_is_judged_by_the_defaults(school: School) -> None:
    conference = school.conference(course=None)
    seen(conference, "guest:1", (0, 44), name="Zoe")
    seen(conference, "guest:2", (11, 60), name="Yan")
    assert presences(register(conference).rows) == {"Yan": "late", "Zoe": "partial"}


NOT_FETCHED = "Attendance has not been fetched completely yet, so nobody is marked absent."


def test_nobody_is_absent_before_anything_was_fetched(conference: Conference, ana: User) -> None:
    people = register(conference)
    assert (presences(people.rows), people.why_unknown) == ({"Ana Lee": None}, NOT_FETCHED)
    assert people.rows[0].remark == NOT_FETCHED
    assert people.summary.unknown == 1
    assert people.summary.attendance_percent is None


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("failed", "timeout"), ("blocked", "policy"), ("no_data", "not_ready"), ("no_data", "not_started")],
)
def test_answer_that_says_nothing_makes_nobody_absent(
    conference: Conference, ana: User, outcome: str, code: str
) -> None:
    answered(conference, outcome=outcome, code=code)
    assert presences(register(conference).rows) == {"Ana Lee": None}


def test_nobody_came_is_an_answer(conference: Conference, ana: User) -> None:
    answered(conference, outcome="no_data", code="none_found")
    assert presences(register(conference).rows) == {"Ana Lee": "absent"}


def test_other_operations_say_nothing_about_attendance(conference: Conference, ana: User) -> None:
    answered(conference, operation="chat")
    assert presences(register(conference).rows) == {"Ana Lee": None}


def test_failure_after_a_good_answer_takes_nothing_away(conference: Conference, ana: User) -> None:
    answered(conference)
    answered(conference, at=90, outcome="failed")
    assert presences(register(conference).rows) == {"Ana Lee": "absent"}


def test_answer_during_the_class_judges_nobody(school: School, conference: Conference, ana: User) -> None:
    """The time in the sentence is the class's, which is in Zurich."""
    school.enrol("Ben Roy", "ben@example.org")
    seen(conference, "id:1", (0, None), email=ana.email, last_seen_at=minute(20))
    apply_matching(conference)
    answered(conference, at=20)
    people = register(conference)
    assert presences(people.rows) == {"Ana Lee": None, "Ben Roy": None}
    assert people.rows[0].remark == (
        "Attendance was fetched before the class was over. Sync again after 11:00 on 2026-03-02."
    )


def test_listing_that_broke_still_shows_those_whom_it_gave(school: School, conference: Conference, ana: User) -> None:
    school.enrol("Ben Roy", "ben@example.org")
    seen(conference, "id:1", (0, 60), email=ana.email)
    apply_matching(conference)
    answered(conference, outcome="failed")
    assert presences(register(conference).rows) == {"Ana Lee": "present", "Ben Roy": None}


def test_interval_still_running_is_shown_open_and_not_counted(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 20), (25, None), email=ana.email)
    apply_matching(conference)
    (row,) = register(conference).rows
    assert (row.is_open, row.total_seconds, row.last_left_at, row.presence) == (True, 1200, None, "present")


@pytest.mark.parametrize(
    ("fetched", "is_open", "lacks_leave", "open_until", "remark"),
    [
        (179, True, False, minute(179), ""),
        (180, False, True, minute(60), "The leave time is unknown."),
        (60000, False, True, minute(60), "The leave time is unknown."),
    ],
)
def test_nobody_is_still_in_when_fetched_long_after_the_class(
    fetched: int,
    is_open: bool,
    lacks_leave: bool,
    open_until: datetime,
    remark: str,
    conference: Conference,
    ana: User,
) -> None:
    """From two hours after the end, which is as long as a sitting may still belong to the class."""
    seen(conference, "id:1", (0, 20), (25, None), email=ana.email)
    apply_matching(conference)
    answered(conference, at=fetched)
    people = register(conference)
    (row,) = people.rows
    assert (row.is_open, row.lacks_leave, people.open_until, row.remark) == (is_open, lacks_leave, open_until, remark)
    assert (row.total_seconds, row.last_left_at) == (1200, None)


def test_whose_leave_times_are_all_known_lacks_none(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 20), email=ana.email)
    apply_matching(conference)
    answered(conference, at=600)
    (row,) = register(conference).rows
    assert (row.is_open, row.lacks_leave, row.last_left_at, row.remark) == (False, False, minute(20), "")


def test_correction_comes_before_an_unknown_leave_time(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, None), email=ana.email)
    apply_matching(conference)
    answered(conference, at=600)
    correct_presence(conference, ana, "late", "Bus", by=ana)
    assert register(conference).rows[0].remark == "Corrected: Bus"


def test_nothing_fetched_yet_is_open_until_the_end_of_the_class(conference: Conference) -> None:
    people = register(conference)
    assert (people.open_until, people.is_final) == (conference.ends_at, False)


def test_participant_without_any_times_is_neither_present_nor_absent(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", email=ana.email)
    apply_matching(conference)
    answered(conference)
    (row,) = register(conference).rows
    assert (row.presence, row.remark) == (None, "The provider lists this person without any times.")


def test_reported_total_alone_decides_where_there_are_no_times(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", email=ana.email, reported_seconds=3000)
    apply_matching(conference)
    assert row_of(conference, "Ana Lee").presence == "present"


def test_sessions_of_a_replaced_source_and_gone_ones_stand_apart(conference: Conference, ana: User) -> None:
    person = seen(conference, "id:1", (0, 50), email=ana.email)
    older = joined(person, (0, 60), superseded=True, source="call_records")
    gone = joined(person, (10, 55), gone_at=minute(80))
    apply_matching(conference)
    (row,) = register(conference).rows
    assert (row.total_seconds, row.superseded, row.gone) == (3000, (older,), (gone,))


def test_participant_whom_only_a_replaced_source_knows_does_not_count(conference: Conference, ana: User) -> None:
    older = seen(conference, "id:1", email=ana.email, superseded=True, source="call_records")
    session = joined(older, (0, 60), superseded=True)
    apply_matching(conference)
    answered(conference)
    people = register(conference)
    assert people.superseded == (older,)
    assert [(row.participants, row.superseded, row.presence) for row in people.rows] == [((), (session,), "absent")]


def test_person_whom_the_provider_no_longer_lists_keeps_their_time(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 60), email=ana.email, gone_at=minute(90))
    apply_matching(conference)
    answered(conference, at=90)
    (row,) = register(conference).rows
    assert (row.total_seconds, row.presence) == (3600, "present")


def test_correction_with_a_reason_wins_over_every_later_sync(conference: Conference, ana: User) -> None:
    answered(conference)
    correct_presence(conference, ana, "present", "Sat in the room", by=ana)
    seen(conference, "id:1", (0, 5), email=ana.email)
    apply_matching(conference)
    answered(conference, at=120)
    (row,) = register(conference).rows
    assert (row.computed, row.presence, row.remark) == ("partial", "present", "Corrected: Sat in the room")


def test_newest_correction_counts(conference: Conference, ana: User) -> None:
    correct_presence(conference, ana, "present", "Sat in the room", by=ana)
    correct_presence(conference, ana, "absent", "That was last week", by=ana)
    assert row_of(conference, "Ana Lee").presence == "absent"


def test_fuzzy_match_is_a_suggestion_only(conference: Conference, ana: User) -> None:
    seen(conference, "guest:1", (0, 60), name="LEE, Ana")
    apply_matching(conference)
    answered(conference)
    guest = row_of(conference, "LEE, Ana")
    assert [(guess.user, guess.reason, guess.taken) for guess in guest.suggestions] == [
        (ana, "Same name in another order", False)
    ]
    assert row_of(conference, "Ana Lee").presence == "absent"


def test_suggestion_says_that_its_user_is_taken(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 60), email=ana.email)
    seen(conference, "guest:1", (0, 60), name="ANA LEE")
    apply_matching(conference)
    assert [guess.taken for guess in row_of(conference, "ANA LEE").suggestions] == [True]


def test_nobody_on_the_roster_is_a_visitor_without_suggestions(conference: Conference, ana: User) -> None:
    confirm(seen(conference, "guest:1", (0, 60), name="ANA LEE"), None, by=ana)
    people = register(conference)
    assert row_of(conference, "ANA LEE").suggestions == ()
    assert (people.summary.visitors, people.summary.unidentified) == (1, 0)


def test_bot_that_a_person_has_confirmed_counts_beside_its_owner(conference: Conference, ana: User) -> None:
    """A browser without a microphone may look like a bot; a person knows better."""
    bot = seen(conference, "bot:1", (0, 60), kind="bot")
    confirm(bot, ana, by=ana)
    row = row_of(conference, "Ana Lee")
    assert (row.presence, row.is_bot, row.kind) == ("present", False, "bot")
    seen(conference, "id:1", (0, 10), email=ana.email)
    apply_matching(conference)
    assert row_of(conference, "Ana Lee").kind == "member"


def test_user_whom_only_a_replaced_source_knows_and_no_roster_has_no_row(conference: Conference, ana: User) -> None:
    confirm(seen(conference, "id:1", superseded=True, source="call_records"), ana, by=ana)
    ana.enrolments.all().delete()  # type: ignore[attr-defined]
    assert register(conference).rows == ()


def test_user_who_left_the_roster_keeps_a_row(conference: Conference, ana: User) -> None:
    confirm(seen(conference, "id:1", (0, 60), name="A."), ana, by=ana)
    ana.enrolments.all().delete()  # type: ignore[attr-defined]
    (row,) = register(conference).rows
    assert (row.name, row.user, row.on_roster, row.is_visitor) == ("Ana Lee", ana, False, True)


def test_class_in_two_sittings(conference: Conference) -> None:
    first, second = seen(conference, "id:1", (0, 20)), seen(conference, "id:2", (5, 25))
    joined(first, (30, 55), sitting="second")
    joined(second, (31, None), sitting="second")
    joined(second, (0, 90), sitting="third", superseded=True)
    joined(second, (0, 90), sitting="fourth", gone_at=minute(99))
    shown = [(each.key, each.opened_at, each.closed_at, each.participants) for each in register(conference).sittings]
    assert shown == [("first", minute(0), minute(25), 2), ("second", minute(30), None, 2)]


def test_sitting_fetched_long_after_the_class_ends_with_the_last_leave_that_is_known(conference: Conference) -> None:
    first = seen(conference, "id:1", (0, None))
    joined(first, (5, 25))
    joined(first, (30, None), sitting="second")
    answered(conference, at=600)
    people = register(conference)
    assert [(each.key, each.closed_at) for each in people.sittings] == [("first", minute(25)), ("second", None)]
    assert people.is_final


def test_number_of_queries_does_not_grow_with_people(school: School, conference: Conference) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert register(Conference.objects.select_related("course").get()).summary.learners > 0
        return len(queries)

    def add(numbers: range) -> None:
        for number in numbers:
            user = school.enrol(f"Person {number}", f"p{number}@example.org")
            seen(conference, f"id:{number}", (0, 20), (30, 60), email=user.email)
            seen(conference, f"guest:{number}", (0, 20), name=f"Person {number}")
            correct_presence(conference, user, "late", "Bus", by=user)
        apply_matching(conference)
        answered(conference)

    add(range(2))
    few = cost()
    add(range(2, 12))
    assert (few, cost()) == (6, 6)  # one of them the conference itself


def test_class_over_the_night_of_the_clock_change(school: School) -> None:
    """01:30 to 03:30 in Zurich, three hours long: two hours and a quarter are three quarters of it."""
    starts_at = minute(0).replace(year=2025, month=10, day=25, hour=23, minute=30)
    conference = school.conference(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    first = (starts_at - minute(0)).total_seconds() / 60
    enough = (first, first + 135)
    too_little = (first, first + 134)
    later = {"last_seen_at": conference.ends_at}
    seen(conference, "guest:1", enough, name="Yan", **later)
    seen(conference, "guest:2", too_little, name="Zoe", **later)
    assert presences(register(conference).rows) == {"Yan": "left_early", "Zoe": "partial"}
