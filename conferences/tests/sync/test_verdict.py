"""How a step ended: exactly one outcome, from everything that was said while it ran."""

from datetime import UTC, datetime, timedelta

import pytest

from conferences.providers.errors import Missing, NotPermitted, ProviderError, ServerTrouble
from conferences.providers.records import NothingFound, Notice, Problem, ProviderTotal
from conferences.sync.verdict import Finding, Verdict

STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AFTER, BEFORE = STARTS_AT + timedelta(hours=2), STARTS_AT - timedelta(hours=2)
LOCKED = NotPermitted("Locked.", code="locked", advice="Unlock it.")
BROKEN = ServerTrouble("Broken.", advice="Wait.")


def decided(verdict: Verdict, items: int = 0, now: datetime = AFTER) -> Finding:
    return verdict.decide("recordings", items, STARTS_AT, now, "Europe/Zurich")


@pytest.mark.parametrize(("items", "message"), [(1, "1 recording synced."), (7, "7 recordings synced.")])
def test_something_was_found(items: int, message: str) -> None:
    assert decided(Verdict(), items) == Finding("synced", "synced", message)


def test_nobody_came_and_not_yet_are_told_apart() -> None:
    """Promise: “nothing” and “not yet” are different words."""
    assert decided(Verdict()) == Finding("no_data", "none_found", "No recordings found.")
    assert decided(Verdict(), now=BEFORE) == Finding("no_data", "not_started", "The meeting has not taken place yet.")


def test_provider_s_own_reason_for_nothing_is_told_with_the_time_in_the_class_s_zone() -> None:
    verdict = Verdict()
    verdict.hear([NothingFound("not_ready", "Still being made.", "Wait.", retry_at=AFTER)])
    assert decided(verdict) == Finding(
        "no_data", "not_ready", "Still being made. Try again after 02 March 2026, 12:00 (Europe/Zurich).", "Wait."
    )


def test_reason_for_nothing_is_no_matter_when_something_was_found() -> None:
    verdict = Verdict()
    verdict.hear([NothingFound("none_found", "None.")])
    assert decided(verdict, 1).outcome == "synced"


@pytest.mark.parametrize(
    ("nothing", "clean"),
    [
        (None, True),
        (NothingFound("none_found", "None."), True),
        (NothingFound("none_found", "It is switched off.", proven=False), False),
        (NothingFound("unavailable", "Unknown."), False),
        (NothingFound("not_ready", "Later."), False),
    ],
)
def test_only_a_list_proves_what_is_gone(nothing: NothingFound | None, clean: bool) -> None:
    """Never lose: that a provider says there is nothing is no list without entries."""
    verdict = Verdict()
    verdict.hear([nothing] if nothing else [])
    assert verdict.clean is clean


def test_poorer_list_is_synced_like_any_other() -> None:
    verdict = Verdict()
    verdict.hear([NothingFound("none_found", "None.", proven=False)])
    assert decided(verdict, 1) == Finding("synced", "synced", "1 recording synced.")


@pytest.mark.parametrize("errors", [[LOCKED, BROKEN], [BROKEN, LOCKED]])
def test_worst_part_speaks_first_and_all_advice_is_kept(errors: list[ProviderError]) -> None:
    verdict = Verdict()
    verdict.hear(Problem(error) for error in errors)
    finding = decided(verdict, 3)
    assert (finding.outcome, finding.code) == ("failed", "provider_trouble")
    assert finding.message == "Broken. Locked. What could be read (3) is stored."
    assert sorted(finding.advice.split("\n\n")) == ["Unlock it.", "Wait."]


def test_same_trouble_is_told_once() -> None:
    verdict = Verdict()
    verdict.hear([Problem(LOCKED), Problem(LOCKED)])
    assert decided(verdict) == Finding("blocked", "locked", "Locked.", "Unlock it.")


def test_refusal_is_never_success_or_an_empty_list() -> None:
    """Promise: a 403 is never success, and never an empty list."""
    verdict = Verdict()
    verdict.refused(LOCKED)
    assert [decided(verdict, items).outcome for items in (0, 5)] == ["blocked", "blocked"]


def test_totals_are_added_up() -> None:
    verdict = Verdict()
    assert verdict.provider_total is None
    verdict.hear([ProviderTotal(0)])
    assert verdict.provider_total == 0
    verdict.hear([ProviderTotal(3), Notice("hm"), ProviderTotal(4)])
    assert verdict.provider_total == 7


@pytest.mark.parametrize(
    ("records", "clean"),
    [
        ([], True),
        ([Notice("hm", "warning"), ProviderTotal(9)], True),
        ([NothingFound("none_found", "None.")], True),
        ([NothingFound("not_ready", "Not yet.")], False),
        ([NothingFound("not_started", "Not yet.")], False),
        ([Problem(Missing("One page is missing."))], False),
    ],
)
def test_what_proves_that_the_rest_is_gone(records: list[object], clean: bool) -> None:
    verdict = Verdict()
    verdict.hear(records)  # type: ignore[arg-type]
    assert verdict.clean is clean


def test_breakage_of_our_own_is_a_failure() -> None:
    verdict = Verdict()
    verdict.broke("internal_error", "We broke.", ValueError("Ann"))
    assert (decided(verdict), verdict.clean) == (Finding("failed", "internal_error", "We broke."), False)
