"""Reads Zoom's errors: `{"code": 3001, "message": "…"}`, the code a number or a text of one, at times within a 200.

https://developers.zoom.us/docs/api/errors/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from conferences.providers.payload import NotJson, parse
from conferences.providers.redaction import redact
from conferences.providers.transport import Answer

_ERROR_KEYS = frozenset({"code", "message", "errors", "error", "reason", "status", "errorCode", "errorMessage"})
# What is larger holds data.
_LARGEST_ERROR = 20_000


@dataclass(frozen=True, slots=True)
class ZoomError:
    """`code` as text, "" without one; `message` in Zoom's words, redacted."""

    status: int
    code: str
    message: str
    request_id: str = ""

    @property
    def text(self) -> str:
        return self.message.lower()

    @property
    def detail(self) -> str:
        return f"HTTP {self.status} {self.code}: {self.message}"


def read_error(answer: Answer) -> ZoomError:
    """Whatever of Zoom's form there is; a body that has none gives an error without code and message."""
    body = _object(answer) or {}
    parts = [body.get("message"), body.get("errorMessage"), body.get("reason"), *_fields(body.get("errors"))]
    message = " / ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
    return ZoomError(answer.status, _code(body), redact(message)[:500], answer.request_id)


def hides_error(answer: Answer) -> bool:
    """Whether a good status carries an error: Zoom's words for one, and no data beside them."""
    if answer.status >= HTTPStatus.MULTIPLE_CHOICES or len(answer.body) > _LARGEST_ERROR:
        return False
    body = _object(answer)
    message = body.get("message") if body else None
    if not body or not isinstance(message, str) or not message.strip():
        return False
    beside = {key: value for key, value in body.items() if key not in _ERROR_KEYS}
    return not beside or ("code" in body and not any(beside.values()))


def _object(answer: Answer) -> dict[str, Any] | None:
    if len(answer.body) > _LARGEST_ERROR:
        return None
    try:
        body = parse(answer.body)
    except NotJson:
        return None
    return body if isinstance(body, dict) else None


def _code(body: Mapping[str, Any]) -> str:
    code = body.get("code", body.get("errorCode", body.get("error", "")))
    return str(code)[:40] if isinstance(code, int | str) and not isinstance(code, bool) else ""


def _fields(errors: object) -> list[str]:
    """What is wrong with each parameter."""
    listed = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return [f"{error.get('field', '')}: {error['message']}" for error in listed[:5] if error.get("message")]
