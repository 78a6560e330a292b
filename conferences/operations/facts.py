"""What health is judged by: counts and ages, of one connection and of the system."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from conferences.sync.database import DISK_FULL
from conferences.wording import counted


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one connection, by what was last tried of each class and operation within a week.

    refusal         why it cannot work at all, with what to do; "" when nothing says so
    proved          whether an answer of the provider, or a permission that was found, shows that it can work
    good, failed, blocked   operations by how they ended when last tried
    wanted          classes of the last two weeks that somebody has tried to sync since they ended
    lacking         those of them of which nothing final could be stored yet
    vain_days       for how long every sync has failed, since the first that did; 0 when the last one was good
    runs            that ended within a week, are active or paused
    stale           runs that lost their worker within a week, and those whose worker has been silent for long
    errors_today    errors of the last 24 hours, also those overcome by trying again; being slowed down is none
    errors_usual    as many came in a day of the week before
    waiting         runs that nobody works on, though there is something to do
    waiting_seconds how long the oldest of them has been waiting
    paused          runs that stopped at the provider's daily limit, and that nobody has resumed
    resumes_at      when the last of them may go on; None once all may
    """

    refusal: str = ""
    proved: bool = False
    good: int = 0
    failed: int = 0
    blocked: int = 0
    failed_operations: tuple[str, ...] = ()
    blocked_operations: tuple[str, ...] = ()
    wanted: int = 0
    lacking: int = 0
    vain_days: float = 0.0
    runs: int = 0
    stale: int = 0
    errors_today: int = 0
    errors_usual: float = 0.0
    waiting: int = 0
    waiting_seconds: float = 0.0
    paused: int = 0
    resumes_at: datetime | None = None

    @property
    def judged(self) -> int:
        """Operations that could tell something of success."""
        return self.good + self.failed

    @property
    def pause(self) -> str:
        """What is paused, until when, and what somebody has to do; "" where nothing is."""
        if not self.paused:
            return ""
        are, them = ("is", "it") if self.paused == 1 else ("are", "them")
        stopped = f"{counted(self.paused, 'sync')} {are} paused at the provider's daily limit"
        if self.resumes_at is None:
            return f"{stopped}, which is over. Somebody has to resume {them}."
        until = f"{self.resumes_at.astimezone(UTC):%d %B %Y, %H:%M} UTC"
        return f"{stopped} until {until}. From then on somebody has to resume {them}."


@dataclass(frozen=True, slots=True)
class System:
    """What all connections share.

    Without the broker no idle worker hears of a click; one that is busy looks for what waits after each item. The
    click itself is kept.

    room  whether the database can store anything
    mute  it had no room just now, so that workers could not give their signs of life
    open  whether it takes new connections; while it does not, those that are open may still read
    """

    broker: bool = True
    messages: int = 0
    well: int = 1
    deaf: int = 0
    lost: int = 0
    room: bool = True
    open: bool = True
    mute: bool = False

    @property
    def troubles(self) -> tuple[str, ...]:
        return tuple(self.named_troubles.values())

    @property
    def stands_still(self) -> bool:
        """Whether not even a worker that is busy already can go on."""
        return any(what != "broker" for what in self.named_troubles)

    @property
    def named_troubles(self) -> Mapping[str, str]:
        """Why syncs do not begin, by what is in trouble."""
        told = {}
        if not self.room:
            told["disk"] = DISK_FULL
        if not self.open:
            told["database"] = "The database takes no new connections. Look at its log, and at its disk."
        if not self.broker:
            silent = "The broker (REDIS_URL) does not answer: start it."
            sooner = "; workers that are busy with another sync begin them sooner" if self.well else ""
            told["broker"] = f"{silent} Clicks are kept, and done once it is back{sooner}."
        # A worker's signs of life are rows as well: without a database that takes them it only seems to be gone.
        if not self.well and self.room and self.open and not self.mute:
            lives = "A worker lives but takes no work: restart it." if self.deaf else "No worker is running: start one."
            told["worker"] = f"{lives} Until then every click waits."
        return told
