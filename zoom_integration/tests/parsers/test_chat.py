"""Chat files in the forms that Zoom has written over the years."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.records import ChatRecord
from zoom_integration.parsers.chat import Frame, lines, messages
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


def test_unknown_zone_and_unknown_length_do_no_harm() -> None:
    assert told("00:00:05\tAnn:\thi", Frame(at("10:00"), None, "Nowhere/Land")) == [("10:00:05", "Ann", "hi")]


def test_recipient_is_kept_beside_the_sender() -> None:
    (line,) = lines("00:00:01 From Ann to Bo to Cy: hi")

    assert (line.sender, line.recipient) == ("Ann", "Bo to Cy")


@pytest.mark.parametrize("source", ["", "\ufeff", "no times at all", "<html>Sign in</html>", "99:99:99 From A : b"])
def test_what_is_no_chat_has_no_messages(source: str) -> None:
    assert told(source) == []


@given(st.text(alphabet="0123456789: \t\nFromtA()-", max_size=200))
def test_messages_raise_nothing_and_keep_their_keys(source: str) -> None:
    first, second = (list(messages(source, FRAME, "c")) for _ in range(2))

    assert first == second
    assert all(isinstance(each, ChatRecord) for each in first)
    assert len({each.key for each in first}) == len(first)
