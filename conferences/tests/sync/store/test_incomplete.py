"""What a delta takes up again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conferences.models import Conference, SyncItem, SyncRun, SyncStep
from conferences.sync.store.incomplete import incomplete
from conferences.tests.school import School, answered

DAY = 24 * 60


@pytest.fixture
def conference(db: None) -> Conference:
    return School().conference()


def lacks(conference: Conference) -> bool:
    return incomplete(Conference.objects.filter(pk=conference.pk)).exists()


def test_class_without_any_answer(conference: Conference) -> None:
    assert lacks(conference)


def test_class_to_come_lacks_nothing(conference: Conference) -> None:
    conference.starts_at = timezone.now() + timedelta(days=1)
    conference.ends_at = conference.starts_at + timedelta(hours=1)
    conference.save()
    assert not lacks(conference)


@pytest.mark.parametrize(
    ("at", "outcome", "code", "left"),
    [
        (3 * DAY, "synced", "synced", False),
        (3 * DAY, "no_data", "none_found", False),
        (3 * DAY, "no_data", "unavailable", False),
        (75, "no_data", "unavailable", True),
        (3 * DAY, "synced", "not_ready", True),
        (3 * DAY, "no_data", "not_ready", True),
        (3 * DAY, "blocked", "missing_scope", True),
        (3 * DAY, "failed", "provider_trouble", True),
        (75, "synced", "synced", True),
    ],
)
def test_only_a_complete_answer_that_came_a_day_after_the_class_is_final(
    conference: Conference, at: float, outcome: str, code: str, left: bool
) -> None:
    answered(conference, at, outcome, code)
    assert lacks(conference) is left


def test_operation_that_failed_is_taken_up_until_it_is_answered(conference: Conference) -> None:
    answered(conference, 3 * DAY)
    answered(conference, 3 * DAY, "failed", "provider_trouble", operation="recordings")
    assert lacks(conference)
    answered(conference, 4 * DAY, "no_data", "none_found", operation="recordings")
    assert not lacks(conference)


def test_operation_that_was_blocked_is_left_to_whoever_lifts_the_block(conference: Conference) -> None:
    answered(conference, 3 * DAY)
    answered(conference, 3 * DAY, "blocked", "missing_scope", operation="recordings")
    assert not lacks(conference)


@pytest.mark.parametrize(("state", "left"), [("cancelled", True), ("failed", True), ("running", False)])
def test_operation_that_was_never_come_to_is_taken_up(conference: Conference, state: str, left: bool) -> None:
    answered(conference, 3 * DAY)
    run = SyncRun.objects.create(connection=conference.connection, conference=conference, state="cancelled")
    item = SyncItem.objects.create(run=run, conference=conference, state=state)
    SyncStep.objects.create(item=item, operation="chat")
    assert lacks(conference) is left
