"""How a provider's client waits: never deaf to a cancel, and never for real in a test."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from conferences.providers.base import Link
from conferences.providers.errors import Cancelled
from conferences.providers.records import Notice

SLICE_SECONDS = 5.0
WORTH_TELLING_SECONDS = 2.0


def _wait(stop: threading.Event, seconds: float) -> bool:
    return stop.wait(seconds)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance. `wait` returns early, with True, once the event is set."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _now
    wait: Callable[[threading.Event, float], bool] = _wait
    chance: Callable[[], float] = random.random


def go_on(link: Link) -> None:
    """Raises Cancelled once the run has been stopped."""
    if link.stop.is_set():
        raise Cancelled


def pause(seconds: float, link: Link, clock: Clock, why: str = "") -> None:
    """Waits; tells the activity log `why` when a person would notice the wait. Raises Cancelled."""
    if why and seconds >= WORTH_TELLING_SECONDS:
        link.notify(Notice(f"{why}: waiting {seconds:.0f} s"))
    ends = clock.monotonic() + seconds
    while (left := ends - clock.monotonic()) > 0:
        if clock.wait(link.stop, min(left, SLICE_SECONDS)):
            break
    go_on(link)
