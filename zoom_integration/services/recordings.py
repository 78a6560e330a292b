"""Cloud recordings: every file, with the words of transcripts and captions.

https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording/GET/meetings/{meetingId}/recordings
"""

from collections.abc import Generator, Iterator

from conferences.providers import vtt
from conferences.providers.errors import Blocked, CredentialsRefused, DailyLimit, Malformed, Missing, ProviderError
from conferences.providers.records import Cue, NothingFound, Notice, Problem, Record
from zoom_integration.parsers.recordings import RecordedFile, files
from zoom_integration.services.inquiry import Inquiry

NOT_READY = "The recordings are not ready yet. Zoom needs some time after the end to process them."
NONE_FOUND = "No recordings found. Zoom has no cloud recording of this session."
NO_RECORDING = "no_recording"


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    found, nothing = listed(inquiry, NOT_READY, NONE_FOUND)
    for each in found:
        yield (yield from _with_words(inquiry, each)) if each.kind == "transcript" else each.record()
        if each.flaw:
            yield each.flaw
    if not all(each.is_ready for each in found) and not isinstance(nothing, Problem):
        yield inquiry.not_ready(NOT_READY)
    elif nothing is not None:
        yield nothing


def listed(
    inquiry: Inquiry, not_ready: str, none_found: str
) -> tuple[list[RecordedFile], NothingFound | Problem | None]:
    """The files of all occurrences, and why there are none or may be more. An occurrence without a recording is
    normal."""
    found: list[RecordedFile] = []
    without, gone, broken = False, None, None
    for occurrence in inquiry.occurrences:
        try:
            for each in files(inquiry.recordings(occurrence.uuid), occurrence.uuid, inquiry.target.title):
                found.append(each)  # noqa: PERF402 - what came before an error stays
        except Missing as error:
            without, gone = True, gone if error.code == NO_RECORDING else error
        except Malformed as error:
            broken = error
    if broken is not None:
        return found, Problem(broken)
    if gone is not None:
        return found, inquiry.unavailable(gone, not_ready)
    if found:
        return found, NothingFound("none_found", none_found, proven=False) if without else None
    return found, inquiry.told_of_none(not_ready, none_found) if without else inquiry.nothing(not_ready, none_found)


def _with_words(inquiry: Inquiry, each: RecordedFile) -> Generator[Record, None, Record]:
    """A transcript whose text cannot be had is listed without it."""
    cues: tuple[Cue, ...] | None = None
    try:
        if each.download_url and each.is_ready:
            cues = vtt.spoken_cues(inquiry.client.file_text(each.download_url))
    except DailyLimit:
        raise
    except (Blocked, Missing, CredentialsRefused) as error:
        # Zoom refuses single files that are protected: the sign-in itself is fine.
        text = f"The text of “{each.name}” could not be read: {error.message}"
        yield Notice(text, "warning", error.code)
    except ProviderError as error:
        yield Problem(error)
    return each.record(cues)
