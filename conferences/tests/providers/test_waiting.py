import threading
import time

import pytest

from conferences.providers.base import Link
from conferences.providers.errors import Cancelled
from conferences.providers.fake_clock import FakeClock
from conferences.providers.records import Notice
from conferences.providers.waiting import Clock, go_on, pause


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 0.3, 5.0, 12.5, 300.0])
def test_pause_waits_that_long_and_no_longer(seconds: float) -> None:
    clock = FakeClock()
    pause(seconds, Link(), clock.clock)
    assert clock.seconds == pytest.approx(max(0.0, seconds))


def test_pause_says_why_when_a_person_would_notice() -> None:
    notices: list[Notice] = []
    link = Link(notices.append)
    for seconds in (1.99, 2.0, 61.4):
        pause(seconds, link, FakeClock().clock, "Busy")
    pause(60.0, link, FakeClock().clock)
    assert [notice.text for notice in notices] == ["Busy: waiting 2 s", "Busy: waiting 61 s"]


def test_pause_of_a_stopped_run_raises_at_once() -> None:
    clock, link = FakeClock(), Link()
    link.stop.set()
    with pytest.raises(Cancelled):
        pause(300.0, link, clock.clock)
    assert clock.seconds <= 5


def test_pause_of_nothing_still_hears_a_cancel() -> None:
    link = Link()
    link.stop.set()
    with pytest.raises(Cancelled):
        pause(0.0, link, FakeClock().clock)


def test_real_pause_ends_when_another_thread_cancels() -> None:
    link = Link()
    threading.Timer(0.05, link.stop.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        pause(60.0, link, Clock())
    assert time.monotonic() - started < 10


def test_go_on_lets_a_running_run_pass() -> None:
    go_on(Link())
