"""Requests, responses, and which function answers which address."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Stands for a slash that was percent-encoded, and so is part of a segment.
_INNER_SLASH = "\x00"
_VARIABLE = re.compile(r"\{(\w+)(\*?)\}")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in. `target` is still percent-encoded; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = "https://127.0.0.1"

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def url(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def query(self) -> dict[str, str]:
        """A parameter given twice keeps its last value."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `body` is complete: pages are small."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> "Response":
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return cls(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


Handler = Callable[..., Any]


class Router:
    """Addresses read like `/users/{user}/drive/root:/{path*}:/children`; a star lets a variable span segments."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, address: str, handler: Handler) -> None:
        self._routes.append((method, _pattern(address), handler))

    def include(self, routes: Iterable[tuple[str, str, Handler]]) -> None:
        for method, address, handler in routes:
            self.add(method, address, handler)

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """The first route that fits, with its variables percent-decoded once; None when nobody answers there."""
        decoded = "/".join(unquote(segment).replace("/", _INNER_SLASH) for segment in path.split("/"))
        for wanted, pattern, handler in self._routes:
            match = pattern.fullmatch(decoded)
            if match and wanted == method:
                return handler, {name: value.replace(_INNER_SLASH, "/") for name, value in match.groupdict().items()}
        return None


def _pattern(address: str) -> re.Pattern[str]:
    parts: list[str] = []
    position = 0
    for variable in _VARIABLE.finditer(address):
        parts.append(re.escape(address[position : variable.start()]))
        parts.append(f"(?P<{variable[1]}>{'.+' if variable[2] else '[^/]+'})")
        position = variable.end()
    return re.compile("".join(parts) + re.escape(address[position:]), re.DOTALL)
