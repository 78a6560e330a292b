"""Which sittings belong to a conference, when a series shares one address and classes follow each other closely."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ZERO = timedelta()


def overlap(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> timedelta:
    return max(ZERO, min(end, other_end) - max(start, other_start))


@dataclass(frozen=True, slots=True)
class Window:
    """A conference's scheduled time, widened, and the schedules of its neighbours in the same series."""

    starts_at: datetime
    ends_at: datetime
    before: timedelta = timedelta(minutes=30)
    after: timedelta = timedelta(minutes=120)
    neighbours: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - self.before

    @property
    def closes_at(self) -> datetime:
        return self.ends_at + self.after

    def holds(self, start: datetime, end: datetime | None = None) -> bool:
        """Whether a sitting, or a moment, is ours: it touches the widened window, and no neighbour has more claim."""
        end = max(start, end or start)
        if start >= self.closes_at or end < self.opens_at:
            return False
        own = self._claim((self.starts_at, self.ends_at), start, end)
        return all(self._claim(neighbour, start, end) <= own for neighbour in self.neighbours)

    @staticmethod
    def _claim(schedule: tuple[datetime, datetime], start: datetime, end: datetime) -> tuple[timedelta, timedelta]:
        """Longest overlap first; without any, the schedule that is nearer in time.

        A moment overlaps a schedule from its start up to, but not at, its end, which may be another one's start.
        """
        starts_at, ends_at = schedule
        distance = max(ZERO, starts_at - end, start - ends_at)
        shared = overlap(start, max(end, start + timedelta.resolution), starts_at, ends_at)
        return shared, -distance
