"""Chat files in the forms that Zoom has written over the years."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.records import ChatRecord
from zoom_integration.parsers.chat import Frame, messages
from zoom_integration.parsers.chat_lines import before, lines
from zoom_integration.tests.zoom import at, text

FRAME = Frame(at("10:00"), timedelta(hours=1), "Europe/Berlin")


def told(source: str, frame: Frame = FRAME) -> list[tuple[str, str, str]]:
    return [(f"{each.sent_at:%H:%M:%S}", each.sender, each.text) for each in messages(source, frame, "zoom:c1")]


def test_old_form_counts_from_the_start_and_keeps_lines_together() -> None:
    assert told(text("chat_old.txt"))[:2] == [
        ("10:00:12", "Ann Lee", "Hello: all"),
        ("10:01:00", "Bo Chen", "two\nlines"),
    ]


def test_new_form_has_the_text_on_the_lines_below_and_the_clock_on_the_wall() -> None:
    assert told(text("chat_new.txt")) == [
        ("10:00:30", "Ann Lee", "Hello\nagain"),
        ("10:59:00", "Bo Chen", 'Replying to "Hello"\n\nHi 10:30'),
    ]


def test_cloud_form_has_no_from() -> None:
    assert told(text("chat_cloud.txt")) == [
        ("10:05:12", "Ann Lee", "Hello"),
        ("10:06:00", "Bo Chen", "https://example.org/a:b"),
    ]


def test_dated_form_is_the_clock_on_the_wall_of_that_day() -> None:
    assert told(text("chat_dated.txt")) == [("10:00:30", "Ann Lee", "Dated")]


def test_clock_on_the_wall_goes_past_midnight() -> None:
    frame = Frame(at("23:50"), timedelta(minutes=30))
    source = "23:55:00 From Ann to Everyone: before\n00:05:00 From Ann to Everyone: after"

    assert [each.sent_at for each in messages(source, frame, "c")] == [at("23:55"), at("00:05", "2026-03-03")]


def seconds_late(source: str, frame: Frame) -> list[int]:
    return [round((each.sent_at - frame.starts_at).total_seconds()) for each in messages(source, frame, "c")]


OFFSETS = "00:00:05\tAnna:\tfirst\r\n00:30:00\tEve:\tmid\r\n"


@pytest.mark.parametrize("minutes_late", [0, 1, 2, 3, 4, 30, 90, 600])
@pytest.mark.parametrize("start", ["00:00", "07:45", "10:00", "23:30"])
def test_late_line_moves_no_other(start: str, minutes_late: int) -> None:
    """Promise: one message after the end does not turn the times of the others into times of the day."""
    late = timedelta(minutes=59 + minutes_late)
    clock = f"{late.seconds // 3600:02}:{late.seconds // 60 % 60:02}:00"
    frame = Frame(at(start), timedelta(minutes=58, seconds=59), "Europe/Berlin")

    assert seconds_late(f"{OFFSETS}{clock}\tBob:\tlast\r\n", frame) == [5, 1800, late.seconds]


def test_late_lines_alone_count_from_the_start_that_they_are_nearest_to() -> None:
    assert seconds_late("01:03:00\tBob:\tlast", FRAME) == [3780]


def test_lines_on_the_wall_stay_there_with_one_that_is_far_off() -> None:
    source = "11:00:30\tAnn:\ta\n11:20:00\tBo:\tb\n15:00:00\tCy:\tc"

    assert seconds_late(source, FRAME) == [30, 1200, 4 * 3600]


def test_clock_on_the_wall_an_hour_off_is_nearer_than_half_a_day() -> None:
    """Where nobody knows the zone."""
    source = "11:00:30\tAnn:\ta\n11:20:00\tBo:\tb"

    assert seconds_late(source, Frame(at("10:00"), timedelta(hours=1))) == [3630, 4800]


def test_what_can_be_both_counts_from_the_start() -> None:
    frame = Frame(at("00:10"), timedelta(hours=1))

    assert seconds_late("00:15:00\tAnn:\ta\n00:40:00\tBo:\tb", frame) == [900, 2400]


def test_wall_clock_just_after_midnight_is_told_by_the_line_that_fits_nowhere_else() -> None:
    frame = Frame(at("00:30"), timedelta(hours=1))

    assert seconds_late("00:31:00\tAnn:\ta\n01:29:00\tBo:\tb", frame) == [60, 3540]


def test_dated_lines_have_no_say_in_what_the_others_are() -> None:
    source = "2026-03-02 11:00:30 From Ann to Everyone: a\n00:05:00\tBo:\tb"

    assert seconds_late(source, FRAME) == [30, 300]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_day_at_the_ends_of_the_calendar_is_told_as_it_stands(day: str) -> None:
    (told,) = messages(f"{day} 999:00:00 From Ann to Everyone: a", FRAME, "c")

    assert told.sent_at.date().isoformat()[:4] == day[:4]


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1)])
def test_recording_of_no_length_still_has_a_nearest_reading(length: timedelta) -> None:
    assert seconds_late("11:05:00\tAnn:\ta", Frame(at("10:00"), length, "Europe/Berlin")) == [300]


def test_unknown_zone_and_unknown_length_do_no_harm() -> None:
    assert told("00:00:05\tAnn:\thi", Frame(at("10:00"), None, "Nowhere/Land")) == [("10:00:05", "Ann", "hi")]


def test_recipient_is_kept_beside_the_sender() -> None:
    (line,) = lines("00:00:01 From Ann to Bo to Cy: hi")

    assert (line.sender, line.recipient) == ("Ann", "Bo to Cy")


@pytest.mark.parametrize(
    ("line", "sender", "recipient", "said"),
    [
        ("00:00:05\tAn\tna:\tfirst", "An\tna", "", "first"),
        ("00:00:05\t:\tfirst", "", "", "first"),
        ("00:00:05\t\t:\tfirst", "", "", "first"),
        ("00:00:05\tDr: Bob:\tfirst", "Dr: Bob", "", "first"),
        ("00:00:05\tA: B\tC:\tcolon: in:\ttext", "A: B\tC", "", "colon: in:\ttext"),
        ("00:00:05\tDr: Bob:\t", "Dr: Bob", "", ""),
        ("00:00:05\tAnna:\t", "Anna", "", ""),
        ("00:00:05\tAnna:", "Anna", "", ""),
        ("00:00:05 Anna : first", "Anna", "", "first"),
        ("00:00:05 Anna: see: this", "Anna", "", "see: this"),
        ("00:00:05\t From Anna to Everyone:\tfirst", "Anna", "Everyone", "first"),
        ("00:00:05\t From Dr: Bob to Everyone:\tfirst", "Dr: Bob", "Everyone", "first"),
        ("00:00:05\t From An\tna to Everyone:\tfirst", "An\tna", "Everyone", "first"),
        ("00:00:05\t From  to Everyone:\tfirst", "", "Everyone", "first"),
        ("00:00:05\t From : first", "", "", "first"),
        ("00:00:05\t From Ann : see:\tthis", "Ann", "", "see:\tthis"),
        ("00:00:05\t From To Minh : first", "To Minh", "", "first"),
        ("00:00:05\t From To Minh To Ann : first", "To Minh", "Ann", "first"),
    ],
)
def test_names_and_texts_are_told_apart_whatever_is_in_them(line: str, sender: str, recipient: str, said: str) -> None:
    """Promise: no message is lost, or becomes a part of another, for the name of its sender."""
    first, second = lines(f"{line}\r\n00:00:06\tBob:\tsecond\r\n")

    assert (first.sender, first.recipient, first.text) == (sender, recipient, said)
    assert (second.sender, second.text) == ("Bob", "second")


@pytest.mark.parametrize("odd", ["From" + " " * 100_000, "From a" + " a" * 50_000, "a" + " " * 100_000, ":" * 100_000])
def test_odd_line_costs_no_time_and_belongs_to_the_message_before(odd: str) -> None:
    (line,) = lines(f"00:00:05\tAnna:\tfirst\n00:00:06\t{odd}")

    assert line.text == f"first\n00:00:06\t{odd}".strip()


def test_what_stands_before_the_first_message_is_told() -> None:
    assert before("\ufeffChat of Monday\r\n\r\n00:00:05\tAnna:\tfirst\r\nmore") == "Chat of Monday"
    assert before("\ufeff\r\n00:00:05\tAnna:\tfirst") == ""


@pytest.mark.parametrize("source", ["", "\ufeff", "no times at all", "<html>Sign in</html>", "99:99:99 From A : b"])
def test_what_is_no_chat_has_no_messages(source: str) -> None:
    assert told(source) == []


@given(st.text(alphabet="0123456789: \t\nFromtA()-", max_size=200))
def test_messages_raise_nothing_and_keep_their_keys(source: str) -> None:
    first, second = (list(messages(source, FRAME, "c")) for _ in range(2))

    assert first == second
    assert all(isinstance(each, ChatRecord) for each in first)
    assert len({each.key for each in first}) == len(first)
