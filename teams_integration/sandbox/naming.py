"""Ids, addresses and times that are the same at every start, in the forms in which Microsoft writes them."""

import base64
import uuid
from datetime import UTC, datetime
from urllib.parse import quote

_NAMESPACE = uuid.UUID("5f0c3a52-6a0e-4d9e-9a53-1f2f1f6f9d4b")


def guid(*parts: object) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(part) for part in parts)))


def thread(name: str) -> str:
    """The chat of a private meeting."""
    return f"19:meeting_{base64.b64encode(guid('thread', name).encode()).decode().rstrip('=')}@thread.v2"


def channel_thread(name: str) -> str:
    return f"19:{guid('thread', name).replace('-', '')}@thread.tacv2"


def join_url(tenant_id: str, organizer_id: str, thread_id: str, message_id: str = "0") -> str:
    """As Graph stores it: percent-encoded, in lower case."""
    context = f'{{"Tid":"{tenant_id}","Oid":"{organizer_id}"}}'
    path = f"{_escaped(thread_id)}/{message_id}?context={_escaped(context)}"
    return f"https://teams.microsoft.com/l/meetup-join/{path}"


def _escaped(text: str) -> str:
    kept = quote(text, safe="")
    return "".join(
        piece if index == 0 else "%" + piece[:2].lower() + piece[2:] for index, piece in enumerate(kept.split("%"))
    )


def meeting_id(organizer_id: str, thread_id: str) -> str:
    return base64.b64encode(f"1*{organizer_id}*0**{thread_id}".encode()).decode().rstrip("=")


def opaque(*parts: object) -> str:
    """Long ids that end in `=`, and so must be percent-encoded in a path."""
    text = "V2##" + "##".join(str(part) for part in parts)
    return base64.b64encode(text.ljust(-(-len(text) // 3) * 3 + 1).encode()).decode()


def at(text: str) -> datetime:
    """`2025-11-20 14:00[:00[.5]]`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stamp(moment: datetime, digits: int = 3) -> str:
    """ISO with `Z` and 0 to 7 digits after the point, all of which Graph uses."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{moment.microsecond:06d}0"[:digits]
    return f"{text}.{fraction}Z" if digits else f"{text}Z"


def epoch_milliseconds(moment: datetime) -> str:
    """The id of a chat message."""
    return str(round(moment.timestamp() * 1000))
