"""Recordings and transcripts of a meeting, and their contents.

https://learn.microsoft.com/en-us/graph/api/onlinemeeting-list-recordings and …/onlinemeeting-list-transcripts
"""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

from conferences.providers.sandbox import Request, Response
from teams_integration.sandbox import odata
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.meetings import meeting_of
from teams_integration.sandbox.refusals import Refusal, not_found
from teams_integration.sandbox.world import Json, Transcript

READ_RECORDINGS = ("OnlineMeetingRecording.Read.All",)
READ_TRANSCRIPTS = ("OnlineMeetingTranscript.Read.All",)
PER_PAGE = 100
UNATTRIBUTED = "application/vnd.microsoft.graph.transcript+text"
_VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


def recordings(asking: Asking, user: str, meeting: str) -> Json:
    asking.need(READ_RECORDINGS, "directory")
    found = meeting_of(asking, user, meeting)
    return _listed(asking, "recording", found.recordings)


def recording(asking: Asking, user: str, meeting: str, recording: str) -> Json:
    asking.need(READ_RECORDINGS, "directory")
    entries = meeting_of(asking, user, meeting).recordings
    return _shown(asking.request, "recording", _one(entries, recording), asking.request.path)


def recording_content(asking: Asking, user: str, meeting: str, recording: str) -> Response:
    asking.need(READ_RECORDINGS, "directory")
    _one(meeting_of(asking, user, meeting).recordings, recording)
    return Response(200, _VIDEO, {"Content-Type": "video/mp4"})


def transcripts(asking: Asking, user: str, meeting: str) -> Json:
    found = _transcripts(asking, user, meeting)
    return _listed(asking, "transcript", [transcript.entry for transcript in found])


def transcript(asking: Asking, user: str, meeting: str, transcript: str) -> Json:
    entries = [each.entry for each in _transcripts(asking, user, meeting)]
    return _shown(asking.request, "transcript", _one(entries, transcript), asking.request.path)


def transcript_content(asking: Asking, user: str, meeting: str, transcript: str) -> Response:
    found = _readable(asking, user, meeting, transcript)
    if asking.request.header("Accept") == UNATTRIBUTED:
        text = "\n".join(text for _, _, _, text in found.cues)
        return Response(200, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
    return _vtt(_spoken(found))


def transcript_metadata(asking: Asking, user: str, meeting: str, transcript: str) -> Response:
    return _vtt(_described(_readable(asking, user, meeting, transcript)))


def _transcripts(asking: Asking, user: str, meeting: str) -> list[Transcript]:
    asking.need(READ_TRANSCRIPTS, "directory")
    found = meeting_of(asking, user, meeting)
    if not asking.tenant.transcripts_open:
        raise Refusal(
            403,
            "Forbidden",
            "Graph API access to transcripts is disabled for this tenant.",
            inner="GraphAccessToTranscriptsDisabled",
        )
    return found.transcripts


def _readable(asking: Asking, user: str, meeting: str, key: str) -> Transcript:
    transcripts = _transcripts(asking, user, meeting)
    entry = _one([each.entry for each in transcripts], key)
    if not asking.tenant.speakers_named and asking.request.header("Accept") != UNATTRIBUTED:
        raise Refusal(
            403,
            "Forbidden",
            "Speaker attribution is not allowed for this meeting.",
            inner="SpeakerAttributionNotAllowed",
        )
    return next(each for each in transcripts if each.entry is entry)


def _listed(asking: Asking, kind: str, entries: Sequence[Json]) -> Json:
    odata.allow(asking.request, "$top", "$select")
    shown = [_shown(asking.request, kind, entry, f"{asking.request.path}/{{id}}") for entry in entries]
    size = odata.top(asking.request, PER_PAGE, PER_PAGE)
    context = asking.request.path.removeprefix("/v1.0/")
    return odata.page(asking.request, shown, size, context=context, count=True)


def _shown(request: Request, kind: str, entry: Json, path: str) -> Json:
    link = f"{request.origin}{path.replace('{id}', entry['id'])}/content"
    return {**entry, f"{kind}ContentUrl": link}


def _one(entries: Sequence[Json], key: str) -> Json:
    for entry in entries:
        if entry["id"] == key:
            return entry
    raise not_found("The requested artifact could not be found.")


def _vtt(cues: Iterator[str]) -> Response:
    text = "WEBVTT\r\n\r\n" + "\r\n\r\n".join(cues) + "\r\n"
    return Response(200, text.encode(), {"Content-Type": "text/vtt"})


def _spoken(transcript: Transcript) -> Iterator[str]:
    for starts, ends, speaker, text in transcript.cues:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield f"{_timing(starts, ends)}\r\n<v {speaker}>{escaped}</v>"


def _described(transcript: Transcript) -> Iterator[str]:
    """One JSON object a cue; times of day with an offset instead of `Z`."""
    for starts, ends, speaker, text in transcript.cues:
        begins, finishes = (transcript.starts_at + timedelta(seconds=each) for each in (starts, ends))
        said = {
            "startDateTime": begins.isoformat(timespec="microseconds"),
            "endDateTime": finishes.isoformat(timespec="microseconds"),
            "speakerName": speaker,
            "spokenText": text,
            "spokenLanguage": "en-us",
        }
        yield f"{_timing(starts, ends)}\r\n{json.dumps(said, ensure_ascii=False)}"


def _timing(starts: float, ends: float) -> str:
    return f"{_clock(starts)} --> {_clock(ends)}"


def _clock(seconds: float) -> str:
    """Unpadded, and negative for what was said before the transcript began."""
    sign = "-" if seconds < 0 else ""
    whole, thousandths = divmod(round(abs(seconds) * 1000), 1000)
    return f"{sign}{whole // 3600}:{whole // 60 % 60}:{whole % 60}.{thousandths:03d}"


_MEETING = "/v1.0/users/{user}/onlineMeetings/{meeting}"
ROUTES = (
    (f"{_MEETING}/recordings", recordings),
    (f"{_MEETING}/recordings/{{recording}}", recording),
    (f"{_MEETING}/recordings/{{recording}}/content", recording_content),
    (f"{_MEETING}/transcripts", transcripts),
    (f"{_MEETING}/transcripts/{{transcript}}", transcript),
    (f"{_MEETING}/transcripts/{{transcript}}/content", transcript_content),
    (f"{_MEETING}/transcripts/{{transcript}}/metadataContent", transcript_metadata),
)
