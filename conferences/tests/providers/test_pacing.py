import threading

import pytest

from conferences.providers.fake_clock import FakeClock
from conferences.providers.pacing import LocalPacer


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pacer(time: FakeClock) -> LocalPacer:
    return LocalPacer(time.clock.monotonic)


def test_slots_of_one_key_are_kept_apart(pacer: LocalPacer) -> None:
    assert [pacer.reserve("chat a", 1.0) for _ in range(4)] == [0.0, 1.0, 2.0, 3.0]


def test_slots_of_other_keys_are_free(pacer: LocalPacer) -> None:
    assert [pacer.reserve(key, 1.0) for key in "abcdef"] == [0.0] * 6


def test_slot_after_a_rest_is_at_once(pacer: LocalPacer, time: FakeClock) -> None:
    pacer.reserve("a", 1.0)
    time.seconds += 5
    assert pacer.reserve("a", 1.0) == 0


def test_pushed_back_key_has_no_slot_until_then(pacer: LocalPacer) -> None:
    pacer.push_back("a", 7.0)
    assert [pacer.reserve(key, 1.0) for key in "aab"] == [7.0, 8.0, 0.0]


def test_pushing_back_adds_nothing_to_a_longer_wait(pacer: LocalPacer) -> None:
    for _ in range(3):
        pacer.reserve("a", 5.0)
    for _ in range(2):
        pacer.push_back("a", 7.0)
    assert pacer.reserve("a", 1.0) == 15.0


def test_many_threads_get_a_slot_each(pacer: LocalPacer) -> None:
    slots: list[float] = []
    threads = [threading.Thread(target=lambda: slots.append(pacer.reserve("a", 1.0))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slots) == [float(number) for number in range(20)]


def test_pacer_forgets_keys_that_are_free(pacer: LocalPacer, time: FakeClock) -> None:
    for number in range(1_000):
        pacer.reserve(f"chat {number}", 1.0)
    time.seconds += 10
    pacer.reserve("last", 1.0)
    assert list(pacer._free_at) == ["last"]
