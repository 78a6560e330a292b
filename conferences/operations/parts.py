"""The parts of a health score: each a share between 0 and 1, or nothing where there is nothing to judge.

Defined for people in docs/operations.md; whoever changes a number here changes it there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from conferences.operations.facts import Facts
from conferences.wording import counted, floored

DAY_SECONDS = 86_400
# After a day in vain, syncing counts as less and less fresh; after a week as not fresh at all.
VAIN_FROM_DAYS, VAIN_TO_DAYS = 1.0, 7.0
# So many errors a day are nobody's concern; five times the usual number is as bad as it gets.
HARMLESS_ERRORS, WORST_RISE, TOLD_FROM = 5, 5.0, 1.1
PROMPT_SECONDS, WORST_WAIT_SECONDS = 60.0, 900.0
# A pause is nobody's fault, and yet something that was asked for is not done.
PAUSED_AT_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """share  1 is best, 0 worst
    value     the fact in a few characters
    told      one sentence: what it means, and where it is not best what to do
    """

    share: float
    value: str
    told: str


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    label: str
    weight: int
    judge: Callable[[Facts], Finding | None]


def falling(value: float, best: float, worst: float) -> float:
    """1 up to `best`, 0 from `worst` on, evenly between."""
    return min(1.0, max(0.0, (worst - value) / (worst - best)))


def success(facts: Facts) -> Finding | None:
    if not facts.judged:
        return None
    share = facts.good / facts.judged
    value = f"{100 * facts.good // facts.judged} % of {facts.judged:,}"
    if not facts.failed:
        return Finding(share, value, "Everything that was last tried went well.")
    which = ", ".join(facts.failed_operations)
    told = f"{facts.failed:,} failed when last tried ({which}). The newest errors say why; syncing again tries again."
    return Finding(share, value, told)


def freshness(facts: Facts) -> Finding | None:
    if not facts.wanted and not facts.vain_days:
        return None
    missed = facts.lacking / facts.wanted if facts.wanted else 0.0
    share = min(1 - missed, falling(facts.vain_days, VAIN_FROM_DAYS, VAIN_TO_DAYS))
    done = f"{facts.wanted - facts.lacking:,} of {counted(facts.wanted, 'class', 'classes')}"
    value = done if facts.wanted else "no class"
    return Finding(share, value, _freshness_told(facts))


def _freshness_told(facts: Facts) -> str:
    if facts.vain_days >= VAIN_FROM_DAYS:
        days = counted(int(facts.vain_days), "day")
        return f"Every sync has failed for {days}. Check the connection, then sync again."
    if facts.lacking:
        was, has, them = ("was", "has", "it") if facts.lacking == 1 else ("were", "have", "them")
        classes = counted(facts.lacking, "class", "classes")
        return f"{classes} that {was} asked for {has} nothing final yet. Sync {them} again."
    if not facts.wanted:
        return "The newest sync has failed. No class has ended of late that somebody asked for."
    return "Every recent class that somebody asked for has its data."


def blocked(facts: Facts) -> Finding | None:
    tried = facts.judged + facts.blocked
    if not tried:
        return None
    share = 1 - facts.blocked / tried
    if not facts.blocked:
        return Finding(share, "none", "Nothing was refused.")
    which = ", ".join(facts.blocked_operations)
    told = f"Not permitted or not set up: {which}. The connection's check says what is missing, and who can grant it."
    return Finding(share, f"{facts.blocked:,} of {tried:,}", told)


def credentials(facts: Facts) -> Finding | None:
    if facts.refusal:
        return Finding(0.0, "do not work", facts.refusal)
    return Finding(1.0, "work", "The provider has accepted the credentials within a week.") if facts.proved else None


def errors(facts: Facts) -> Finding | None:
    if not facts.runs:
        return None
    usual = max(facts.errors_usual, float(HARMLESS_ERRORS))
    share = falling(facts.errors_today / usual, 1.0, WORST_RISE)
    value = f"{facts.errors_today:,} within a day" if facts.errors_today else "none"
    if share == 1:
        few = facts.errors_today > facts.errors_usual
        return Finding(share, value, "So few are nobody's concern." if few else "No more errors than usual.")
    return Finding(share, value, f"{_rise(facts)} See which kind rose among the newest errors.")


def _rise(facts: Facts) -> str:
    """A multiple only of what is a number worth of the name."""
    if facts.errors_usual >= HARMLESS_ERRORS:
        times = facts.errors_today / facts.errors_usual
        if times < TOLD_FROM:
            return "More errors than usual."
        return f"{floored(times, 1)} times as many errors as usual."
    before = f"there were fewer than {HARMLESS_ERRORS} a day" if facts.errors_usual else "there was none"
    return f"{counted(facts.errors_today, 'error')} within a day; in the week before {before}."


def stale(facts: Facts) -> Finding | None:
    if not facts.runs:
        return None
    if not facts.stale:
        return Finding(1.0, "none", "No sync has lost its worker.")
    lost = "A worker was lost" if facts.stale == 1 else "Workers were lost"
    told = f"{lost} in the middle of a sync. Look into the log: killed for memory, or stopped too soon?"
    return Finding(0.5**facts.stale, f"{facts.stale:,} lost", told)


def queue(facts: Facts) -> Finding | None:
    if not facts.runs:
        return None
    share = falling(facts.waiting_seconds, PROMPT_SECONDS, WORST_WAIT_SECONDS) if facts.waiting else 1.0
    value, told = f"{facts.waiting:,} waiting", "Workers keep up with what is asked for."
    if share < 1:
        value, told = f"{value} {facts.waiting_seconds / 60:.0f} min", _waits(facts.waiting)
    if not facts.paused:
        return Finding(share, value, told)
    told = facts.pause if share == 1 else f"{told} {facts.pause}"
    return Finding(min(share, PAUSED_AT_MOST), f"{value}, {facts.paused:,} paused", told)


def _waits(count: int) -> str:
    waits = "A sync waits" if count == 1 else "Syncs wait"
    return f"{waits} for a worker. See whether one is running; if all are busy, start another."


RULES = (
    Rule("success", "Success rate", 30, success),
    Rule("freshness", "Freshness", 20, freshness),
    Rule("credentials", "Credentials", 15, credentials),
    Rule("blocked", "Blocked operations", 15, blocked),
    Rule("errors", "Error trend", 10, errors),
    Rule("stale", "Stale syncs", 5, stale),
    Rule("queue", "Queue", 5, queue),
)
