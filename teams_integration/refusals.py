"""Tells Graph's refusals apart: one status has many causes, and each has another remedy.

The table is read from the top; the first row that fits decides. What it cannot tell is left to the client's rule.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    NotSupported,
    ProviderError,
    Rejected,
)
from conferences.providers.http import Call
from conferences.providers.transport import Answer
from teams_integration import advice
from teams_integration.graph_error import GraphError, read_error
from teams_integration.permissions import ACCEPTED, UNDER_ACCESS_POLICY, lacking

_MEETINGS = UNDER_ACCESS_POLICY
_DRIVE = frozenset({"drive", "shared_item"})
_CHAT = frozenset({"chat", "chat_members"})
_ANY: frozenset[str] = frozenset()
# Only what is clearly an id or an address goes into lines that an admin copies into a shell.
_ORGANIZER = re.compile(r"/users/([\w.@+-]+)(?:/|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Row:
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
_TABLE = (
    _Row(
        _DENIED,
        _ANY,
        ("graphaccesstotranscriptsdisabled",),
        NotPermitted,
        "transcripts_disabled",
        "Your organisation does not let other systems read Teams transcripts. A Teams admin can allow it.",
        advice.TRANSCRIPT_SWITCH,
    ),
    _Row(
        _DENIED,
        _ANY,
        ("access to transcripts is disabled",),
        NotPermitted,
        "transcripts_disabled",
        "Your organisation does not let other systems read Teams transcripts. A Teams admin can allow it.",
        advice.TRANSCRIPT_SWITCH,
    ),
    _Row(
        _DENIED,
        _ANY,
        ("speakerattributionnotallowed",),
        NotPermitted,
        "speaker_attribution_off",
        "Your organisation does not let other systems read who said what in Teams transcripts.",
        advice.SPEAKER_SWITCH,
    ),
    _Row(_DENIED, _ANY, ("application access policy",), *_POLICY),
    _Row(_DENIED, _MEETINGS, ("is not authorized to", "on behalf of"), *_POLICY),
    _Row(
        _DENIED,
        _MEETINGS,
        ("does not have access to lookup meeting",),
        NotPermitted,
        "wrong_organizer",
        "Microsoft Teams says that this meeting belongs to another organiser than the one given here.",
        advice.WRONG_ORGANIZER,
    ),
    _Row(
        _DENIED,
        _MEETINGS,
        ("3003:",),
        NotPermitted,
        "wrong_organizer",
        "Microsoft Teams says that this meeting belongs to another organiser than the one given here.",
        advice.WRONG_ORGANIZER,
    ),
    _Row(
        _DENIED,
        _ANY,
        ("not allowed to perform operations on the user",),
        NotPermitted,
        "artifact_refused",
        "Microsoft Teams does not let this system read what the organiser's meetings left behind. A Teams admin "
        "must allow it.",
        advice.ACCESS_POLICY,
    ),
    _Row(_DENIED | {402}, _ANY, ("valid license",), *_LICENCE),
    _Row(_WRONG | {402}, _ANY, ("spo license",), *_LICENCE),
    _Row(frozenset({402}), _ANY, (), *_LICENCE),
    _Row(
        frozenset({401}),
        _ANY,
        (),
        CredentialsRefused,
        "token_refused",
        "Microsoft does not accept our sign-in any more. An admin must check the connection's credentials.",
        advice.SIGN_IN,
    ),
    _Row(_WRONG, _DRIVE, ("mysite",), *_NO_ONEDRIVE),
    _Row(_WRONG, _DRIVE, ("provision",), *_NO_ONEDRIVE),
    _Row(
        _WRONG,
        _MEETINGS,
        ("meeting", "expired"),
        Missing,
        "meeting_expired",
        "Microsoft Teams has already forgotten this meeting: it keeps them for 60 days after the last occurrence.",
    ),
    _Row(
        frozenset({400, 404}),
        _MEETINGS,
        ("invalid meeting id",),
        Rejected,
        "invalid_meeting_id",
        "This is not the id of a Teams meeting. Enter the meeting's join link instead.",
        advice.MEETING_ID,
    ),
    _Row(
        _GONE,
        _ANY,
        ("request_resourcenotfound",),
        Missing,
        "user_not_found",
        "Microsoft does not know the organiser in this tenant. Check who organised the meeting.",
        advice.USER,
    ),
    _Row(_GONE, _MEETINGS, (), Missing, "meeting_not_found", "Microsoft Teams does not know this meeting."),
    _Row(_GONE, frozenset({"call_records"}), (), Missing, "call_not_found", "Microsoft Teams no longer has this call."),
    _Row(_GONE, _CHAT, (), Missing, "chat_not_found", "Microsoft Teams does not know the chat of this meeting."),
    _Row(_GONE, _DRIVE, (), Missing, "file_not_found", "This file or folder was deleted or moved."),
)


def refuse(answer: Answer, call: Call, *, client_id: str, roles: frozenset[str] | None) -> ProviderError | None:
    """The typed error for a 4xx answer. `roles` are the token's, None when they could not be read."""
    error = read_error(answer)
    row = next((row for row in _TABLE if row.fits(error, call.topic)), None)
    if row is not None:
        kind, code, message, text = row.kind, row.code, row.message, row.advice
    elif error.status == HTTPStatus.FORBIDDEN:
        kind, code, message, text = NotPermitted, *_forbidden(error, call.topic, roles)
    else:
        return None
    organizer = _ORGANIZER.search(unquote(call.url))
    return kind(
        message,
        code=code,
        advice=advice.filled(text, client_id=client_id, organizer=organizer.group(1) if organizer else ""),
        detail=error.detail,
        status=error.status,
        provider_code=error.code,
        request_id=error.request_id,
    )


def _forbidden(error: GraphError, topic: str, roles: frozenset[str] | None) -> tuple[str, str, str]:
    """Code, sentence and advice of a 403 that no row explains: what the token lacks, else what it might be."""
    needed = lacking(topic, roles) or (ACCEPTED.get(topic, ("",))[0] if _says_permission(error) else "")
    if needed:
        return (
            "missing_permission",
            f"This system lacks a permission in Microsoft Teams: {needed}. An admin must grant it.",
            advice.permission(needed),
        )
    if topic in _DRIVE:
        return (
            "onedrive_denied",
            "OneDrive does not let this system look at the organiser's files. An admin must allow it.",
            advice.ONEDRIVE_DENIED,
        )
    return (
        "not_permitted",
        "Microsoft Teams does not let this system look at this. An admin must allow it.",
        advice.possible(ACCEPTED.get(topic, ()), under_policy=topic in _MEETINGS),
    )


def _says_permission(error: GraphError) -> bool:
    return any(
        word in error.text for word in ("authorization_requestdenied", "missing role", "insufficient privileges")
    )
