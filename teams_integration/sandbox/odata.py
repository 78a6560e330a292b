"""OData as Graph understands it: pages, opaque tokens, and the few filters that it allows."""

import base64
import binascii
import json
import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from conferences.providers.sandbox import Request
from teams_integration.sandbox.refusals import bad_request
from teams_integration.sandbox.world import Json

METADATA = "https://graph.microsoft.com/v1.0/$metadata#"
_MAX_PAGE = re.compile(r"odata\.maxpagesize\s*=\s*(\d+)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?Z")


def allow(request: Request, *names: str) -> dict[str, str]:
    """The query's parameters; others than these are refused, `$skiptoken` is always ours."""
    query = request.query
    for name in query:
        if name.lower() not in {*names, "$skiptoken"}:
            raise bad_request(f"Query option '{name}' is not allowed. To allow it, set the 'AllowedQueryOptions'.")
    return query


def page(request: Request, rows: Sequence[Any], size: int, *, context: str, at: str = "", count: bool = False) -> Json:
    """One page of a collection. `at` is the path of the following pages, where it is not the request's own."""
    start = skipped(request)
    if start > len(rows):
        raise bad_request("The skip token is not valid for this collection.")
    answer: Json = {"@odata.context": METADATA + context}
    shown = list(rows[start : start + size])
    if count:
        answer["@odata.count"] = len(shown)
    if start + size < len(rows):
        answer["@odata.nextLink"] = next_link(request, start + size, at)
    return {**answer, "value": shown}


def next_link(request: Request, start: int, at: str = "") -> str:
    """The same question with an opaque token; parameters are percent-encoded once."""
    token = base64.urlsafe_b64encode(json.dumps({"from": start, "of": "sandbox"}).encode()).decode()
    kept = {} if at else {name: value for name, value in request.query.items() if name.lower() != "$skiptoken"}
    kept["$skiptoken"] = token
    query = "&".join(f"{quote(name, safe='$')}={quote(value, safe='')}" for name, value in kept.items())
    return f"{request.origin}{at or request.path}?{query}"


def skipped(request: Request) -> int:
    token = request.query.get("$skiptoken")
    if token is None:
        return 0
    try:
        read = json.loads(base64.urlsafe_b64decode(token.encode()))
        return max(int(read["from"]), 0)
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise bad_request("The skip token is malformed.") from None


def page_size(request: Request, default: int) -> int:
    """`Prefer: odata.maxpagesize` may only lower it."""
    asked = _MAX_PAGE.search(request.header("Prefer"))
    return max(1, min(default, int(asked[1]))) if asked else default


def top(request: Request, default: int, highest: int) -> int:
    text = request.query.get("$top", str(default))
    if not text.isdigit() or not int(text):
        raise bad_request(f"Invalid value '{text}' for $top query option found.")
    if int(text) > highest:
        raise bad_request(f"The limit of '{highest}' for Top query has been exceeded. The value is '{text}'.")
    return int(text)


def prefers(request: Request, preference: str) -> bool:
    return preference in {part.strip() for part in request.header("Prefer").split(",")}


def select(row: Json, names: str) -> Json:
    """`$select` keeps the named properties and annotations; an unknown name is refused."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if not wanted:
        return row
    for name in wanted:
        if name not in row:
            raise bad_request(f"Could not find a property named '{name}'.")
    return {name: value for name, value in row.items() if name in wanted or name.startswith("@") or name == "id"}


def expansions(request: Request, allowed: Collection[str]) -> list[str]:
    text = request.query.get("$expand", "")
    asked = [part.strip() for part in text.split(",") if part.strip()]
    for name in asked:
        if name not in allowed:
            raise bad_request(f"Could not find a property named '{name}' to expand.")
    return asked


def instant(text: str) -> datetime:
    """A moment of a filter: unquoted, `Z`."""
    if not _INSTANT.fullmatch(text):
        raise bad_request(f"Invalid filter clause: '{text}' is not a DateTimeOffset in UTC.")
    return moment(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def literal(text: str) -> str:
    """A quoted string; quotes inside are doubled."""
    if len(text) < 2 or text[0] != "'" or text[-1] != "'" or text[1:-1].replace("''", "").count("'"):
        raise bad_request("Invalid filter clause: unterminated string literal.")
    return text[1:-1].replace("''", "'")
