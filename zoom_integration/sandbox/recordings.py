"""Cloud recordings of meetings and webinars, and their files: https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from conferences.providers.sandbox import Request, Response
from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.naming import short, stamp
from zoom_integration.sandbox.refusals import Refusal, invalid
from zoom_integration.sandbox.routes import LIGHT, MEDIUM, Route, told
from zoom_integration.sandbox.signin import SignIn
from zoom_integration.sandbox.world import Json, Occurrence, World

_LISTED = "cloud_recording:read:list_recording_files"
# The key of a readable file that Zoom serves from another host.
_ELSEWHERE = "TRANSCRIPT"


def files(asking: Asking, run: str) -> Json:
    """Webinars are asked for below /meetings as well."""
    return _recording(asking, told(asking.occurrence(run), "recordings"))


def of_user(asking: Asking, user: str) -> Json:
    """Without `from` and `to` today only; a longer range than a month is cut, not refused."""
    host = asking.host(user)
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    first, last = (_day(asking.query.get(name, today), name) for name in ("from", "to"))
    first = max(first, last - timedelta(days=31))
    found = [
        _recording(asking, each)
        for each in asking.account.occurrences.values()
        if each.series.host == host and each.recording and first <= each.starts_at < last + timedelta(days=1)
    ]
    page = asking.pages.page(asking.request, "meetings", found)
    return {"from": first.strftime("%Y-%m-%d"), "to": last.strftime("%Y-%m-%d"), **page}


def transcript(asking: Asking, run: str) -> Json:
    """Found by nobody, even where the list of files has one."""
    asking.occurrence(run)
    raise Refusal(404, 3322, "This meeting transcript does not exist.")


def _day(text: str, name: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise invalid(f"Invalid parameter: {name}.", name) from None


def _recording(asking: Asking, occurrence: Occurrence) -> Json:
    recording, series, origin = occurrence.recording, occurrence.series, asking.request.origin
    if recording is None:
        raise Refusal(404, 3301, "There is no recording for this meeting.")
    shown = [{**row, **_addresses(occurrence, row, origin)} for row in recording.files]
    audio = [{**row, **_addresses(occurrence, row, origin)} for row in recording.audio]
    answer = {
        "uuid": occurrence.uuid,
        "id": series.id,
        "account_id": asking.account.id,
        "host_id": series.host.id,
        "topic": series.topic,
        "type": series.type,
        "start_time": stamp(occurrence.starts_at),
        "duration": occurrence.minutes,
        "timezone": series.timezone,
        "share_url": f"{origin}/rec/share/{short('share', occurrence.uuid)}",
        "total_size": sum(row.get("file_size", 0) for row in shown),
        "recording_count": len(shown),
        "auto_delete": False,
        "recording_files": shown,
    }
    if audio:
        answer["participant_audio_files"] = audio
    if "download_access_token" in asking.query.get("include_fields", ""):
        answer["download_access_token"] = asking.request.header("Authorization").partition(" ")[2]
    return answer


def key(occurrence: Occurrence, row: Json) -> str:
    """Files of one kind and beginning share a key only if they share an id."""
    return short("file", occurrence.uuid, row.get("file_type"), row["recording_start"], row.get("id", ""))


def _addresses(occurrence: Occurrence, row: Json, origin: str) -> Json:
    name = key(occurrence, row)
    addresses = {"download_url": f"{origin}/rec/download/{name}"}
    if "id" in row:
        addresses["play_url"] = f"{origin}/rec/play/{name}"
    return {"meeting_id": occurrence.uuid, **addresses} if "file_name" not in row else addresses


def _content(world: World, name: str) -> tuple[Json, str] | None:
    for account in world.accounts:
        for each in account.occurrences.values():
            for row in each.recording.files if each.recording else ():
                if key(each, row) == name:
                    assert each.recording is not None  # noqa: S101
                    return row, each.recording.texts.get(_text_key(row), "")
    return None


def _text_key(row: Json) -> str:
    return f"{row['file_type']} {row['recording_start']}"


def download(request: Request, world: World, sign_in: SignIn, name: str) -> Response:
    """The bearer is asked for here; transcripts are then handed over by another host, which must not see it."""
    sign_in.read(request.header("Authorization"))
    found = _content(world, name)
    if found is None:
        return Response(404, b"")
    row, text = found
    if row["file_type"] == _ELSEWHERE:
        location = f"{_other_host(request)}/rec/file/{name}?signed={quote(short('signed', name))}"
        return Response(302, b"", {"Location": location})
    return _file(row, text)


def fetch_signed(request: Request, world: World, name: str) -> Response:
    """An address that is its own key. A token that arrives here has been sent where it does not belong."""
    found = _content(world, name)
    if request.header("Authorization") or request.query.get("signed") != short("signed", name) or found is None:
        return Response(401, b"")
    return _file(*found)


def _file(row: Json, text: str) -> Response:
    name = f"{row['file_type'].lower()}.{row['file_extension'].lower()}"
    headers = {"Content-Type": "application/octet-stream", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(200, text.encode(), headers)


def _other_host(request: Request) -> str:
    """This server under its other loopback name."""
    parts = urlsplit(request.origin)
    other = "127.0.0.1" if parts.hostname == "localhost" else "localhost"
    return f"{parts.scheme}://{other}:{parts.port}"


ROUTES = (
    Route("/meetings/{run}/recordings", LIGHT, _LISTED, files),
    Route("/users/{user}/recordings", MEDIUM, "cloud_recording:read:list_user_recordings", of_user),
    Route("/meetings/{run}/transcript", MEDIUM, "cloud_recording:read:meeting_transcript", transcript),
)
