"""A score from 0 to 100 and the parts it is made of: a pure function of facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conferences.operations.facts import Facts, System
from conferences.operations.parts import RULES, Finding, Rule
from conferences.wording import counted, floored

HEALTHY_FROM, FAIR_FROM = 90, 70
# However good the past was: what cannot work at all gets no more than this.
CRITICAL_AT_MOST = 20
# The whole, while one connection among others cannot work.
HURT_AT_MOST = FAIR_FROM - 1
FULL, TENTH = 100, 0.1


class Level(StrEnum):
    HEALTHY = "healthy"
    FAIR = "fair"
    POOR = "poor"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """score  of this part alone, 0 to 100; None where there is nothing to judge, and its weight goes to the others
    points    what it adds to the whole, at most `of`
    """

    name: str
    label: str
    weight: int
    score: int | None
    points: float
    of: float
    value: str
    told: str

    @property
    def points_told(self) -> str:
        """In tenths, rounded down; where a point is lacking, it also shows."""
        lacks = self.score is not None and self.score < FULL and floored(self.points, 1) == self.of_told
        return floored(max(0.0, self.points - TENTH) if lacks else self.points, 1)

    @property
    def of_told(self) -> str:
        return floored(self.of, 1)


@dataclass(frozen=True, slots=True)
class Health:
    """score   None while there is no data to judge by
    critical  why it cannot work at all, and what to do; empty when it can
    """

    score: int | None
    level: Level
    parts: tuple[Part, ...] = ()
    critical: tuple[str, ...] = ()


def judge(facts: Facts, system: System) -> Health:
    """The health of one connection."""
    findings = [(rule, rule.judge(facts)) for rule in RULES]
    reasons = (*((facts.refusal,) if facts.refusal else ()), *system.troubles)
    if not any(finding for _, finding in findings):
        reasons = ()  # of a connection that nobody has tried yet nothing is said
    return _health(findings, reasons, CRITICAL_AT_MOST if reasons else 100)


def judge_all(connections: Mapping[str, Facts], system: System) -> Health:
    """The health of the whole, from its connections by name: of each part their mean."""
    scored = [facts for facts in connections.values() if judge(facts, system).score is not None]
    findings = [(rule, _mean(rule, connections)) for rule in RULES]
    helpless = bool(scored) and all(facts.refusal for facts in scored)
    refused = tuple(f"{name}: {facts.refusal}" for name, facts in connections.items() if facts.refusal)
    limit = CRITICAL_AT_MOST if system.troubles or helpless else HURT_AT_MOST if refused else 100
    return _health(findings, (*system.troubles, *(refused if helpless else ())), limit)


def _mean(rule: Rule, connections: Mapping[str, Facts]) -> Finding | None:
    found = [(name, finding) for name, facts in connections.items() if (finding := rule.judge(facts))]
    if not found:
        return None
    name, worst = min(found, key=lambda each: each[1].share)
    share = sum(finding.share for _, finding in found) / len(found)
    if worst.share == 1:
        return Finding(1.0, f"well on {counted(len(found), 'connection')}", worst.told)
    hurt = sum(finding.share < 1 for _, finding in found)
    return Finding(share, f"hurt on {hurt} of {counted(len(found), 'connection')}", f"{name}: {worst.told}")


def _health(findings: Sequence[tuple[Rule, Finding | None]], critical: tuple[str, ...], at_most: int) -> Health:
    judged = sum(rule.weight for rule, finding in findings if finding)
    parts = tuple(_part(rule, finding, judged) for rule, finding in findings)
    if not judged:
        return Health(0 if critical else None, Level.CRITICAL if critical else Level.UNKNOWN, parts, critical)
    # Rounded down, so that only what is perfect gets 100; the smallest fraction is the machine's own.
    score = min(at_most, int(sum(part.points for part in parts) + 1e-6))
    return Health(score, Level.CRITICAL if critical else _level(score), parts, critical)


def _part(rule: Rule, finding: Finding | None, judged: int) -> Part:
    if finding is None:
        return Part(rule.name, rule.label, rule.weight, None, 0.0, 0.0, "–", "Nothing to judge by yet.")
    of = 100 * rule.weight / judged
    score = int(finding.share * 100 + 1e-6)
    return Part(rule.name, rule.label, rule.weight, score, of * finding.share, of, finding.value, finding.told)


def _level(score: int) -> Level:
    if score >= HEALTHY_FROM:
        return Level.HEALTHY
    return Level.FAIR if score >= FAIR_FROM else Level.POOR
