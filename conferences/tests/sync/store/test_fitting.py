"""Making provider values fit their columns without losing any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.models import Participant, SharedFile, SyncStep
from conferences.sync.store.fitting import bounded, fit, fit_key, storable


def test_fitting_values_are_untouched() -> None:
    assert fit(SharedFile, {"name": "a", "size": 1, "url": ""}) == {"name": "a", "size": 1, "url": ""}


def test_text_is_cut_to_its_column_and_kept_in_full_beside() -> None:
    assert fit(Participant, {"role": "r" * 40, "extra": {"a": 1}}) == {
        "role": "r" * 32,
        "extra": {"a": 1, "role": "r" * 40},
    }


@pytest.mark.parametrize("size", [-1, 2**63, 10**40])
def test_number_beyond_its_column_is_unknown_and_kept_beside(size: int) -> None:
    assert fit(SharedFile, {"size": size}) == {"size": None, "extra": {"size": size}}


@pytest.mark.parametrize(("value", "kept"), [(0, 0), (2**31 - 1, 2**31 - 1), (2**31, None), (-1, None), (None, None)])
def test_bounds_of_a_count(value: int | None, kept: int | None) -> None:
    assert bounded(SyncStep._meta.get_field("provider_total"), value) == kept


def test_truth_is_no_number() -> None:
    assert bounded(Participant._meta.get_field("lasting"), value=True) is True


def test_json_is_cleaned_to_its_leaves() -> None:
    assert storable({"a\x00": ["b\x00", ("c", {"d": "\ud800"})], 1: None, "t": True, "f": 1.5, "o": {1}}) == {
        "a": ["b", ["c", {"d": "\ufffd"}]],
        "1": None,
        "t": True,
        "f": 1.5,
        "o": "{1}",
    }


@given(st.text(max_size=400), st.text(max_size=400))
def test_keys_fit_and_stay_apart(one: str, other: str) -> None:
    """Of any two keys that differ, the fitted ones differ too."""
    fitted = fit_key(one, 100), fit_key(other, 100)
    assert max(len(key) for key in fitted) <= 100
    assert (fitted[0] == fitted[1]) == (one == other)
