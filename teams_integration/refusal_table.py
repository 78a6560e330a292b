"""The sentences in which Graph refuses, as its pages and its users report them, and what each means.

Read from the top: the first row that fits decides.
"""

from dataclasses import dataclass

from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    NotSupported,
    ProviderError,
    Rejected,
)
from teams_integration import advice
from teams_integration.graph_error import GraphError
from teams_integration.permissions import UNDER_ACCESS_POLICY

_MEETINGS = UNDER_ACCESS_POLICY
DRIVE = frozenset({"drive", "shared_item"})
_CHAT = frozenset({"chat", "chat_members"})
_ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """`says` holds lower-case fragments, all of which stand in Graph's codes or message; `topics` empty means any."""

    statuses: frozenset[int]
    topics: frozenset[str]
    says: tuple[str, ...]
    kind: type[ProviderError]
    code: str
    message: str
    advice: str = ""

    def fits(self, error: GraphError, topic: str) -> bool:
        return (
            error.status in self.statuses
            and (not self.topics or topic in self.topics)
            and all(fragment in error.text for fragment in self.says)
        )


_DENIED = frozenset({401, 403})
_GONE = frozenset({404, 410})
_WRONG = frozenset({400, 404, 403})

_POLICY = (
    NotPermitted,
    "missing_access_policy",
    "Microsoft Teams does not let this system look at the organiser's meetings yet: an access policy is missing. A "
    "Teams admin must grant it.",
    advice.ACCESS_POLICY,
)
_NO_ONEDRIVE = (
    NotSupported,
    "no_onedrive",
    "The organiser has no OneDrive, so there is nothing to look up there.",
    advice.NO_ONEDRIVE,
)
_LICENCE = (
    LicenceMissing,
    "licence_missing",
    "Microsoft says that a licence is missing for this.",
    advice.LICENCE,
)

# Sentences of Graph as its pages and users report them.
TABLE = (
    Row(
        _DENIED,
        _ANY,
        ("graphaccesstotranscriptsdisabled",),
        NotPermitted,
        "transcripts_disabled",
        "Your organisation does not let other systems read Teams transcripts. A Teams admin can allow it.",
        advice.TRANSCRIPT_SWITCH,
    ),
    Row(
        _DENIED,
        _ANY,
        ("access to transcripts is disabled",),
        NotPermitted,
        "transcripts_disabled",
        "Your organisation does not let other systems read Teams transcripts. A Teams admin can allow it.",
        advice.TRANSCRIPT_SWITCH,
    ),
    Row(
        _DENIED,
        _ANY,
        ("speakerattributionnotallowed",),
        NotPermitted,
        "speaker_attribution_off",
        "Your organisation does not let other systems read who said what in Teams transcripts.",
        advice.SPEAKER_SWITCH,
    ),
    Row(_DENIED, _ANY, ("application access policy",), *_POLICY),
    Row(_DENIED, _MEETINGS, ("is not authorized to", "on behalf of"), *_POLICY),
    Row(
        _DENIED,
        _MEETINGS,
        ("does not have access to lookup meeting",),
        NotPermitted,
        "wrong_organizer",
        "Microsoft Teams says that this meeting belongs to another organiser than the one given here.",
        advice.WRONG_ORGANIZER,
    ),
    Row(
        _DENIED,
        _MEETINGS,
        ("3003:",),
        NotPermitted,
        "wrong_organizer",
        "Microsoft Teams says that this meeting belongs to another organiser than the one given here.",
        advice.WRONG_ORGANIZER,
    ),
    Row(
        _DENIED,
        _ANY,
        ("not allowed to perform operations on the user",),
        NotPermitted,
        "artifact_refused",
        "Microsoft Teams does not let this system read what the organiser's meetings left behind. A Teams admin "
        "must allow it.",
        advice.ACCESS_POLICY,
    ),
    Row(_DENIED | {402}, _ANY, ("valid license",), *_LICENCE),
    Row(_WRONG | {402}, _ANY, ("spo license",), *_LICENCE),
    Row(frozenset({402}), _ANY, (), *_LICENCE),
    Row(
        frozenset({401}),
        _ANY,
        (),
        CredentialsRefused,
        "token_refused",
        "Microsoft does not accept our sign-in any more. An admin must check the connection's credentials.",
        advice.SIGN_IN,
    ),
    Row(_WRONG, DRIVE, ("mysite",), *_NO_ONEDRIVE),
    Row(_WRONG, DRIVE, ("provision",), *_NO_ONEDRIVE),
    Row(
        _WRONG,
        _MEETINGS,
        ("meeting", "expired"),
        Missing,
        "meeting_expired",
        "Microsoft Teams has already forgotten this meeting: it keeps them for 60 days after the last occurrence.",
    ),
    Row(
        frozenset({400, 404}),
        _MEETINGS,
        ("invalid meeting id",),
        Rejected,
        "invalid_meeting_id",
        "This is not the id of a Teams meeting. Enter the meeting's join link instead.",
        advice.MEETING_ID,
    ),
    Row(
        _GONE,
        _ANY,
        ("request_resourcenotfound",),
        Missing,
        "user_not_found",
        "Microsoft does not know the organiser in this tenant. Check who organised the meeting.",
        advice.USER,
    ),
    Row(_GONE, _MEETINGS, (), Missing, "meeting_not_found", "Microsoft Teams does not know this meeting."),
    Row(_GONE, frozenset({"call_records"}), (), Missing, "call_not_found", "Microsoft Teams no longer has this call."),
    Row(_GONE, _CHAT, (), Missing, "chat_not_found", "Microsoft Teams does not know the chat of this meeting."),
    Row(_GONE, DRIVE, (), Missing, "file_not_found", "This file or folder was deleted or moved."),
)
