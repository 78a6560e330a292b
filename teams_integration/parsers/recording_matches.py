"""One recording out of up to three finds: Graph's listing, the chat's announcement, the file in a drive.

Nothing is joined by time alone: it takes a call, an address, a length or a name as well.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from conferences.providers.records import RecordingRecord
from conferences.providers.window import Window
from teams_integration.parsers.chat_events import RecordingEvent
from teams_integration.parsers.files import DriveItem
from teams_integration.parsers.recording_names import is_named_after, is_shareable, url_key
from teams_integration.parsers.recordings import Artifact

SAME_LENGTH = timedelta(seconds=90)
EARLY = timedelta(minutes=5)
# A file appears when the upload begins or ends; a long recording takes its time.
UPLOAD = timedelta(hours=2)
_FAR = timedelta(days=999)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A finished recording as the chat tells of it, with its file where that could be looked up.

    is_gone  nothing is found any more at the address that the chat gave
    """

    event: RecordingEvent
    sent_at: datetime
    item: DriveItem | None = None
    is_gone: bool = False


@dataclass(slots=True)
class Find:
    artifact: Artifact | None = None
    announcement: Announcement | None = None
    item: DriveItem | None = None

    @property
    def call_id(self) -> str:
        if self.artifact and self.artifact.call_id:
            return self.artifact.call_id
        return self.announcement.event.call_id if self.announcement else ""

    @property
    def is_gone(self) -> bool:
        """Only the chat remembers it."""
        return bool(self.announcement and self.announcement.is_gone) and not (self.artifact or self.item)

    def urls(self) -> list[str]:
        found = [self.item.url if self.item else "", self.announcement.event.url if self.announcement else ""]
        return [url for url in found if is_shareable(url)]


@dataclass(slots=True)
class Matches:
    """Add listings, announcements and files in this order. `titles`: what the meeting is called."""

    window: Window
    titles: tuple[str, ...]
    finds: list[Find] = field(default_factory=list)
    unplaced: list[DriveItem] = field(default_factory=list)

    def add_artifacts(self, artifacts: Iterable[Artifact]) -> None:
        known = {find.artifact.id for find in self.finds if find.artifact}
        self.finds += [Find(artifact=artifact) for artifact in artifacts if artifact.id not in known]

    def add_announcements(self, announcements: Sequence[Announcement]) -> None:
        calls = Counter(each.event.call_id for each in announcements)
        for each in sorted(announcements, key=lambda each: each.sent_at):
            find = self._announced(each, alone=calls[each.event.call_id] == 1)
            if find is None:
                find = Find()
                self.finds.append(find)
            find.announcement, find.item = each, each.item

    def add_files(self, items: Iterable[DriveItem]) -> None:
        """Best fits first, so that one file cannot take another's place."""
        fresh = [item for item in items if item.is_media and self._may_matter(item)]
        while fresh:
            best = min(fresh, key=lambda item: self._fit(item)[0])
            fresh.remove(best)
            if not self._is_known(best):
                self._place(best)

    def _place(self, item: DriveItem) -> None:
        _, find = self._fit(item)
        if find is not None:
            find.item = item
        elif item.created_at and self.window.holds(item.created_at):
            if is_named_after(item.name, self.titles):
                self.finds.append(Find(item=item))
            else:
                self.unplaced.append(item)

    @property
    def wants_files(self) -> bool:
        return not self.finds or any(find.item is None for find in self.finds)

    def _announced(self, each: Announcement, *, alone: bool) -> Find | None:
        free = [find for find in self.finds if find.artifact and find.announcement is None]
        of_call = [find for find in free if each.event.call_id and find.call_id == each.event.call_id]
        if alone and len(of_call) == 1:
            return of_call[0]
        alike = [(gap, index) for index, find in enumerate(free) if (gap := _gap(each, find.artifact)) is not None]
        return free[min(alike)[1]] if alike else None

    def _may_matter(self, item: DriveItem) -> bool:
        """A folder holds years of recordings: most are ruled out by their day alone."""
        if item.created_at and self.window.opens_at - EARLY <= item.created_at <= self.window.closes_at + UPLOAD:
            return True
        return bool(item.url) and any(url_key(item.url) in map(url_key, find.urls()) for find in self.finds)

    def _is_known(self, item: DriveItem) -> bool:
        return any(find.item and _same_file(find.item, item) for find in self.finds) or item in self.unplaced

    def _fit(self, item: DriveItem) -> tuple[tuple[int, timedelta], Find | None]:
        """How well it fits (smaller is better), and where; None where nothing but the time would speak for it."""
        fits = [
            (fit, index)
            for index, find in enumerate(self.finds)
            if find.item is None and (fit := self._fit_of(item, find))
        ]
        if not fits:
            return (9, _FAR), None
        fit, index = min(fits)
        return fit, self.finds[index]

    def _fit_of(self, item: DriveItem, find: Find) -> tuple[int, timedelta] | None:
        if item.url and url_key(item.url) in map(url_key, find.urls()):
            return 0, timedelta()
        event = find.announcement.event if find.announcement else None
        held = item.created_at is not None and self.window.holds(item.created_at)
        if event and event.name and event.name == item.name and held:
            return 1, timedelta()
        if find.artifact is None or item.created_at is None:
            return None
        start, end = find.artifact.starts_at, find.artifact.ends_at or find.artifact.starts_at
        if not start - EARLY <= item.created_at <= end + UPLOAD:
            return None
        named = is_named_after(item.name, self.titles)
        alike = _alike(item.length, find.artifact.length)
        rank = {(True, True): 2, (True, False): 3, (False, True): 4}.get((named, alike))
        return None if rank is None else (rank, min(abs(item.created_at - start), abs(item.created_at - end)))

    def records(self, name: str) -> list[RecordingRecord]:
        """`name` is for those that nobody has named. What is gone is no recording any more."""
        calls = Counter(find.call_id for find in self.finds)
        return [_record(find, name, alone=calls[find.call_id] == 1) for find in self.finds if not find.is_gone]


def _record(find: Find, name: str, *, alone: bool) -> RecordingRecord:
    event = find.announcement.event if find.announcement else None
    started_at, ended_at = _times(find)
    urls = find.urls()
    own_name = (find.item.name if find.item else "") or (event.name if event else "")
    return RecordingRecord(
        keys=_keys(find, alone=alone),
        name=own_name or name,
        named=bool(own_name),
        kind="audio" if find.item and find.item.mime_type.startswith("audio/") else "video",
        url=urls[0] if urls else "",
        started_at=started_at,
        ended_at=ended_at,
        size=find.item.size if find.item else None,
        extra={"call_id": find.call_id} if find.call_id else {},
    )


def _keys(find: Find, *, alone: bool) -> tuple[str, ...]:
    keys = [f"graph:{find.artifact.id}"] if find.artifact else []
    if find.item:
        keys.append(f"drive:{find.item.drive_id}:{find.item.id}")
    keys += map(url_key, find.urls())
    if find.call_id and alone:
        keys.append(f"call:{find.call_id}")
    return tuple(dict.fromkeys(keys)) or (f"chat:{find.announcement.event.message_id}" if find.announcement else "",)


def _times(find: Find) -> tuple[datetime | None, datetime | None]:
    if find.artifact:
        return find.artifact.starts_at, find.artifact.ends_at
    if find.announcement:
        length = find.announcement.event.length
        sent_at = find.announcement.sent_at
        return (sent_at - length, sent_at) if length else (None, sent_at)
    created_at = find.item.created_at if find.item else None
    length = find.item.length if find.item else None
    return created_at, created_at + length if created_at and length else None


def _gap(each: Announcement, artifact: Artifact | None) -> timedelta | None:
    """How far apart their lengths are; None where they cannot be the same recording."""
    if artifact is None or artifact.length is None or each.event.length is None:
        return None
    if each.event.call_id and artifact.call_id and each.event.call_id != artifact.call_id:
        return None
    gap = abs(artifact.length - each.event.length)
    in_time = artifact.starts_at <= each.sent_at <= artifact.starts_at + artifact.length + UPLOAD
    return gap if gap <= SAME_LENGTH and in_time else None


def _alike(one: timedelta | None, other: timedelta | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= SAME_LENGTH


def _same_file(one: DriveItem, other: DriveItem) -> bool:
    if one.drive_id == other.drive_id and one.id == other.id:
        return True
    return bool(one.url and other.url) and url_key(one.url) == url_key(other.url)
