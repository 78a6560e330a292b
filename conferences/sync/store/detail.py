"""The provider's own detail model, one row beside a conference."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone

from conferences.models import Conference
from conferences.providers.base import ProviderConfig
from conferences.sync.record_fields import EARLIEST, LONGEST
from conferences.sync.store.fitting import fit
from conferences.sync.store.listed import SHORTEST
from conferences.sync.store.upsert import EMPTY
from conferences.zone import is_zone

# What else a provider said of a conference: here each key is a value of its own, and what is absent stays.
BY_KEY = ("extra", "report")


def store_detail(
    config: ProviderConfig, conference: Conference, values: Mapping[str, Any], *, explicit: bool = False
) -> None:
    """Absent names leave stored values alone; empty ones too, unless they are `explicit`. Zero and False are data."""
    if config.detail_model is None or not values:
        return
    model = apps.get_model(config.detail_model)
    fitted = fit(model, values)
    row, created = model._default_manager.get_or_create(conference=conference, defaults=fitted)
    told = {name: value for name, value in fitted.items() if explicit or value not in EMPTY}
    told |= {name: {**getattr(row, name), **told[name]} for name in BY_KEY if name in told}
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    if changed and not created:
        for name in changed:
            setattr(row, name, told[name])
        row.save(update_fields=changed)


def learn_zone(conference: Conference, name: str) -> None:
    """Searches often do not know it. One that a person chose stays, also if they do so right now."""
    if not conference.time_zone and is_zone(name):
        Conference.objects.filter(pk=conference.pk, time_zone="").update(time_zone=name)
        conference.refresh_from_db(fields=["time_zone"])


def learn_times(conference: Conference, starts_at: datetime | None, ends_at: datetime | None) -> None:
    """When a listed conference took place, where its listing left that open. The times that a person gave stay, and so
    does what was only planned: the next listing says what became of it."""
    if starts_at is None and ends_at is None:
        return
    start = starts_at or conference.starts_at
    if not EARLIEST <= start <= timezone.now():
        return
    length = ends_at - start if ends_at and start <= ends_at <= start + LONGEST else None
    end = start + max(conference.ends_at - conference.starts_at if length is None else length, SHORTEST)
    Conference.objects.filter(pk=conference.pk, listed_as=Conference.Listed.HELD).update(starts_at=start, ends_at=end)
    conference.refresh_from_db(fields=["starts_at", "ends_at"])
