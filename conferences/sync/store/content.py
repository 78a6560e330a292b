"""Chat messages and shared files: one row per provider id."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from conferences.models import ChatMessage, Conference, SharedFile
from conferences.providers.records import ChatRecord, FileRecord
from conferences.sync.store.fitting import fit, fit_key
from conferences.sync.store.tally import Tally
from conferences.sync.store.upsert import EMPTY, Upsert, mark_gone

Reader = Callable[[Any], Mapping[str, Any]]
Names = Callable[[Any], Iterable[str]]


class KeyedStore:
    """Rows of one model that the provider's id alone identifies within their scope: what all of them share.

    authoritative  of a record, the values that may empty a stored one
    tentative      of a record, the values that describe a new row but never replace a stored value
    listed         which of the rows a listing speaks about, as a filter; all by default
    """

    def __init__(
        self,
        model: type[Any],
        read: Reader,
        scope: Mapping[str, Any],
        seen_at: datetime,
        tally: Tally,
        authoritative: Names = lambda _record: (),
        tentative: Names = lambda _record: (),
        listed: Mapping[str, Any] | None = None,
    ) -> None:
        self._model = model
        self._read = read
        self._authoritative = authoritative
        self._tentative = tentative
        self._listed = listed or {}
        self._scope = scope
        self._seen_at = seen_at
        self._tally = tally
        self._key_length = model._meta.get_field("provider_id").max_length

    def store(self, records: Sequence[Any]) -> None:
        keyed = {fit_key(record.key, self._key_length): record for record in records}
        known = {row.provider_id: row for row in self._rows().filter(provider_id__in=keyed)}
        upsert = Upsert(self._model, self._seen_at)
        rows = []
        for key, record in keyed.items():
            values = fit(self._model, self._read(record))
            row = known.get(key)
            if row is None:
                row, changed = upsert.add(**self._scope, provider_id=key, **values), False
            else:
                tentative = {name for name in self._tentative(record) if getattr(row, name) not in EMPTY}
                firm = {name: value for name, value in values.items() if name not in tentative}
                changed = upsert.change(row, firm, self._authoritative(record))
            rows.append((row, changed))
        upsert.write()
        for row, changed in rows:
            self._tally.note(row, changed=changed)

    def close(self, *, clean: bool) -> None:
        if clean:
            mark_gone(self._rows().filter(**self._listed), self._tally.seen(self._model), self._seen_at)

    def _rows(self) -> Any:
        return self._model.objects.filter(**self._scope)


def chat_store(conference: Conference, seen_at: datetime, tally: Tally) -> KeyedStore:
    return KeyedStore(ChatMessage, _chat_values, {"conference": conference}, seen_at, tally, _chat_authority)


def file_store(conference: Conference, seen_at: datetime, tally: Tally) -> KeyedStore:
    return KeyedStore(SharedFile, _file_values, {"conference": conference}, seen_at, tally, tentative=_file_tentative)


def _chat_values(record: ChatRecord) -> Mapping[str, Any]:
    return {
        "kind": record.kind,
        "sender": record.sender,
        "sender_key": record.sender_key,
        "sender_kind": record.sender_kind,
        "sent_at": record.sent_at,
        "edited_at": record.edited_at,
        "deleted_at": record.deleted_at,
        "text": record.text,
        "html": record.html,
        "reply_to": record.reply_to,
        "extra": dict(record.extra),
    }


def _chat_authority(record: ChatRecord) -> Iterable[str]:
    """A message that has text again was restored, and an edit into plain text leaves no HTML behind."""
    return ("deleted_at", "html") if record.text else ()


def _file_tentative(record: FileRecord) -> Iterable[str]:
    """Of a file that we may not look at, or that is gone, an earlier sync may know better."""
    match record.status:
        case SharedFile.Status.UNRESOLVED:
            return ("name", "url", "status")
        case SharedFile.Status.MISSING:
            return ("name", "url")
        case _:
            return ()


def _file_values(record: FileRecord) -> Mapping[str, Any]:
    return {
        "name": record.name,
        "url": record.url,
        "size": record.size,
        "mime_type": record.mime_type,
        "shared_by": record.shared_by,
        "shared_at": record.shared_at,
        "status": record.status,
        "extra": dict(record.extra),
    }
