"""Which application permission opens what, and which ones a token carries.

Least privileged first; any one of a row is enough. Resource-specific consent (….Chat) never shows in a token's roles.
https://learn.microsoft.com/en-us/graph/permissions-reference
"""

import base64
import binascii
from collections.abc import Iterable, Mapping

from conferences.providers.payload import NotJson, parse

_FILES = ("Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All", "Sites.FullControl.All")
_CHAT = ("Chat.Read.All", "Chat.ReadWrite.All")

# By the topic of the call.
ACCEPTED: Mapping[str, tuple[str, ...]] = {
    "user": (
        "User.ReadBasic.All",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ),
    "meeting": ("OnlineMeetings.Read.All", "OnlineMeetings.ReadWrite.All"),
    "attendance": ("OnlineMeetingArtifact.Read.All",),
    "call_records": ("CallRecords.Read.All",),
    "recordings": ("OnlineMeetingRecording.Read.All",),
    "transcripts": ("OnlineMeetingTranscript.Read.All",),
    "drive": _FILES,
    "shared_item": _FILES,
    "chat": _CHAT,
    "chat_members": ("ChatMember.Read.All", "ChatMember.ReadWrite.All", "Chat.ReadBasic.All", *_CHAT),
}
# Evaluated for the organiser in the address, on top of the permission.
UNDER_ACCESS_POLICY = frozenset({"meeting", "attendance", "recordings", "transcripts"})


_JWT_PARTS = 3


def token_roles(token: str) -> frozenset[str] | None:
    """The application permissions in a token, read without verifying it; None when the token is opaque to us."""
    parts = token.split(".")
    if len(parts) != _JWT_PARTS:
        return None
    try:
        claims = parse(base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True))
    except (NotJson, binascii.Error, ValueError):
        return None
    if not isinstance(claims, dict):
        return None
    roles = claims.get("roles", [])
    return frozenset(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else frozenset()


def lacking(topic: str, roles: frozenset[str] | None) -> str:
    """The permission to grant, or "" when the token has one that will do, or does not let us see what it has."""
    accepted = ACCEPTED.get(topic, ())
    if roles is None or not accepted or roles.intersection(accepted):
        return ""
    return accepted[0]


def needed(topics: Iterable[str]) -> tuple[str, ...]:
    """The permission to grant for each topic."""
    return tuple(dict.fromkeys(ACCEPTED[topic][0] for topic in topics))


def had(topics: Iterable[str], roles: frozenset[str] | None) -> tuple[str, ...] | None:
    """What the token carries for each topic, be it wider than needed; None when it does not let us see."""
    if roles is None:
        return None
    found = (next((role for role in ACCEPTED[topic] if role in roles), "") for topic in topics)
    return tuple(dict.fromkeys(filter(None, found)))
