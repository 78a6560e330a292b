"""What became of each item of a step."""

from datetime import timedelta

from conferences.models import ChatMessage, SharedFile
from conferences.sync.store.tally import Tally
from conferences.tests.sync.store.listings import STARTS_AT, counts

EARLIER = STARTS_AT - timedelta(days=1)


def old(pk: int) -> ChatMessage:
    return ChatMessage(pk=pk, first_seen_at=EARLIER)


def new(pk: int) -> ChatMessage:
    return ChatMessage(pk=pk, first_seen_at=STARTS_AT)


def test_rows_are_counted_once_by_the_most_that_happened() -> None:
    tally = Tally(STARTS_AT)
    for changed in (False, True, False):
        tally.note(old(1), changed=changed)
    tally.note(new(2), changed=True)
    tally.note(old(3), changed=False)
    assert tally.counts() == counts(created=1, updated=1, unchanged=1)


def test_rows_of_an_earlier_attempt_of_the_run_count_as_created() -> None:
    tally = Tally(STARTS_AT)
    tally.note(new(1), changed=False)
    assert tally.counts() == counts(created=1)


def test_rows_of_two_tables_do_not_mix() -> None:
    tally = Tally(STARTS_AT)
    tally.note(old(1), changed=False)
    tally.note(SharedFile(pk=1, first_seen_at=EARLIER), changed=False)
    assert (tally.counts()["items"], tally.seen(ChatMessage), tally.seen(SharedFile)) == (2, {1}, {1})


def test_what_was_rolled_back_is_not_counted() -> None:
    tally = Tally(STARTS_AT)
    tally.note(old(1), changed=False)
    mark = tally.mark()
    tally.note(old(1), changed=True)
    tally.note(new(2), changed=False)
    tally.back_to(mark)
    assert tally.counts() == counts(unchanged=1)


def test_mark_serves_more_than_once() -> None:
    tally = Tally(STARTS_AT)
    mark = tally.mark()
    for _ in range(2):
        tally.back_to(mark)
        tally.note(new(1), changed=False)
        assert tally.counts() == counts(created=1)
    tally.back_to(mark)
    assert tally.counts() == counts()
