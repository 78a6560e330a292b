"""What several operations need is asked for once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from conferences.providers.errors import Cancelled, NotPermitted
from conferences.providers.once import Answer, Listing


class Source:
    """Counts how often it is opened, and how far it is read."""

    def __init__(self, *members: int | Exception) -> None:
        self.members = members
        self.opened = 0
        self.read = 0

    def __call__(self) -> Iterator[int]:
        self.opened += 1
        for member in self.members:
            if isinstance(member, Exception):
                raise member
            self.read += 1
            yield member


def test_listing_is_read_once_for_all_readers() -> None:
    source = Source(1, 2, 3)
    listing = Listing(source)

    assert (list(listing), list(listing), source.opened, source.read) == ([1, 2, 3], [1, 2, 3], 1, 3)


def test_listing_is_read_no_further_than_somebody_has_got() -> None:
    source = Source(1, 2, 3)
    first, second = iter(Listing(source)), iter(Listing(source))

    assert (next(first), next(second), source.read) == (1, 1, 2)


def test_listing_is_shared_between_threads() -> None:
    source = Source(*range(500))
    listing = Listing(source)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: list(listing), range(8)))

    assert found == [list(range(500))] * 8
    assert source.read == 500


def test_listing_lets_every_reader_meet_the_refusal_after_what_came_before() -> None:
    source = Source(1, NotPermitted("no"))
    listing = Listing(source)

    for _ in range(2):
        found: list[int] = []
        with pytest.raises(NotPermitted):
            found.extend(listing)
        assert found == [1]
    assert source.opened == 1


def test_listing_is_read_anew_after_a_cancel() -> None:
    source = Source(1, Cancelled())
    listing = Listing(source)
    with pytest.raises(Cancelled):
        list(listing)
    source.members = (1, 2)

    assert list(listing) == [1, 2]


def test_answer_is_asked_for_once() -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return 7

    answer = Answer(ask)

    assert (answer(), answer(), len(asked)) == (7, 7, 1)


def test_answer_shares_the_refusal() -> None:
    error = NotPermitted("no")

    def ask() -> int:
        raise error

    answer = Answer(ask)
    for _ in range(2):
        with pytest.raises(NotPermitted) as raised:
            answer()
        assert raised.value is error
