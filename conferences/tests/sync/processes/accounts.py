"""A whole account to be drained in several processes, and what an undisturbed run of the same account leaves behind."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from conferences.models import Conference, Connection, SyncItem, SyncRun
from conferences.sync import account, worker
from conferences.sync.result import COUNTS, result

BOOKKEEPING = {f"conferences.models.{name}" for name in ("runs", "errors", "alerts", "liveness", "authorization")}
# When we looked is nobody's data; when a provider dropped a row is, but only whether it did can be the same.
MOMENTS_OF_SEEING = {"id", "first_seen_at", "last_seen_at", "created_at", "matched_at", "ended_cleanly_at"}

Rows = Counter[str]


def connect(name: str, script: str = "term") -> Connection:
    return Connection.objects.create(provider="campus", name=name, credentials={"script": script, "key": "canary"})


def rewrite(connection: Connection, script: str) -> None:
    """From now on the campus answers differently."""
    connection.credentials = {"script": script, "key": "canary"}
    connection.save()


@dataclass(frozen=True)
class Calm:
    """What a run that nothing happened to has left and counted."""

    rows: Rows
    counts: dict[str, Any]


def undisturbed() -> Calm:
    """Of an account of its own, in this very process."""
    calm = connect("Calm")
    run = account.request(calm, via="command", ring=False)
    worker.work(run.pk)
    return Calm(rows_of(calm), counts_of(run))


def counts_of(run: SyncRun) -> dict[str, Any]:
    told = result(run)
    return {"items": told["items"], **{name: [step[each] for each in COUNTS] for name, step in told["steps"].items()}}


def rows_of(connection: Connection) -> Rows:
    """Every synced row of an account, with what identifies its parents in place of our own numbers."""
    return Counter(
        f"{model.__name__} {_told(row)}"
        for model, path in _synced().items()
        for row in model._default_manager.filter(**{f"{path}connection": connection})
    )


def _synced() -> dict[type[Model], str]:
    """The conference's table and those that hang on it, each with the shortest way from it to the conference."""
    found: dict[type[Model], str] = {Conference: ""}
    for model in (queue := [Conference]):
        for relation in model._meta.related_objects:
            child = relation.related_model
            if child.__module__ not in BOOKKEEPING and child not in found:
                found[child] = f"{relation.field.name}__{found[model]}"
                queue.append(child)
    return found


def _told(row: Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in MOMENTS_OF_SEEING]
    return {field.name: _value(getattr(row, field.name), field.name) for field in fields}


def _value(value: Any, name: str) -> Any:
    if isinstance(value, Connection):
        return "the account"
    if isinstance(value, Model):
        return _told(value)
    return value is not None if name == "gone_at" and (value is None or isinstance(value, datetime)) else value


def attempts(run: SyncRun) -> list[int]:
    return sorted(set(SyncItem.objects.filter(run=run).values_list("attempts", flat=True)))
