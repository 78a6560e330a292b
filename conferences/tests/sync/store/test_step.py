"""Storing one step: records sorted by kind, all or none of a batch, and the listing closed."""

from typing import Any

import pytest
from django.db import DataError

from conferences.models import ChatMessage, Participant, SharedFile
from conferences.providers.records import ChatRecord, DetailRecord, FileRecord, Notice, ProviderTotal
from conferences.tests.sync.store.listings import STARTS_AT, Listings, attendance, counts

MESSAGE = ChatRecord("m1", STARTS_AT, text="Hello")
FILE = FileRecord("f1", "Slides.pdf")
UNSTORABLE = ChatRecord("m2", STARTS_AT, text="NUL \x00")


def test_records_of_any_kind_find_their_table(sync: Listings) -> None:
    assert sync(FILE, attendance("Ann", (0, 9)), MESSAGE, operation="chat") == counts(created=3)
    assert [model.objects.count() for model in (SharedFile, Participant, ChatMessage)] == [1, 1, 1]


def test_what_is_no_row_is_passed_over(sync: Listings) -> None:
    assert sync(Notice("hm"), ProviderTotal(3), DetailRecord({"a": 1}), operation="chat") == counts()


def test_only_what_an_operation_lists_can_be_gone(sync: Listings) -> None:
    sync(FILE, MESSAGE, operation="chat")
    sync(operation="chat")
    assert (ChatMessage.objects.get().gone_at, SharedFile.objects.get().gone_at) == (sync.seen_at, None)


def test_operation_of_a_provider_s_own_marks_nothing(sync: Listings) -> None:
    sync(MESSAGE, operation="chat")
    sync(operation="polls")
    assert ChatMessage.objects.get().gone_at is None


@pytest.mark.parametrize("listed", ["new", "known"])
def test_number_of_questions_does_not_grow_with_the_batch(
    sync: Listings, django_assert_max_num_queries: Any, listed: str
) -> None:
    people = [attendance(f"P{number}", (0, 30), (40, 60)) for number in range(150)]
    if listed == "known":
        sync(*people)
    store = sync.begin("attendance")
    with django_assert_max_num_queries(20):
        store.store(people)


def test_refused_batch_is_stored_not_at_all_and_not_counted(sync: Listings) -> None:
    store = sync.begin("chat")
    with pytest.raises(ValueError, match="NUL"):
        store.store([FILE, MESSAGE, UNSTORABLE])
    assert (store.tally.counts(), SharedFile.objects.count(), ChatMessage.objects.count()) == (counts(), 0, 0)


def test_batch_can_be_stored_after_a_refused_one(sync: Listings) -> None:
    store = sync.begin("chat")
    store.store([FILE])
    with pytest.raises(DataError):
        store.store([MESSAGE, attendance("Ann", (0, 9), reported_seconds=1, sitting="\x00")])
    store.store([MESSAGE])
    assert store.tally.counts() == counts(created=2)
