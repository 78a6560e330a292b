"""What providers hand to the engine: frozen records, in the field's words and in UTC.

A service yields records lazily and in any order. A generator that ends by itself says that its listing ended
cleanly; one that raises a ProviderError, or yields a Problem, says that it did not, and then nothing is marked gone.
Text is cleaned by `text.clean`; times are aware and UTC; `extra` holds, as JSON, raw values that fit no field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from conferences.providers.errors import ProviderError

Extra = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """One join to leave, `[joined_at, left_at)`; `left_at` None means still there when it was fetched, or until a time
    that the provider does not tell.

    key  the provider's own id of this session, of which there is one in a conference and source, so that it stays the
         same session when it turns out to be somebody else's; or "" when it has none: then `joined_at` identifies it
    """

    joined_at: datetime
    left_at: datetime | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """One person in one sitting of the conference, as one source tells it.

    identity_key      who this is within the conference, the same at every sync, e.g. "id:<guid>", "email:<address>"
                      or, for someone who cannot be identified, a key of their own ("guest:…")
    sitting           which report, call or instance it came from; a restated sitting replaces what it said before
    source            attendance_report, call_records, participant_report or past_participants
    lasting           the identity_key names the same person in other conferences too, so that a match may be remembered
    kind              member, guest, external, dial_in, bot or unknown
    role              organizer, presenter, attendee or ""
    reported_seconds  the provider's own total for this sitting, None when it gives none
    """

    identity_key: str
    sitting: str
    source: str
    name: str
    email: str = ""
    role: str = ""
    kind: str = "unknown"
    lasting: bool = False
    reported_seconds: int | None = None
    intervals: tuple[Interval, ...] = ()
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cue:
    """One utterance of a transcript. Seconds count from the start of the transcript and may be negative."""

    starts_seconds: float
    ends_seconds: float
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordingRecord:
    """One recording or transcript, whichever way it was found.

    keys   every id by which it is known, the best first ("graph:…", "drive:…", "call:…"); two records that share
           a key are one recording, also across syncs
    kind   video, audio, transcript, chat, slides, timeline or other
    named  False: the provider told no name; `name` only serves a new row and never renames a stored one
    url    where a person opens it; never a pre-authenticated address
    size   bytes
    cues   None when the text was not asked for or not allowed, () when it is empty
    """

    keys: tuple[str, ...]
    name: str
    kind: str = "video"
    url: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    size: int | None = None
    cues: tuple[Cue, ...] | None = None
    named: bool = True
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """One chat message. A deleted one keeps whatever text an earlier sync stored.

    kind         message or system
    html         sanitised by `html.sanitise`; "" when the message was plain text
    sender_kind  member, guest, external, dial_in, bot or unknown
    """

    key: str
    sent_at: datetime
    sender: str = ""
    sender_key: str = ""
    sender_kind: str = "unknown"
    kind: str = "message"
    text: str = ""
    html: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    reply_to: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One shared file. `url` is kept even where its name or size could not be resolved. Size in bytes.

    status  available, missing (deleted or moved) or unresolved (we were not allowed to look)
    """

    key: str
    name: str
    url: str = ""
    size: int | None = None
    mime_type: str = ""
    shared_by: str = ""
    shared_at: datetime | None = None
    status: str = "available"
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegistrantRecord:
    """Somebody who registered: `status` approved, pending, denied or "". `absent`: listed as not having come."""

    key: str
    name: str
    email: str = ""
    status: str = ""
    registered_at: datetime | None = None
    absent: bool | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer to an attendee's question."""

    text: str
    author: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One question that an attendee asked, with its answers in order.

    status    the provider's own word
    in_brief  a poorer list tells it: its answers do not replace what is stored of them
    """

    key: str
    text: str
    asker: str = ""
    email: str = ""
    asked_at: datetime | None = None
    status: str = ""
    answers: tuple[AnswerRecord, ...] = ()
    extra: Extra = field(default_factory=dict)
    in_brief: bool = False


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """What one person answered to one question of a poll or a survey. `kind` is poll or survey."""

    key: str
    kind: str
    question: str
    answer: str
    respondent: str = ""
    email: str = ""
    title: str = ""
    answered_at: datetime | None = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DetailRecord:
    """Values for the provider's own detail model; absent names leave stored values alone.

    explicit   an empty value is what the provider said, and replaces a stored one
    time_zone  in which the conference takes place, for one that has none yet; a name that nobody knows is ignored
    starts_at  when the conference took place, for one that a search listed without saying so; without `ends_at` it
    ends_at    stays as long as it was
    """

    values: Mapping[str, Any]
    explicit: bool = False
    time_zone: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConferenceRecord:
    """One occurrence that the search of an account listed. `detail`: explicit values for the provider's own model.

    planned  it is still to come or under way: what then takes place may be listed under another id
    guessed  which of `starts_at` and `ends_at` were reckoned, not told: they never replace what is stored
    """

    external_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    series_id: str = ""
    join_url: str = ""
    organizer: str = ""
    time_zone: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    planned: bool = False
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Whose plans the search of an account could not list, so that it proves nothing about them; "" is everybody's."""

    organizer: str = ""


@dataclass(frozen=True, slots=True)
class Widened:
    """The search goes on where nobody has looked yet: before its span, as far back as there is anything."""


@dataclass(frozen=True, slots=True)
class FlawRecord:
    """An entry that failed validation. It is listed for people, whatever could be stored of it.

    key      the same at every fetch of the same entry
    reasons  what is wrong with it, each in a few words: "left before joining"
    raw      what the provider said, as it came; what looks like a secret is left out when it is stored
    about    what or whom it is about, for people
    stored   whether what made sense of it was yielded as a record of its own
    """

    key: str
    reasons: tuple[str, ...]
    raw: Mapping[str, Any]
    about: str = ""
    stored: bool = True


@dataclass(frozen=True, slots=True)
class ProviderTotal:
    """How many entries the provider itself states for this step's listing. Several are added up."""

    count: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for the activity log; a warning is also listed in the run's result."""

    text: str
    level: str = "info"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the step that was refused or broke while the rest went on: the step cannot end better than this."""

    error: ProviderError


@dataclass(frozen=True, slots=True)
class NothingFound:
    """Why there is nothing, for a step that stores nothing.

    code      not_started, not_ready, none_found, or unavailable: the provider answers that it knows nothing of it,
              which unlike a list without entries proves nothing about what is stored
    retry_at  when asking again makes sense, for not_ready
    proven    False for a none_found that is the provider's word, or a poorer list's, and no list without entries:
              then nothing that is stored is gone
    """

    code: str
    message: str
    advice: str = ""
    retry_at: datetime | None = None
    proven: bool = True


Item = AttendanceRecord | RecordingRecord | ChatRecord | FileRecord | RegistrantRecord | QuestionRecord | ResponseRecord
Told = ProviderTotal | Notice | Problem | NothingFound
Record = Item | ConferenceRecord | Unlisted | Widened | DetailRecord | FlawRecord | Told
