"""The heartbeat of an item, and the progress that it carries."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from conferences.sync import pulse
from conferences.sync.lease import Lease
from conferences.sync.pulse import BEAT_SECONDS, Pulse


class Heard(Lease):
    """A lease that remembers its beats and says that a cancel was asked for."""

    __slots__ = ()
    beats: list[tuple[int, str]] = []

    def beat(self, progress: int, phase: str, save: Callable[[], object] = lambda: None) -> bool:
        self.beats.append((progress, phase))
        return True


@pytest.fixture
def lease() -> Heard:
    Heard.beats = []
    return Heard(1, 1, 1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(pulse.time, "monotonic", lambda: now[0])
    return now


def test_beats_at_most_every_two_seconds(lease: Heard, clock: list[float]) -> None:
    beating = Pulse(lease, 1)
    asked = []
    for at in (0, 0.5, BEAT_SECONDS - 0.1, BEAT_SECONDS, BEAT_SECONDS + 1, BEAT_SECONDS * 2):
        clock[0] = at
        asked.append(beating.beat("Chat", 0, None))
    assert asked == [True, False, False, True, False, True]


def test_new_step_beats_at_once(lease: Heard, clock: list[float]) -> None:
    beating = Pulse(lease, 2)
    beating.beat("Attendance", 0, None)
    beating.step_done()
    beating.beat("Chat", 3, None)
    assert [phase for _, phase in lease.beats] == ["Fetching attendance", "Chat: 3 so far"]


@pytest.mark.parametrize(
    ("steps", "done", "items", "total", "progress"),
    [
        (1, 0, 0, None, 0),
        (1, 0, 40, None, 49),
        (1, 0, 10**9, None, 98),
        (1, 0, 50, 100, 49),
        (1, 0, 100, 100, 94),
        (1, 0, 300, 100, 94),
        (1, 0, 5, 0, 11),
        (4, 0, 0, None, 0),
        (4, 2, 0, None, 49),
        (4, 4, 0, None, 99),
        (0, 0, 0, None, 0),
    ],
)
def test_progress(
    lease: Heard, clock: list[float], steps: int, done: int, items: int, total: int | None, progress: int
) -> None:
    """Never 100 before the end, and a worker that takes over goes on where the last one was."""
    Pulse(lease, steps, done).beat("Chat", items, total)
    assert lease.beats[0][0] == progress


def test_progress_rises_with_every_step_and_item(lease: Heard, clock: list[float]) -> None:
    beating = Pulse(lease, 3)
    for _ in range(3):
        for items in (0, 1, 10, 1_000):
            clock[0] += BEAT_SECONDS
            beating.beat("Chat", items, None)
        beating.step_done()
    told = [progress for progress, _ in lease.beats]
    assert (told, len(told)) == (sorted(told), 12)


@pytest.mark.django_db(transaction=True)
def test_progress_of_an_account_outlives_a_lost_connection(lease: Heard, clock: list[float]) -> None:
    """It once cost the conference that was being synced its step."""
    beating = Pulse(lease, 1, whole_account=True)
    beating.beat("Chat", 0, None)
    clock[0] += BEAT_SECONDS
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert beating.beat("Chat", 3, None) is True
    assert [phase for _, phase in lease.beats] == ["Fetching chat", "Chat: 3 so far"]
