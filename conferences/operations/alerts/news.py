"""Which kinds of errors are new, and told by no other rule?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from conferences.models import Alert, AlertRule, ErrorClass, SyncError, SyncStep
from conferences.operations.alerts.scene import Met, Scene
from conferences.operations.causes import places
from conferences.sync.outcome import SEARCH, SUCCESSES
from conferences.sync.pace import DAILY_LIMIT

Kind = AlertRule.Kind

# A new kind of error is news for so long.
NEWS = timedelta(hours=1)
UNREADABLE = "undecryptable"


def new_error(hours: float, scene: Scene) -> Iterator[Met]:
    """Kinds of which all that was met for so long is news. What another try overcame is no error, what the rules for
    refused connections and paused syncs tell is no news, and what has gone well since is over."""
    ended = SyncError.objects.filter(ended_step=True).order_by()
    recent = ended.filter(last_at__gt=scene.now - max(timedelta(hours=hours), 2 * NEWS))
    kinds: Any = recent.values("connection", "error_class", "code").annotate(
        appeared=Min("first_at"),
        words=Max("message"),
        operations=ArrayAgg("operation", distinct=True),
        conferences=Count("item__conference", distinct=True),
    )
    found = list(kinds.filter(appeared__gt=scene.now - NEWS).order_by("connection", "error_class", "code"))
    refused, paused = (_told(kind, scene) for kind in (Kind.CONNECTION_REFUSED, Kind.PAUSED_RUN)) if found else ((), ())
    for row in found:
        pk, code = row["connection"], row["code"]
        if (pk in refused and _refuses(row, scene)) or (pk in paused and code == DAILY_LIMIT):
            continue
        kind = recent.filter(connection=pk, error_class=row["error_class"], code=code)
        if not kind.exclude(_mended()).exists():
            continue
        yield Met(pk, f"{row['error_class']} {code}", _sentence(row, scene.names[pk]))


def _mended() -> Q:
    """Errors after which the same went well, or was refused for another reason: in the same conference; for what
    concerns the whole connection, its search and its credentials and permissions, in any."""
    answered = Q(outcome__in=SUCCESSES) | Q(outcome=SyncStep.Outcome.BLOCKED) & ~Q(code=OuterRef("code"))
    went_well = SyncStep.objects.filter(
        answered,
        item__run__connection=OuterRef("connection"),
        operation=OuterRef("operation"),
        finished_at__gt=OuterRef("last_at"),
    )
    in_the_same = went_well.filter(item__conference=OuterRef("item__conference"))
    of_the_whole = Q(error_class=ErrorClass.AUTHENTICATION) | Q(operation=SEARCH)
    checked = Q(operation="check", connection__checked_at__gt=F("last_at"))
    return Exists(in_the_same) | (of_the_whole & Exists(went_well)) | checked


def _sentence(row: dict[str, Any], name: str) -> str:
    where = places(row["operations"], row["conferences"])
    label = ErrorClass(row["error_class"]).label.lower()
    told = f"{name}: a new kind of error ({label}){f' in {where}' if where else ''}. {row['words']}".strip()
    return f"{told} Look for {row['code']} among the errors."


def _refuses(row: dict[str, Any], scene: Scene) -> bool:
    """Whether the error is the refusal itself: of the credentials, or of all that the last check has tried."""
    (connection,) = (each for each in scene.connections if each.pk == row["connection"])
    codes = {UNREADABLE, *(line.get("code") for line in connection.checks)}
    return row["error_class"] == ErrorClass.AUTHENTICATION or row["code"] in codes


def _told(kind: AlertRule.Kind, scene: Scene) -> set[int]:
    """The connections of which a rule of that kind tells, or has just told: what is over is no news either."""
    rules = AlertRule.objects.filter(kind=kind, enabled=True)
    now = {pk for rule in rules for pk in scene.facts if rule.connection_id in {None, pk} and _is_met(rule, pk, scene)}
    return now | _was_told(kind, scene.now - NEWS)


def _is_met(rule: AlertRule, pk: int, scene: Scene) -> bool:
    facts = scene.facts[pk]
    return bool(facts.refusal) if rule.kind == Kind.CONNECTION_REFUSED else facts.paused > rule.threshold


def _was_told(kind: AlertRule.Kind, since: datetime) -> set[int]:
    lately = Q(state=Alert.State.OPEN) | Q(resolved_at__gt=since)
    alerts = Alert.objects.filter(lately, rule__kind=kind, subject__in=["", "refused"], connection__isnull=False)
    return set(alerts.values_list("connection", flat=True))
