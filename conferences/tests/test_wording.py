"""Counts and lists in words."""

import pytest

from conferences.wording import counted, floored, listed


@pytest.mark.parametrize(
    ("names", "told"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "", "c"], "a, b and c")]
)
def test_list(names: list[str], told: str) -> None:
    assert listed(names) == told


@pytest.mark.parametrize(
    ("count", "one", "many", "told"),
    [
        (0, "class", "classes", "0 classes"),
        (1, "class", "classes", "1 class"),
        (1200, "class", "classes", "1,200 classes"),
        (1, "sync", "", "1 sync"),
        (2, "sync", "", "2 syncs"),
    ],
)
def test_count(count: int, one: str, many: str, told: str) -> None:
    assert counted(count, one, many) == told


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [
        (99.96, 0, "99"),
        (99.96, 1, "99.9"),
        (100, 1, "100.0"),
        (28.7, 1, "28.7"),
        (0.04, 1, "0.0"),
        (100 * 57 / 100, 0, "57"),
    ],
)
def test_share_is_never_rounded_up(value: float, digits: int, told: str) -> None:
    assert floored(value, digits) == told
