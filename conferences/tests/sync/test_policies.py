"""Promise: an admin may say how stubbornly each class of error is tried again, within bounds."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from conferences.models import ErrorClass, RetryPolicy, SyncRun
from conferences.providers.base import Link, Target
from conferences.providers.errors import ProviderError
from conferences.providers.policy import BUILT_IN, Policies, Policy
from conferences.providers.records import AttendanceRecord
from conferences.sync.policies import in_force
from conferences.tests.campus_integration.scripts import person


def row(error_class: str, **values: float) -> RetryPolicy:
    usual = {"tries": 2, "first_wait_seconds": 0.5, "longest_wait_seconds": 4, "patience_seconds": 60}
    return RetryPolicy.objects.create(error_class=error_class, **{**usual, **values})


def test_what_is_built_in_holds_without_rows(db: None) -> None:
    assert in_force() == BUILT_IN


def test_row_replaces_what_is_built_in_for_its_class_alone(db: None) -> None:
    row("network")
    assert in_force() == {**BUILT_IN, "network": Policy(2, 0.5, 4, 60)}


@pytest.mark.parametrize(("error_class", "tries"), [("authentication", 3), ("data", 3), ("server", 10)])
def test_tries_are_bounded_by_the_class_whatever_the_row_says(db: None, error_class: str, tries: int) -> None:
    row(error_class, tries=10)
    assert in_force()[error_class].tries == tries


@pytest.mark.parametrize("error_class", ["permission", "internal"])
def test_row_of_a_class_that_is_never_tried_again_changes_nothing(db: None, error_class: str) -> None:
    row(error_class)
    assert in_force() == BUILT_IN


@pytest.mark.parametrize(
    "values",
    [{"tries": 0}, {"tries": 11}, {"first_wait_seconds": 0}, {"longest_wait_seconds": 301}, {"patience_seconds": 1801}],
)
def test_database_takes_no_row_beyond_the_bounds(db: None, values: dict[str, float]) -> None:
    with pytest.raises(IntegrityError):
        row("server", **values)


def test_providers_and_rows_speak_of_the_same_classes() -> None:
    def below(kind: type[ProviderError]) -> set[str]:
        return {kind.error_class}.union(*(below(each) for each in kind.__subclasses__()))

    assert below(ProviderError) == set(ErrorClass.values) - {"internal"}
    assert set(BUILT_IN) == set(ErrorClass.values) - {"internal", "permission"}


def test_change_applies_to_the_next_sync(play: Callable[..., SyncRun]) -> None:
    seen: list[Policies] = []

    def looking(target: Target, link: Link) -> list[AttendanceRecord]:
        seen.append(link.policies)
        return [person(target, "Ann")]

    play(attendance=looking)
    row("server")
    play(attendance=looking)
    assert seen == [BUILT_IN, {**BUILT_IN, "server": Policy(2, 0.5, 4, 60)}]
