"""Files of a cloud recording.

Captions and timelines have neither id nor size nor status; a recording that was stopped and started again has several
files of each type. https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording/GET/meetings/{meetingId}/recordings
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from conferences.providers.paging import entries
from conferences.providers.records import Cue, FlawRecord, RecordingRecord
from zoom_integration.conf import WHO
from zoom_integration.parsers import values
from zoom_integration.parsers.values import Raw

KINDS = {
    "MP4": "video",
    "M4A": "audio",
    "CHAT": "chat",
    "CHAT_MESSAGE": "chat",
    "TRANSCRIPT": "transcript",
    "CC": "transcript",
    "TIMELINE": "timeline",
}
LABELS = {
    "CHAT": "chat",
    "CHAT_MESSAGE": "chat",
    "TRANSCRIPT": "transcript",
    "CC": "captions",
    "TIMELINE": "timeline",
    "CSV": "polls",
    "TB": "thumbnail",
    "SUMMARY": "summary",
}
READY = frozenset({"", "completed"})
READERS = {
    "recording_start": (values.moment, "start"),
    "recording_end": (values.moment, "end"),
    "file_size": (values.count, "size"),
}


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """`download_url` is for the client only: it must be kept nowhere. `flaws`: what is wrong, in a few words each."""

    key: str
    file_type: str
    kind: str
    name: str
    url: str
    download_url: str
    started_at: datetime | None
    ended_at: datetime | None
    size: int | None
    status: str
    recording_type: str
    time_zone: str
    flaws: tuple[str, ...]
    raw: Raw

    @property
    def is_ready(self) -> bool:
        return self.status in READY

    @property
    def length(self) -> timedelta | None:
        return self.ended_at - self.started_at if self.started_at and self.ended_at else None

    @property
    def flaw(self) -> FlawRecord | None:
        return FlawRecord(self.key, self.flaws, self.raw, self.name) if self.flaws else None

    def record(self, cues: tuple[Cue, ...] | None = None) -> RecordingRecord:
        known = {"file_type": self.file_type, "recording_type": self.recording_type, "status": self.status}
        return RecordingRecord(
            keys=(self.key,),
            name=self.name,
            kind=self.kind,
            url=self.url,
            started_at=self.started_at,
            ended_at=self.ended_at,
            size=self.size,
            cues=cues,
            extra={name: value for name, value in known.items() if value},
        )


def files(raw: Raw, uuid: str, title: str) -> Iterator[RecordedFile]:
    """Everything that one occurrence's recording consists of. Raises Malformed, after what was good."""
    seen: Counter[str] = Counter()
    # The second only where people were recorded apart.
    for listing in ("recording_files", *({"participant_audio_files"} & raw.keys())):
        for each in entries(raw, listing, WHO):
            found = _file(each, raw, uuid, title)
            seen[found.key] += 1
            if seen[found.key] == 1:
                yield found


def _file(each: Raw, whole: Raw, uuid: str, title: str) -> RecordedFile:
    file_type = values.text(each, "file_type").upper() or values.text(each, "file_extension").upper()
    number = values.text(each, "id")
    recording_type = values.text(each, "recording_type")
    label = values.text(each, "file_name") or LABELS.get(file_type) or recording_type.replace("_", " ")
    topic = values.text(whole, "topic") or title
    started_at, ended_at = values.moment(each, "recording_start"), values.moment(each, "recording_end")
    backwards = bool(started_at and ended_at and ended_at < started_at)
    return RecordedFile(
        key="zoom:" + (number or "|".join((uuid, file_type, values.text(each, "recording_start")))),
        file_type=file_type,
        kind=KINDS.get(file_type, "other"),
        name=f"{topic} ({label})" if label else topic,
        url=_page(each, whole),
        download_url=values.text(each, "download_url"),
        started_at=started_at,
        ended_at=None if backwards else ended_at,
        size=values.count(each, "file_size"),
        status=values.text(each, "status").lower(),
        recording_type=recording_type,
        time_zone=values.text(whole, "timezone"),
        flaws=(*values.unread(each, READERS), *(["ends before it starts"] if backwards else [])),
        raw=each,
    )


def _page(each: Raw, whole: Raw) -> str:
    """Where a person can watch it, if need be the page of the whole recording."""
    pages = (values.text(each, "play_url"), values.text(whole, "share_url"))
    return next((page for page in pages if page.startswith("https://")), "")
