"""Throws away what has become old: logs, errors, and runs that newer ones have outdone. Never synced data.

Works in small transactions beside running syncs; whatever somebody takes up again in that moment is left alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from conferences.authorizing import LIFE
from conferences.models import (
    Alert,
    AlertDelivery,
    AuthorizationRequest,
    SyncError,
    SyncEvent,
    SyncItem,
    SyncRun,
    SyncStep,
)
from conferences.operations.counters import COUNTED, retire
from conferences.operations.outdone import Outdone, ended, outdone
from conferences.sync.database import resilient

BATCH = 500
NAMES: dict[type[Model], str] = {
    SyncEvent: "events",
    SyncError: "errors",
    SyncRun: "runs",
    SyncItem: "items",
    SyncStep: "steps",
    Alert: "alerts",
    AlertDelivery: "alert_messages",
    AuthorizationRequest: "authorization_requests",
    Session: "sessions",
    AccessAttempt: "failed_sign_ins",
    AccessFailureLog: "failed_sign_ins",
    AccessLog: "sign_ins",
}
THINNED = " Of this sync only what no later one has replaced is kept: its figures are those of the rest."

Gone = Counter[str]


def clean_up(before: datetime, *, dry_run: bool) -> dict[str, int]:
    """How many rows went, or would go, by their name. A run goes with its items and steps."""
    gone: Gone = Counter(dict.fromkeys(NAMES.values(), 0))
    for rows in _aged(before):
        gone += _counted(rows) if dry_run else _emptied(rows)
    found = outdone(before)
    gone += _foreseen(found) if dry_run else _cleared(found)
    return {name: gone[name] for name in NAMES.values()}


def _aged(before: datetime) -> "Iterator[QuerySet[Any]]":
    """What leaves before what it hangs on."""
    of_old_run = Q(run__in=ended(before).values("pk"))
    yield SyncEvent.objects.filter(of_old_run | Q(at__lt=before), run__state__in=SyncRun.ENDED)
    yield SyncError.objects.filter(of_old_run | Q(last_at__lt=before), run__state__in=SyncRun.ENDED)
    over = Alert.objects.filter(state=Alert.State.RESOLVED, resolved_at__lt=before)
    yield AlertDelivery.objects.filter(alert__in=over)
    yield over
    yield AuthorizationRequest.objects.filter(created_at__lt=timezone.now() - LIFE)
    yield Session.objects.filter(expire_date__lt=timezone.now())
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        yield model.objects.filter(attempt_time__lt=before)


def _counted(rows: "QuerySet[Any]") -> Gone:
    return Counter({NAMES[rows.model]: rows.count()})


def _emptied(rows: "QuerySet[Any]") -> Gone:
    gone: Gone = Counter()
    for keys in _batches(list(rows.values_list("pk", flat=True))):
        gone += resilient(partial(_delete, rows.model._base_manager.filter(pk__in=keys)))
    return gone


def _delete(rows: "QuerySet[Any]") -> Gone:
    if rows.model in COUNTED:
        rows = _locked(rows)
        retire(rows)
    _, gone = rows.delete()
    names = {model._meta.label: name for model, name in NAMES.items()}
    return Counter({names[label]: count for label, count in gone.items() if label in names})


def _locked(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those that nobody holds, and that nobody can change from here on."""
    free = rows.select_for_update(skip_locked=True, of=("self",))
    return rows.model._base_manager.filter(pk__in=list(free.values_list("pk", flat=True)))


def _foreseen(found: Outdone) -> Gone:
    steps = sum(SyncStep.objects.filter(item__in=keys).count() for keys in _batches(found.items))
    return Counter({"runs": len(found.runs), "items": len(found.items), "steps": steps})


def _cleared(found: Outdone) -> Gone:
    gone: Gone = Counter()
    for keys in _batches(found.items):
        gone += resilient(partial(_clear_items, keys, set(found.runs)))
    for keys in _batches(found.runs):
        items = SyncItem.objects.filter(run=OuterRef("pk"))
        gone += resilient(
            partial(_delete, SyncRun.objects.filter(~Exists(items), pk__in=keys, state__in=SyncRun.ENDED))
        )
    return gone


def _clear_items(keys: Sequence[int], going: set[int]) -> Gone:
    """Only of runs that are still ended: somebody may have resumed one."""
    runs = _locked(SyncRun.objects.filter(items__in=keys, state__in=SyncRun.ENDED))
    items = SyncItem.objects.filter(pk__in=keys, run__in=runs)
    retire(SyncStep.objects.filter(item__in=items))
    thinned = runs.exclude(pk__in=going).exclude(message__endswith=THINNED)
    thinned.update(message=Concat("message", Value(THINNED)))
    return _delete(items)


def _batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
