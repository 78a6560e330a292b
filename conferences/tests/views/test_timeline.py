import pytest

from conferences.models import Conference
from conferences.register import register
from conferences.tests.school import ENDS_AT, STARTS_AT, answered, minute, seen
from conferences.views.timeline import LANES, timeline


def test_nobody_seen_is_no_picture(conference: Conference) -> None:
    assert timeline(conference, register(conference).rows, ENDS_AT) is None


def test_bars_stand_where_the_time_was(conference: Conference) -> None:
    seen(conference, "a", (0, 15), (30, 60), name="Ann")
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert [(bar.x, bar.width) for bar in drawn.lanes[0].bars] == [("0.00%", "25.00%"), ("50.00%", "50.00%")]
    assert (drawn.schedule.x, drawn.schedule.width) == ("0.00%", "100.00%")


def test_picture_grows_to_hold_who_came_early_and_left_late(conference: Conference) -> None:
    seen(conference, "a", (-30, 90), name="Ann")
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert (drawn.starts_at, drawn.ends_at) == (minute(-30), minute(90))
    assert (drawn.schedule.x, drawn.schedule.width) == ("25.00%", "50.00%")


def test_two_devices_at_once_are_one_bar(conference: Conference) -> None:
    seen(conference, "a", (0, 30), (15, 45), name="Ann")
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert [(bar.starts_at, bar.ends_at) for bar in drawn.lanes[0].bars] == [(STARTS_AT, minute(45))]


def test_session_still_running_is_drawn_until_it_was_fetched(conference: Conference) -> None:
    seen(conference, "a", (0, None), name="Ann")
    drawn = timeline(conference, register(conference).rows, minute(30))
    assert drawn is not None
    assert drawn.lanes[0].bars[0].ends_at == minute(30)


@pytest.mark.parametrize(("fetched", "until", "guesses"), [(20, 20, False), (90, 90, False), (180, 60, True)])
def test_session_without_an_end_is_drawn_no_further_than_anybody_knows(
    fetched: int, until: int, guesses: bool, conference: Conference
) -> None:
    """A class that was fetched long after its end: the picture ends with the class, not with the day of the fetch."""
    seen(conference, "a", (0, None), name="Ann", last_seen_at=minute(15))
    answered(conference, at=fetched)
    people = register(conference)
    drawn = timeline(conference, people.rows, people.open_until)
    assert drawn is not None
    assert [bar.ends_at for bar in drawn.lanes[0].bars] == [minute(until)]
    assert (drawn.ends_at, drawn.guesses) == (max(minute(until), ENDS_AT), guesses)


def test_picture_without_a_missing_end_guesses_nothing(conference: Conference) -> None:
    seen(conference, "a", (0, 50), name="Ann")
    answered(conference, at=600)
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert not drawn.guesses


def test_session_after_the_class_without_an_end_has_no_lane(conference: Conference) -> None:
    seen(conference, "a", (70, None), name="Ann")
    answered(conference, at=600)
    people = register(conference)
    assert timeline(conference, people.rows, people.open_until) is None


def test_moment_is_still_visible(conference: Conference) -> None:
    seen(conference, "a", (10, 10.01), name="Ann")
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert drawn.lanes[0].bars[0].width == "0.50%"


@pytest.mark.parametrize(
    ("until", "ticks"),
    [
        (60, ["09:15", "09:30", "09:45"]),
        (150, ["09:30", "10:00", "10:30", "11:00"]),
        (300, ["10:00", "11:00", "12:00", "13:00"]),
        (1200, ["12:00", "16:00", "20:00", "00:00", "04:00"]),
    ],
)
def test_ticks_are_few_and_round(until: int, ticks: list[str], conference: Conference) -> None:
    seen(conference, "a", (0, until), name="Ann")
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert [f"{tick.starts_at:%H:%M}" for tick in drawn.ticks] == ticks


def test_first_to_come_stands_first_and_too_many_are_counted(conference: Conference) -> None:
    for number in range(LANES + 2):
        seen(conference, f"{number}", (LANES + 2 - number, 200), name=f"G {number}")
    drawn = timeline(conference, register(conference).rows, ENDS_AT)
    assert drawn is not None
    assert (len(drawn.lanes), drawn.hidden, drawn.lanes[0].row.name) == (LANES, 2, f"G {LANES + 1}")
