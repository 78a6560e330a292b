"""Insert what is new, change what differs, leave the rest alone."""

from datetime import timedelta

import pytest

from conferences.models import ChatMessage, Conference
from conferences.sync.store.upsert import Upsert, absorb, mark_gone, missing_from, touch
from conferences.tests.sync.store.listings import STARTS_AT

LATER = STARTS_AT + timedelta(days=1)


@pytest.fixture
def row(conference: Conference) -> ChatMessage:
    return ChatMessage.objects.create(
        conference=conference,
        provider_id="m1",
        sent_at=STARTS_AT,
        text="Hello",
        html="<p>",
        extra={"a": 1},
        first_seen_at=STARTS_AT,
        last_seen_at=STARTS_AT,
    )


def test_equal_values_change_nothing(row: ChatMessage) -> None:
    assert absorb(row, {"text": "Hello", "extra": {"a": 1}}) == set()


@pytest.mark.parametrize("empty", [None, "", {}, [], ()])
def test_empty_value_never_empties_a_stored_one(row: ChatMessage, empty: object) -> None:
    assert absorb(row, {"text": empty}) == set()
    assert row.text == "Hello"


def test_empty_value_counts_where_it_is_authoritative(row: ChatMessage) -> None:
    assert (absorb(row, {"html": "", "text": ""}, ["html"]), row.html, row.text) == ({"html"}, "", "Hello")


def test_objects_are_merged(row: ChatMessage) -> None:
    assert (absorb(row, {"extra": {"b": 2}}), row.extra) == ({"extra"}, {"a": 1, "b": 2})


def test_only_what_is_missing_is_taken(row: ChatMessage) -> None:
    values = {"text": "Other", "sender": "Ann", "extra": {"a": 9, "b": 2}}
    assert missing_from(row, values) == {"sender": "Ann", "extra": {"a": 1, "b": 2}}


def test_listed_row_is_not_gone(row: ChatMessage) -> None:
    row.gone_at = STARTS_AT
    assert (touch(row, set(), LATER), row.gone_at, row.last_seen_at) == ({"gone_at", "last_seen_at"}, None, LATER)


def test_unchanged_row_is_not_touched(row: ChatMessage) -> None:
    assert (touch(row, set(), LATER), row.last_seen_at) == (set(), STARTS_AT)


def test_row_that_is_added_and_changed_before_the_write(conference: Conference) -> None:
    upsert = Upsert(ChatMessage, STARTS_AT)
    fresh = upsert.add(conference=conference, provider_id="m2", sent_at=STARTS_AT, text="One")
    assert upsert.change(fresh, {"text": "Two"}) is True
    upsert.write()
    assert ChatMessage.objects.get().text == "Two"


def test_row_that_is_changed_twice_is_written_once(row: ChatMessage, django_assert_num_queries: object) -> None:
    upsert = Upsert(ChatMessage, LATER)
    for text in ("One", "Two"):
        upsert.change(row, {"text": text})
    with django_assert_num_queries(1):  # type: ignore[operator]
        upsert.write()
    assert ChatMessage.objects.get().text == "Two"


def test_only_live_rows_are_marked_and_only_once(row: ChatMessage) -> None:
    rows = ChatMessage.objects.filter(conference=row.conference)
    assert (mark_gone(rows, {row.pk}, LATER), mark_gone(rows, set(), LATER), mark_gone(rows, set(), LATER)) == (0, 1, 0)
