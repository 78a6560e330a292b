import csv
import io

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from conferences.decisions import apply_matching, correct_presence
from conferences.models import Conference
from conferences.spreadsheet import attendance_csv, harmless
from conferences.tests.school import School, answered, minute, seen


@pytest.fixture
def school() -> School:
    return School()


@pytest.fixture
def conference(school: School) -> Conference:
    return school.conference()


@pytest.fixture
def ana(school: School) -> User:
    return school.enrol("Ana Lee", "ana@example.org")


def lines(conference: Conference) -> list[list[str]]:
    return list(csv.reader(io.StringIO(attendance_csv(conference).removeprefix("\ufeff"))))


@pytest.mark.django_db
def test_header_names_the_zone(conference: Conference) -> None:
    assert lines(conference) == [
        [
            *("Name", "E-mail", "Role", "Kind", "Presence", "Total minutes", "Reported minutes"),
            *("First join (Europe/Zurich)", "Last leave (Europe/Zurich)", "Sessions", "Remark"),
        ]
    ]


@pytest.mark.django_db
def test_line_of_somebody_who_was_there(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0.5, 20), (30, 60), name="Ana", email=ana.email, reported_seconds=3000)
    apply_matching(conference)
    assert lines(conference)[1:] == [
        [
            *("Ana Lee", "ana@example.org", "learner", "member", "present", "49.50", "50.00"),
            *("2026-03-02 10:00:30", "2026-03-02 11:00:00", "2", ""),
        ]
    ]


@pytest.mark.django_db
def test_unknown_leave_time_is_left_empty_and_said(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, None), email=ana.email)
    apply_matching(conference)
    answered(conference, at=60000)
    assert lines(conference)[1][5:] == ["0.00", "", "2026-03-02 10:00:00", "", "1", "The leave time is unknown."]


@pytest.mark.django_db
def test_absentees_are_listed(conference: Conference, ana: User) -> None:
    answered(conference)
    assert lines(conference)[1:] == [
        ["Ana Lee", "ana@example.org", "learner", "", "absent", "0.00", "", "", "", "0", ""]
    ]


@pytest.mark.django_db
def test_unknown_presence_says_why(conference: Conference, ana: User) -> None:
    (line,) = lines(conference)[1:]
    assert (line[4], line[-1]) == (
        "unknown",
        "Attendance has not been fetched completely yet, so nobody is marked absent.",
    )


@pytest.mark.django_db
def test_correction_gives_its_reason(conference: Conference, ana: User) -> None:
    correct_presence(conference, ana, "left_early", "The dentist", by=ana)
    (line,) = lines(conference)[1:]
    assert (line[4], line[-1]) == ("left_early", "Corrected: The dentist")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Zurich", ("2026-03-29 01:30:00", "2026-03-29 03:30:00")),
        ("America/Denver", ("2026-03-28 18:30:00", "2026-03-28 19:30:00")),
        ("Nowhere/Else", ("2026-03-29 00:30:00", "2026-03-29 01:30:00")),
    ],
)
def test_times_are_in_the_zone_of_the_class(school: School, zone: str, shown: tuple[str, str]) -> None:
    """Across the change to summer time; a zone that does not exist is UTC, and the header says so."""
    starts_at = minute(0).replace(month=3, day=29, hour=0, minute=30)
    conference = school.conference(starts_at=starts_at, ends_at=starts_at.replace(hour=2), time_zone=zone)
    first = (starts_at - minute(0)).total_seconds() / 60
    seen(conference, "guest:1", (first, first + 60))
    header, line = lines(conference)
    assert (line[7], line[8]) == shown
    assert header[7] == f"First join ({'UTC' if zone == 'Nowhere/Else' else zone})"


@pytest.mark.django_db
def test_formula_in_a_name_is_not_run(conference: Conference) -> None:
    seen(conference, "guest:1", (0, 60), name='=HYPERLINK("https://evil.example")', email="@SUM(1)", role="-1")
    assert lines(conference)[1][:3] == ['\'=HYPERLINK("https://evil.example")', "'@SUM(1)", "'-1"]


@pytest.mark.django_db
def test_commas_quotes_and_line_breaks_stay_in_their_cell(conference: Conference) -> None:
    seen(conference, "guest:1", (0, 60), name='Lee, "Ana"\nB.')
    assert lines(conference)[1][0] == 'Lee, "Ana"\nB.'


@pytest.mark.django_db
def test_spreadsheets_are_told_the_encoding(conference: Conference) -> None:
    seen(conference, "guest:1", (0, 60), name="Élodie 李")
    assert attendance_csv(conference).encode()[:3] == b"\xef\xbb\xbf"
    assert lines(conference)[1][0] == "Élodie 李"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0@"])
def test_cell_that_would_run_gets_an_apostrophe(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["", "Ana", "ana@example.org", "1-1", "'=1", "49.50", "…"])
def test_harmless_cell_is_left_alone(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text())
def test_no_cell_begins_with_a_formula(cell: str) -> None:
    assert harmless(cell).lstrip()[:1] not in set("=+-@＝＋－＠")
    assert harmless(cell).removeprefix("'") == cell.removeprefix("'")


@pytest.mark.django_db
def test_minutes_come_from_exact_times(conference: Conference, ana: User) -> None:
    seen(conference, "id:1", (0, 4.64), name="Ana", email=ana.email)
    apply_matching(conference)
    assert lines(conference)[1][5] == "4.64"
