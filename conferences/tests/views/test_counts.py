import pytest

from conferences.models import Conference, SyncStep
from conferences.tests.school import joined, minute, seen
from conferences.tests.views.conftest import end_step, run_of
from conferences.views.counts import Counts, counts, newest_counts


@pytest.fixture
def two_sittings(conference: Conference) -> Conference:
    """Four joins, three entries, two people; what was superseded or has gone does not count."""
    ann, ben = seen(conference, "a", (0, 20), (5, 9), name="Ann"), seen(conference, "b", (0, 20), name="Ben")
    joined(ann, (30, 60), sitting="second")
    joined(ben, (30, 60), sitting="second", gone_at=minute(90))
    joined(ben, (30, 50), sitting="call", superseded=True)
    return conference


@pytest.mark.parametrize(("stated", "held", "differ"), [(2, 2, False), (3, 3, False), (4, 4, False), (5, 3, True)])
def test_count_that_differs_from_the_providers_is_said(
    stated: int, held: int, differ: bool, two_sittings: Conference
) -> None:
    step = SyncStep(operation="attendance", items=2, provider_total=stated)
    found = counts(two_sittings, step)
    assert found == Counts(stated, held, 2)
    assert found.differ is differ


@pytest.mark.parametrize(("stated", "differ"), [(5, False), (6, True)])
def test_other_operations_count_one_by_one(stated: int, differ: bool, conference: Conference) -> None:
    found = counts(conference, SyncStep(operation="chat", items=5, provider_total=stated))
    assert found is not None
    assert found.differ is differ


def test_provider_that_states_nothing_is_not_compared(conference: Conference) -> None:
    assert counts(conference, SyncStep(operation="chat", items=5)) is None


@pytest.mark.parametrize(("outcome", "found"), [("", None), ("synced", Counts(41, 41, 41))])
def test_only_a_finished_step_states_a_count(outcome: str, found: Counts | None, conference: Conference) -> None:
    end_step(run_of(conference, "running"), "attendance", outcome, items=41, provider_total=41)
    assert newest_counts(conference) == found
