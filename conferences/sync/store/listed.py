"""What a listed conference changes about the stored one that it is."""

from datetime import timedelta
from typing import Any

from conferences.models import Conference
from conferences.providers.records import ConferenceRecord
from conferences.sync.store.fitting import bounded
from conferences.zone import is_zone

SHORTEST = timedelta(seconds=1)  # a class that was over at once
COLUMNS = ("title", "starts_at", "ends_at", "series_id", "join_url", "organizer", "time_zone")


def put(record: ConferenceRecord, row: Conference | None, connection_id: int) -> tuple[Conference, str]:
    """The row, and what became of it: created, updated or unchanged."""
    values = {name: bounded(Conference._meta.get_field(name), getattr(record, name)) for name in COLUMNS}
    values["time_zone"] = record.time_zone if is_zone(record.time_zone) else ""
    values["ends_at"] = max(record.ends_at, record.starts_at + SHORTEST)
    values["listed_as"] = Conference.Listed.PLANNED if record.planned else Conference.Listed.HELD
    if row is None:
        names = {"connection_id": connection_id, "external_id": record.external_id, "described_by_person": False}
        return Conference.objects.create(**names, **values), "created"
    kept = {name for name in Conference.DESCRIPTION if row.described_by_person and getattr(row, name)}
    told = {name: value for name, value in values.items() if name not in {*record.guessed, *kept}}
    if told.get("starts_at", row.starts_at) >= told.get("ends_at", row.ends_at):
        told["ends_at"] = values["ends_at"]
    return row, "updated" if _change(row, told | _naming(record, row)) else "unchanged"


def _naming(record: ConferenceRecord, row: Conference) -> dict[str, Any]:
    if row.external_id in {"", record.external_id}:
        return {}
    former = [each for each in row.former_ids if each != record.external_id]
    return {"external_id": record.external_id, "former_ids": [*former, row.external_id]}


def _change(row: Conference, values: dict[str, Any]) -> bool:
    """What a search does not know never empties what is stored. What is listed is not gone."""
    changed = [name for name, value in values.items() if value and getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row.gone_at is not None:
        row.gone_at = None
        changed.append("gone_at")
    if changed:
        row.save(update_fields=changed)
    return bool(changed)
