"""Fetching runs ahead of storing, and neither can lose or hang the other."""

import threading
from collections.abc import Callable, Iterator

import pytest

from conferences.providers import trail
from conferences.providers.errors import Cancelled, ServerTrouble
from conferences.providers.records import Notice, Record
from conferences.sync import fetching
from conferences.sync.fetching import AHEAD, BATCH, Fetch

SECONDS = 20  # for what must happen; nothing waits that long unless it fails


def notices(number: int) -> list[Notice]:
    return [Notice(str(each)) for each in range(number)]


def fetch(
    listing: Callable[[], Iterator[Record]], *, patience: float = 5, stop: threading.Event | None = None
) -> Fetch:
    return Fetch(listing, stop or threading.Event(), patience)


@pytest.mark.parametrize("number", [0, 1, BATCH, BATCH + 1, AHEAD * 3])
def test_every_record_arrives_once_and_in_order(number: int) -> None:
    batches = list(fetch(lambda: iter(notices(number))).batches())
    assert [record for batch in batches for record in batch] == notices(number)
    assert max(len(batch) for batch in batches) <= BATCH


def test_error_comes_after_the_records_before_it() -> None:
    error = ServerTrouble("down")

    def listing() -> Iterator[Record]:
        yield from notices(3)
        raise error

    arrived: list[Record] = []
    with pytest.raises(ServerTrouble) as raised:
        arrived.extend(record for batch in fetch(listing).batches() for record in batch)
    assert (arrived, raised.value) == (notices(3), error)


def test_listing_that_cannot_even_begin_is_an_error_too() -> None:
    def listing() -> Iterator[Record]:
        raise KeyError("surprise")

    with pytest.raises(KeyError):
        list(fetch(listing).batches())


def test_silence_gives_empty_batches_for_the_heartbeat() -> None:
    silent = threading.Event()

    def listing() -> Iterator[Record]:
        assert silent.wait(SECONDS)
        yield Notice("at last")

    batches = fetch(listing, patience=0.01).batches()
    assert [next(batches) for _ in range(3)] == [[], [], []]
    silent.set()
    assert [record for batch in batches for record in batch] == [Notice("at last")]


def test_fetching_waits_for_storing() -> None:
    """Memory stays flat: a fast provider is not read to its end before the first batch is stored."""
    handed_out: list[int] = []
    ahead = threading.Event()

    def listing() -> Iterator[Record]:
        for number in range(AHEAD * 10):
            handed_out.append(number)
            if number > AHEAD:
                ahead.set()
            yield Notice(str(number))

    work = fetch(listing)
    batches = work.batches()
    next(batches)
    assert ahead.wait(SECONDS)
    assert len(handed_out) <= AHEAD + BATCH + 2
    work.abandon()


@pytest.mark.parametrize("how", ["abandon", "stop"])
def test_thread_ends_when_nobody_wants_its_records(how: str) -> None:
    stop, closed = threading.Event(), threading.Event()

    def listing() -> Iterator[Record]:
        try:
            while True:
                yield Notice("more")
        finally:
            closed.set()

    work = fetch(listing, stop=stop)
    next(work.batches())
    stop.set() if how == "stop" else work.abandon()
    assert closed.wait(SECONDS), "the listing is closed, and with it what it holds open"


def test_notice_from_another_thread_arrives_among_the_records() -> None:
    work: Fetch

    def listing() -> Iterator[Record]:
        work.put(Notice("told"))
        yield Notice("found")

    work = fetch(listing)
    assert [record for batch in work.batches() for record in batch] == [Notice("told"), Notice("found")]


def test_notice_after_the_end_wants_out() -> None:
    work = fetch(lambda: iter(()))
    work.abandon()
    with pytest.raises(Cancelled):
        work.put(Notice("too late"))


def test_sizes_leave_room_for_a_batch() -> None:
    assert fetching.BATCH <= fetching.AHEAD


def test_thread_is_on_the_same_trail() -> None:
    def listing() -> Iterator[Record]:
        yield Notice(str(trail.here().run))

    with trail.on(run=7):
        work = fetch(listing)
    assert [record for batch in work.batches() for record in batch] == [Notice("7")]
