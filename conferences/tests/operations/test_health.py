"""The score as a function of facts: its definition in docs/operations.md, and what must hold for any facts at all."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from conferences.operations.facts import Facts, System
from conferences.operations.health import CRITICAL_AT_MOST, HURT_AT_MOST, Health, Level, judge, judge_all
from conferences.operations.parts import RULES

WELL = System()
PERFECT = Facts(proved=True, good=40, wanted=10, runs=10)

counts = st.integers(0, 10_000)
moments = st.floats(0, 1e6)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    wanted = draw(counts)
    return Facts(
        refusal=draw(st.sampled_from(["", "It is refused."])),
        proved=draw(st.booleans()),
        good=draw(counts),
        failed=draw(counts),
        blocked=draw(counts),
        wanted=wanted,
        lacking=draw(st.integers(0, wanted)),
        vain_days=draw(moments),
        runs=draw(counts),
        stale=draw(st.integers(0, 50)),
        errors_today=draw(counts),
        errors_usual=draw(moments),
        waiting=draw(counts),
        waiting_seconds=draw(moments),
        paused=draw(counts),
    )


systems = st.builds(System, broker=st.booleans(), well=st.integers(0, 3), deaf=st.integers(0, 3))


def parts(health: Health) -> dict[str, int | None]:
    return {part.name: part.score for part in health.parts}


def test_weights_are_a_hundred_together() -> None:
    assert sum(rule.weight for rule in RULES) == 100


def test_all_well_is_a_hundred() -> None:
    health = judge(PERFECT, WELL)
    assert (health.score, health.level, health.critical) == (100, Level.HEALTHY, ())


def test_nothing_to_judge_by_is_neither_good_nor_bad() -> None:
    """Promise: no data yet is no success and no failure."""
    health = judge(Facts(), System(broker=False, well=0))
    assert (health.score, health.level, set(parts(health).values())) == (None, Level.UNKNOWN, {None})


@pytest.mark.parametrize(
    ("changes", "part", "share", "score"),
    [
        ({"good": 30, "failed": 10}, "success", 75, 92),
        ({"lacking": 5}, "freshness", 50, 90),
        ({"vain_days": 1}, "freshness", 100, 100),
        ({"vain_days": 4}, "freshness", 50, 90),
        ({"vain_days": 7}, "freshness", 0, 80),
        ({"good": 30, "blocked": 10}, "blocked", 75, 96),
        ({"errors_today": 5}, "errors", 100, 100),
        ({"errors_today": 15}, "errors", 50, 95),
        ({"errors_today": 60, "errors_usual": 20.0}, "errors", 50, 95),
        ({"stale": 1}, "stale", 50, 97),
        ({"stale": 2}, "stale", 25, 96),
        ({"waiting": 1, "waiting_seconds": 60}, "queue", 100, 100),
        ({"waiting": 1, "waiting_seconds": 480}, "queue", 50, 97),
        ({"waiting": 1, "waiting_seconds": 900}, "queue", 0, 95),
        ({"paused": 1}, "queue", 50, 97),
        ({"paused": 30}, "queue", 50, 97),
        ({"paused": 1, "waiting": 1, "waiting_seconds": 900}, "queue", 0, 95),
    ],
)
def test_part_by_its_formula(changes: dict[str, Any], part: str, share: int, score: int) -> None:
    health = judge(replace(PERFECT, **changes), WELL)
    assert (parts(health)[part], health.score) == (share, score)


TOMORROW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ""),
        (
            {"paused": 1, "resumes_at": TOMORROW},
            "1 sync is paused at the provider's daily limit until 23 November 2026, 00:00 UTC. "
            "From then on somebody has to resume it.",
        ),
        (
            {"paused": 1200, "resumes_at": TOMORROW},
            "1,200 syncs are paused at the provider's daily limit until 23 November 2026, 00:00 UTC. "
            "From then on somebody has to resume them.",
        ),
        (
            {"paused": 1},
            "1 sync is paused at the provider's daily limit, which is over. Somebody has to resume it.",
        ),
    ],
)
def test_pause_says_until_when_and_what_to_do(facts: dict[str, Any], told: str) -> None:
    assert Facts(**facts).pause == told


@pytest.mark.parametrize(
    ("changes", "value", "told"),
    [
        ({"paused": 1}, "0 waiting, 1 paused", "1 sync is paused"),
        (
            {"paused": 1, "waiting": 2, "waiting_seconds": 600},
            "2 waiting 10 min, 1 paused",
            "Syncs wait for a worker. See whether one is running; if all are busy, start another. 1 sync is paused",
        ),
        ({"waiting": 1, "waiting_seconds": 600}, "1 waiting 10 min", "A sync waits for a worker. See whether"),
    ],
)
def test_queue_tells_what_waits_and_what_is_paused(changes: dict[str, Any], value: str, told: str) -> None:
    (queue,) = (part for part in judge(replace(PERFECT, **changes), WELL).parts if part.name == "queue")
    assert (queue.value, queue.told[: len(told)]) == (value, told)


@pytest.mark.parametrize(
    ("changes", "name", "value", "told"),
    [
        ({"wanted": 1}, "freshness", "1 of 1 class", "Every recent class that somebody asked for has its data."),
        (
            {"wanted": 2, "lacking": 1},
            "freshness",
            "1 of 2 classes",
            "1 class that was asked for has nothing final yet. Sync it again.",
        ),
        (
            {"lacking": 2},
            "freshness",
            "8 of 10 classes",
            "2 classes that were asked for have nothing final yet. Sync them again.",
        ),
        (
            {"vain_days": 1.9},
            "freshness",
            "10 of 10 classes",
            "Every sync has failed for 1 day. Check the connection, then sync again.",
        ),
        (
            {"vain_days": 0.5, "wanted": 0},
            "freshness",
            "no class",
            "The newest sync has failed. No class has ended of late that somebody asked for.",
        ),
        ({"good": 999, "failed": 1}, "success", "99 % of 1,000", "1 failed when last tried (). "),
        ({}, "errors", "none", "No more errors than usual."),
        ({"errors_today": 3}, "errors", "3 within a day", "So few are nobody's concern."),
        ({"errors_today": 3, "errors_usual": 4.0}, "errors", "3 within a day", "No more errors than usual."),
        (
            {"errors_today": 8},
            "errors",
            "8 within a day",
            "8 errors within a day; in the week before there was none. See which kind rose",
        ),
        (
            {"errors_today": 8, "errors_usual": 0.3},
            "errors",
            "8 within a day",
            "8 errors within a day; in the week before there were fewer than 5 a day. ",
        ),
        (
            {"errors_today": 32, "errors_usual": 10.0},
            "errors",
            "32 within a day",
            "3.2 times as many errors as usual. ",
        ),
        ({"errors_today": 104, "errors_usual": 100.0}, "errors", "104 within a day", "More errors than usual. "),
        ({"stale": 1}, "stale", "1 lost", "A worker was lost in the middle of a sync. "),
        ({"stale": 2}, "stale", "2 lost", "Workers were lost in the middle of a sync. "),
    ],
)
def test_part_says_what_it_counts(changes: dict[str, Any], name: str, value: str, told: str) -> None:
    (part,) = (part for part in judge(replace(PERFECT, **changes), WELL).parts if part.name == name)
    assert (part.value, part.told[: len(told)]) == (value, told)


@pytest.mark.parametrize(
    ("changes", "points", "of"),
    [
        ({}, "30.0", "30.0"),
        ({"good": 9_999, "failed": 1}, "29.9", "30.0"),
        ({"good": 10, "failed": 10}, "15.0", "30.0"),
        ({"good": 0, "failed": 10}, "0.0", "30.0"),
        ({"wanted": 0}, "37.5", "37.5"),
        ({"wanted": 0, "runs": 0}, "50.0", "50.0"),
        ({"wanted": 0, "good": 9_999_999, "failed": 1}, "37.4", "37.5"),
    ],
)
def test_lost_points_are_never_rounded_away(changes: dict[str, Any], points: str, of: str) -> None:
    """Promise: “30.0 of 30.0” is only said of what is perfect."""
    success = judge(replace(PERFECT, **changes), WELL).parts[0]
    assert (success.points_told, success.of_told) == (points, of)


def test_lost_points_of_the_whole_show_as_well() -> None:
    whole = judge_all({"Good": PERFECT, "Bad": replace(PERFECT, good=9_999, failed=1)}, WELL).parts[0]
    assert (whole.points_told, whole.of_told, whole.value) == ("29.9", "30.0", "hurt on 1 of 2 connections")


@given(facts=any_facts(), system=systems)
def test_shown_points_lack_something_just_where_the_part_does(facts: Facts, system: System) -> None:
    for part in judge(facts, system).parts:
        if part.score is not None:
            assert (part.points_told == part.of_told) == (part.score == 100)


def test_part_without_anything_to_judge_leaves_its_weight_to_the_others() -> None:
    """Nobody wanted a sync of late: that is not held against a connection."""
    health = judge(replace(PERFECT, wanted=0, good=30, failed=10), WELL)
    assert (parts(health)["freshness"], health.score) == (None, int(100 * (80 - 7.5) / 80))


def test_errors_that_were_always_there_are_no_trend() -> None:
    assert parts(judge(replace(PERFECT, errors_today=300, errors_usual=300.0), WELL))["errors"] == 100


@pytest.mark.parametrize(
    "system", [System(broker=False), System(well=0), System(well=0, deaf=1), System(well=0, lost=2)]
)
def test_without_broker_or_worker_nothing_is_well(system: System) -> None:
    health = judge(PERFECT, system)
    assert (health.score, health.level, health.critical) == (CRITICAL_AT_MOST, Level.CRITICAL, system.troubles)
    assert len(health.critical) == 1


def test_deaf_worker_is_told_apart_from_none() -> None:
    assert System(well=0, deaf=1).troubles == (
        "A worker lives but takes no work: restart it. Until then every click waits.",
    )
    assert System(well=0, lost=1).troubles == ("No worker is running: start one. Until then every click waits.",)


def test_broker_that_is_away_holds_busy_workers_up_in_nothing() -> None:
    away = "The broker (REDIS_URL) does not answer: start it. Clicks are kept, and done once it is back"
    begins = "; workers that are busy with another sync begin them sooner."
    assert System(broker=False).troubles == (f"{away}{begins}",)
    assert System(broker=False, well=0, lost=1).troubles[0] == f"{away}."


@pytest.mark.parametrize(
    ("system", "stands_still"),
    [
        (WELL, False),
        (System(broker=False), False),
        (System(broker=False, well=0), True),
        (System(well=0), True),
        (System(room=False), True),
        (System(open=False), True),
    ],
)
def test_only_a_broker_that_is_away_leaves_something_going(system: System, stands_still: bool) -> None:
    assert system.stands_still == stands_still


def test_one_worker_that_answers_is_enough() -> None:
    assert judge(PERFECT, System(well=1, deaf=1, lost=1)).score == 100


def test_connection_that_cannot_work_is_critical_however_good_its_past() -> None:
    health = judge(replace(PERFECT, refusal="The secret has expired."), WELL)
    assert (health.score, health.level, health.critical) == (20, Level.CRITICAL, ("The secret has expired.",))


def test_whole_is_the_mean_of_its_connections_part_by_part() -> None:
    failing = replace(PERFECT, good=0, failed=40, failed_operations=("chat",))
    whole = judge_all({"Good": PERFECT, "Bad": failing}, WELL)
    assert (whole.score, parts(whole)["success"], parts(whole)["freshness"]) == (85, 50, 100)
    success = next(part for part in whole.parts if part.name == "success")
    assert (success.value, success.told) == (
        "hurt on 1 of 2 connections",
        "Bad: 40 failed when last tried (chat). The newest errors say why; syncing again tries again.",
    )


def test_untried_connection_does_not_count_in_the_whole() -> None:
    assert judge_all({"Good": PERFECT, "New": Facts()}, WELL).score == 100


def test_one_connection_that_cannot_work_hurts_the_whole() -> None:
    refused = replace(PERFECT, refusal="The secret has expired.")
    whole = judge_all({"Good": PERFECT, "Fine": PERFECT, "Shut": refused}, WELL)
    assert (whole.score, whole.level, whole.critical) == (HURT_AT_MOST, Level.POOR, ())
    alone = judge_all({"Shut": refused}, WELL)
    assert (alone.score, alone.level, alone.critical) == (20, Level.CRITICAL, ("Shut: The secret has expired.",))


def test_whole_without_any_data_is_unknown_unless_nothing_can_be_synced() -> None:
    assert (judge_all({}, WELL).score, judge_all({}, WELL).level) == (None, Level.UNKNOWN)
    stopped = judge_all({"New": Facts()}, System(well=0))
    assert (stopped.score, stopped.level) == (0, Level.CRITICAL)


def test_whole_that_cannot_work_says_why_once() -> None:
    refused = replace(PERFECT, refusal="The secret has expired.")
    stopped = System(well=0)
    assert judge_all({"Good": PERFECT, "Shut": refused}, stopped).critical == stopped.troubles


@given(facts=any_facts(), system=systems)
def test_score_is_made_of_its_parts(facts: Facts, system: System) -> None:
    """0 to 100; the parts' points are the score, unless it was capped; what they can give is a hundred."""
    health = judge(facts, system)
    if health.score is None:
        assert all(part.score is None for part in health.parts)
        return
    total = sum(part.points for part in health.parts)
    assert sum(part.of for part in health.parts) == pytest.approx(100)
    assert all(0 <= part.points <= part.of + 1e-9 for part in health.parts)
    capped = min(int(total + 1e-6), CRITICAL_AT_MOST) if health.critical else int(total + 1e-6)
    assert (health.score, 0 <= health.score <= 100) == (capped, True)


@given(
    facts=any_facts(),
    worse=st.sampled_from(
        ["failed", "blocked", "lacking", "vain_days", "stale", "errors_today", "waiting_seconds", "refusal", "paused"]
    ),
)
def test_what_is_worse_never_scores_better(facts: Facts, worse: str) -> None:
    """Each fact by itself, all others equal; of a fixed number of operations, of classes."""
    before = replace(facts, good=facts.good + 1, wanted=facts.wanted + 1, runs=facts.runs + 1, waiting=1, proved=True)
    grown: dict[str, Any] = {worse: "Refused." if worse == "refusal" else getattr(before, worse) + 1}
    if worse in {"failed", "blocked"}:
        grown["good"] = before.good - 1
    first, second = judge(before, WELL).score, judge(replace(before, **grown), WELL).score
    assert first is not None
    assert second is not None
    assert second <= first


@given(each=st.dictionaries(st.text(max_size=3), any_facts(), max_size=4), system=systems)
def test_whole_holds_for_any_connections(each: dict[str, Facts], system: System) -> None:
    health = judge_all(each, system)
    assert (health.score is None) == (health.level is Level.UNKNOWN)
    assert health.score is None or 0 <= health.score <= (CRITICAL_AT_MOST if health.critical else 100)


def test_documentation_tells_the_weights_as_they_are() -> None:
    rows = re.findall(
        r"^\| ([A-Z][a-z ]+) \| (\d+) \|", (settings.BASE_DIR / "docs/operations.md").read_text(), re.MULTILINE
    )
    assert [(label, int(weight)) for label, weight in rows] == [(rule.label, rule.weight) for rule in RULES]


def test_documented_example() -> None:
    health = judge(replace(PERFECT, good=30, failed=10, wanted=10, lacking=5), WELL)
    assert (health.score, health.level) == (82, Level.FAIR)
