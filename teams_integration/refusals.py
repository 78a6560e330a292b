"""Tells Graph's refusals apart: one status has many causes, and each has another remedy.

The table knows the sentences that Graph uses; the token's own permissions explain a 403 that the table does not.
"""

import re
from http import HTTPStatus
from urllib.parse import unquote

from conferences.providers.errors import NotPermitted, ProviderError
from conferences.providers.http import Call
from conferences.providers.transport import Answer
from teams_integration import advice
from teams_integration.graph_error import GraphError, read_error
from teams_integration.permissions import ACCEPTED, UNDER_ACCESS_POLICY, lacking
from teams_integration.refusal_table import TABLE

# What OneDrive keeps from us, by the topic of the call.
FILES = {"drive": "the organiser's files", "shared_item": "a shared file"}
# Only what is clearly an id or an address goes into lines that an admin copies into a shell.
_ORGANIZER = re.compile(r"/users/([\w.@+-]+)(?:/|$)", re.ASCII)


def refuse(answer: Answer, call: Call, *, client_id: str, roles: frozenset[str] | None) -> ProviderError | None:
    """The typed error for a 4xx answer. `roles` are the token's, None when they could not be read."""
    error = read_error(answer)
    row = next((row for row in TABLE if row.fits(error, call.topic)), None)
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
    if topic in FILES:
        return (
            "onedrive_denied",
            f"OneDrive does not let this system look at {FILES[topic]}. An admin must allow it.",
            advice.SHARED_FILE_DENIED if topic == "shared_item" else advice.ONEDRIVE_DENIED,
        )
    return (
        "not_permitted",
        "Microsoft Teams does not let this system look at this. An admin must allow it.",
        advice.possible(ACCEPTED.get(topic, ()), under_policy=topic in UNDER_ACCESS_POLICY),
    )


def _says_permission(error: GraphError) -> bool:
    return any(
        word in error.text for word in ("authorization_requestdenied", "missing role", "insufficient privileges")
    )
