"""Reads Graph's error envelope, whose inner codes nest to any depth and change their spelling.

https://learn.microsoft.com/en-us/graph/errors
"""

from dataclasses import dataclass
from typing import Any

from conferences.providers.payload import NotJson, parse
from conferences.providers.redaction import redact
from conferences.providers.transport import Answer

_DEPTH = 6


@dataclass(frozen=True, slots=True)
class GraphError:
    """`codes` from the outermost to the deepest; `message` in Graph's words, redacted; empty without an envelope."""

    status: int
    codes: tuple[str, ...]
    message: str
    request_id: str

    @property
    def text(self) -> str:
        """Everything that may tell refusals apart, in lower case."""
        return " ".join((*self.codes, self.message)).lower()

    @property
    def code(self) -> str:
        """The deepest code that is a word: some inner codes only repeat the status."""
        words = [code for code in self.codes if not code.isdigit()]
        return words[-1] if words else ""

    @property
    def detail(self) -> str:
        return f"HTTP {self.status} {'/'.join(self.codes)}: {self.message}"


def read_error(answer: Answer) -> GraphError:
    try:
        body = parse(answer.body)
    except NotJson:
        body = None
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str):
        error = {"code": error, "message": body.get("error_description", "") if isinstance(body, dict) else ""}
    codes: list[str] = []
    messages: list[str] = []
    request_id = answer.request_id
    for layer in _layers(error):
        codes += _texts(layer.get("code"))
        messages += _texts(layer.get("message"))
        request_id = request_id or "".join(_texts(layer.get("request-id")))
    return GraphError(
        answer.status, tuple(code[:100] for code in codes), redact(" / ".join(messages))[:500], request_id[:128]
    )


def _layers(error: Any) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = []
    while isinstance(error, dict) and len(layers) < _DEPTH:
        layers.append(error)
        error = next((error[key] for key in ("innerError", "innererror") if key in error), None)
    return layers


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) and value else []
