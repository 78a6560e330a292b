"""Who registered, and who of them did not come.

https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}/registrants
"""

import json
from collections.abc import Iterator
from typing import Any

from conferences.providers.records import FlawRecord, RegistrantRecord
from zoom_integration.parsers import values
from zoom_integration.parsers.answers import Keys
from zoom_integration.parsers.values import Raw

STATUSES = ("approved", "pending", "denied")
# A registrant's `join_url` lets whoever has it in under their name: a secret.
_NOT_KEPT = ("id", "email", "first_name", "last_name", "status", "create_time", "join_url", "share_url")


def examined(
    raw: Raw, keys: Keys, status: str = "", *, absent: bool | None = None
) -> Iterator[RegistrantRecord | FlawRecord]:
    """The registrant, and what is wrong with the entry."""
    found = registrant(raw, status, absent=absent)
    if found is not None:
        yield found
    nobody = () if found else ("names nobody",)
    if wrong := (*nobody, *values.unread(raw, {"create_time": (values.moment, "time of registering")})):
        key = found.key if found else keys.of("registrant", status, json.dumps(raw, sort_keys=True, default=str))
        yield FlawRecord(key, wrong, raw, found.name or found.email if found else "", stored=found is not None)


def registrant(raw: Raw, status: str = "", *, absent: bool | None = None) -> RegistrantRecord | None:
    """`status` is the list that it stood in. None for an entry that names nobody."""
    email = values.text(raw, "email").lower()
    number = values.text(raw, "id")
    name = " ".join(part for part in (values.text(raw, "first_name"), values.text(raw, "last_name")) if part)
    if not (number or email or name):
        return None
    told = values.text(raw, "status").lower()
    return RegistrantRecord(
        key=(number and f"registrant:{number}") or (f"email:{email}" if email else f"name:{name}"),
        name=name,
        email=email,
        status=told if told in STATUSES else status,
        registered_at=values.moment(raw, "create_time"),
        absent=absent,
        extra=_extra(raw),
    )


def _extra(raw: Raw) -> dict[str, Any]:
    return {key: value for key, value in values.without(raw, _NOT_KEPT).items() if value not in ("", None, [])}
