import threading

import pytest

from conferences.providers.base import Link
from conferences.providers.errors import Cancelled
from conferences.providers.fake_clock import FakeClock
from conferences.providers.pacing import Pacer
from conferences.providers.waiting import Clock


def test_turn_keeps_calls_of_one_key_apart() -> None:
    time, pacer, link = FakeClock(), Pacer(), Link()
    waits = [pacer.turn("chat a", 1.0, link, time.clock) for _ in range(4)]
    assert (waits, time.seconds) == ([0.0, 1.0, 1.0, 1.0], 3.0)


def test_turn_does_not_wait_for_other_keys() -> None:
    time, pacer, link = FakeClock(), Pacer(), Link()
    for key in "abcdef":
        pacer.turn(key, 1.0, link, time.clock)
    assert time.seconds == 0


def test_turn_after_a_rest_does_not_wait() -> None:
    time, pacer, link = FakeClock(), Pacer(), Link()
    pacer.turn("a", 1.0, link, time.clock)
    time.seconds += 5
    assert pacer.turn("a", 1.0, link, time.clock) == 0


def test_turn_hears_a_cancel() -> None:
    time, pacer, link = FakeClock(), Pacer(), Link()
    time.stop_after = 1
    pacer.turn("a", 100.0, link, time.clock)
    with pytest.raises(Cancelled):
        pacer.turn("a", 100.0, link, time.clock)
    assert time.seconds < 100


def test_turn_of_many_threads_gives_each_a_slot_of_its_own() -> None:
    pacer = Pacer()
    asked: list[float] = []
    # Nobody waits: what is asked for tells the slot.
    clock = Clock(monotonic=lambda: 0.0, wait=lambda stop, seconds: stop.set() or True)

    def turn() -> None:
        with pytest.raises(Cancelled):
            pacer.turn("a", 1.0, Link(), clock)

    pacer.turn("a", 1.0, Link(), clock)
    threads = [threading.Thread(target=turn) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link = Link()
    stopping = Clock(monotonic=lambda: 0.0, wait=lambda stop, seconds: asked.append(seconds) or stop.set() or True)
    with pytest.raises(Cancelled):
        pacer.turn("a", 100.0, link, stopping)
    assert pacer._free_at["a"] == 21 + 100


def test_pacer_forgets_keys_that_are_free() -> None:
    time, pacer, link = FakeClock(), Pacer(), Link()
    for number in range(1_000):
        pacer.turn(f"chat {number}", 1.0, link, time.clock)
    time.seconds += 10
    pacer.turn("last", 1.0, link, time.clock)
    assert list(pacer._free_at) == ["last"]
