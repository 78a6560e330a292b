"""Files behind links. https://learn.microsoft.com/graph/api/resources/driveitem"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from conferences.providers import shape
from conferences.providers.shape import Raw
from teams_integration.addresses import is_web

_MEDIA = ("video/", "audio/")
_MEDIA_NAMES = (".mp4", ".m4a", ".webm", ".mov", ".mp3")


@dataclass(frozen=True, slots=True)
class DriveItem:
    """`length` is a video's, None while it has not been processed."""

    id: str
    drive_id: str
    name: str
    url: str
    size: int | None
    mime_type: str
    created_at: datetime | None
    length: timedelta | None
    is_folder: bool

    @property
    def is_media(self) -> bool:
        named = self.name.lower().endswith(_MEDIA_NAMES)
        return not self.is_folder and (named or self.mime_type.startswith(_MEDIA) or self.length is not None)


def drive_item(raw: Raw) -> DriveItem:
    """A search result may point into another drive: then the item itself is in `remoteItem`."""
    real = {**raw, **shape.optional_object(raw, "remoteItem")}
    url = shape.optional_text(real, "webUrl")
    milliseconds = shape.optional_number(shape.optional_object(real, "video"), "duration")
    return DriveItem(
        id=shape.text(real, "id"),
        drive_id=shape.optional_text(shape.optional_object(real, "parentReference"), "driveId"),
        name=shape.optional_text(real, "name"),
        url=url if is_web(url) else "",
        size=shape.optional_number(real, "size"),
        mime_type=shape.optional_text(shape.optional_object(real, "file"), "mimeType").lower(),
        created_at=shape.optional_moment(real, "createdDateTime"),
        length=timedelta(milliseconds=milliseconds) if milliseconds else None,
        is_folder="folder" in real,
    )
