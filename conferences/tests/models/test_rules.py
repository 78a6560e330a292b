"""Promise: the database itself refuses what other code relies on not to be there."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from conferences.models import (
    AttendanceSession,
    ChatMessage,
    Conference,
    FlawedEntry,
    Participant,
    Question,
    Recording,
    Registrant,
    Response,
    SharedFile,
    SyncItem,
    SyncRun,
    SyncStep,
)
from conferences.tests.school import STARTS_AT, School

SEEN = {"first_seen_at": STARTS_AT, "last_seen_at": STARTS_AT}
EARLIER = STARTS_AT - timedelta(seconds=1)
# What rules, pages and counts decide by.
DECIDING = [
    (Participant, "kind"),
    (Participant, "match"),
    (Recording, "kind"),
    (ChatMessage, "kind"),
    (SharedFile, "status"),
    (Registrant, "status"),
    (Response, "kind"),
    (SyncRun, "state"),
    (SyncRun, "mode"),
    (SyncItem, "state"),
    (SyncStep, "outcome"),
]


def words_of(model: type[models.Model], field: str) -> set[str] | None:
    """The words that the database lets stand in a column."""
    wanted = f"{field}__in"
    for rule in model._meta.constraints:
        if isinstance(rule, models.CheckConstraint) and isinstance(rule.condition, models.Q):
            for child in rule.condition.children:
                if isinstance(child, tuple) and child[0] == wanted:
                    return set(child[1])
    return None


@pytest.mark.parametrize(("model", "name"), DECIDING)
def test_database_knows_the_very_choices_of_the_field(model: type[models.Model], name: str) -> None:
    field: Any = model._meta.get_field(name)
    blank = {""} if field.blank else set()
    assert words_of(model, name) == {value for value, _ in field.choices} | blank


@pytest.fixture
def rows(db: None) -> dict[type[models.Model], models.Model]:
    """One good row of each kind."""
    conference = School().conference()
    person = Participant.objects.create(
        conference=conference, identity_key="id:1", first_joined_at=STARTS_AT, last_left_at=STARTS_AT, **SEEN
    )
    kept: dict[str, Any] = {"conference": conference, "provider_id": "1", **SEEN}
    run = SyncRun.objects.create(
        connection=conference.connection,
        conference=conference,
        requested_via="page",
        span_starts_at=STARTS_AT,
        span_ends_at=STARTS_AT,
    )
    item = SyncItem.objects.create(run=run, conference=conference)
    flaw = {"connection": conference.connection, "operation": "chat", "reasons": ["odd"]}
    made: list[models.Model] = [
        person,
        AttendanceSession.objects.create(participant=person, joined_at=STARTS_AT, left_at=STARTS_AT, **SEEN),
        Recording.objects.create(started_at=STARTS_AT, ended_at=STARTS_AT, size=0, **kept),
        ChatMessage.objects.create(sent_at=STARTS_AT, **kept),
        SharedFile.objects.create(size=0, **kept),
        Registrant.objects.create(**kept),
        Question.objects.create(**kept),
        Response.objects.create(kind="poll", **kept),
        FlawedEntry.objects.create(**flaw, **kept),
        run,
        item,
        SyncStep.objects.create(item=item, operation="chat"),
    ]
    return {type(row): row for row in made}


@pytest.mark.parametrize(
    ("model", "values"),
    [
        *((model, {name: "unheard"}) for model, name in DECIDING),
        (Participant, {"identity_key": ""}),
        (Participant, {"last_left_at": EARLIER}),
        (AttendanceSession, {"left_at": EARLIER}),
        (Recording, {"ended_at": EARLIER}),
        (Recording, {"size": -1}),
        (Recording, {"provider_id": ""}),
        (ChatMessage, {"provider_id": ""}),
        (SharedFile, {"size": -1}),
        (SharedFile, {"provider_id": ""}),
        (Registrant, {"provider_id": ""}),
        (Question, {"provider_id": ""}),
        (Response, {"provider_id": ""}),
        (FlawedEntry, {"provider_id": ""}),
        (FlawedEntry, {"reasons": []}),
        (SyncRun, {"span_ends_at": EARLIER}),
        (SyncRun, {"progress": 101}),
        (SyncStep, {"items": -1}),
    ],
)
def test_database_refuses(
    rows: dict[type[models.Model], models.Model], model: type[models.Model], values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.filter(pk=rows[model].pk).update(**values)


def test_times_that_are_not_known_are_in_any_order(rows: dict[type[models.Model], models.Model]) -> None:
    for values in ({"started_at": None}, {"started_at": STARTS_AT, "ended_at": None}):
        assert Recording.objects.update(**values) == 1


def test_every_model_with_rules_is_looked_at() -> None:
    """A choice that gets a rule, and is not listed here, would be compared with nothing."""
    ruled = {
        (model, field.name)
        for model in apps.get_app_config("conferences").get_models()
        for field in model._meta.concrete_fields
        if field.choices and words_of(model, field.name) is not None and model.__module__ in OURS
    }
    assert ruled == set(DECIDING)


OURS = {model.__module__ for model, _ in DECIDING}


def test_conference_cannot_end_before_it_starts(db: None) -> None:
    conference = School().conference()
    with pytest.raises(IntegrityError), transaction.atomic():
        Conference.objects.filter(pk=conference.pk).update(ends_at=EARLIER)
