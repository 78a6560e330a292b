"""The JSON of recordings, transcripts and files."""

from datetime import datetime, timedelta
from urllib.parse import quote

from teams_integration.sandbox.naming import guid, meeting_id, opaque, stamp
from teams_integration.sandbox.world import Json, Person, drive_id

SITE = "https://northfield-my.sharepoint.example.org"


def call_id(thread_id: str, starts_at: datetime) -> str:
    """One call, as recordings, chat events and call records name it."""
    return guid("call", thread_id, stamp(starts_at))


def artifact(
    kind: str, tenant_id: str, organizer: Person, thread_id: str, call: str, span: tuple[datetime, datetime]
) -> Json:
    """A recording's or transcript's entry; the `…ContentUrl` is added when it is served."""
    starts_at, ends_at = span
    user = {
        "@odata.type": "#Microsoft.Teams.GraphSvc.teamworkUserIdentity",
        "id": organizer.id,
        "displayName": None,
        "userIdentityType": "aadUser",
        "tenantId": tenant_id,
    }
    return {
        "id": opaque(kind, call, stamp(starts_at)),
        "meetingId": meeting_id(organizer.id, thread_id),
        "callId": call,
        "createdDateTime": stamp(starts_at, 7),
        "endDateTime": stamp(ends_at, 7),
        "contentCorrelationId": guid("correlation", call),
        "meetingOrganizer": {"application": None, "device": None, "user": user},
    }


def personal_url(person: Person, path: str) -> str:
    """Where a file of the person's OneDrive opens. Every segment is percent-encoded."""
    account = person.email.replace("@", "_").replace(".", "_")
    return f"{SITE}/personal/{account}/Documents/" + "/".join(quote(part, safe="") for part in path.split("/"))


def drive_item(
    person: Person, path: str, made_at: datetime, size: int, mime_type: str, video: timedelta | None = None
) -> Json:
    """A file of the person's OneDrive; `path` from its root."""
    folder, _, name = path.rpartition("/")
    by = {"user": {"id": person.id, "displayName": person.name, "email": person.email}}
    item: Json = {
        "id": "01" + guid("item", person.email, path).replace("-", "").upper(),
        "name": name,
        "size": size,
        "webUrl": personal_url(person, path),
        "createdDateTime": stamp(made_at, 0),
        "lastModifiedDateTime": stamp(made_at + (video or timedelta()), 0),
        "createdBy": by,
        "lastModifiedBy": by,
        "parentReference": {"driveId": drive_id(person), "driveType": "business", "path": f"/drive/root:/{folder}"},
        "file": {"mimeType": mime_type, "hashes": {"quickXorHash": guid("hash", path)[:27] + "="}},
    }
    if video is not None:
        item["video"] = {
            "duration": round(video.total_seconds() * 1000),
            "width": 1920,
            "height": 1080,
            "bitrate": 900_000,
        }
    return item
