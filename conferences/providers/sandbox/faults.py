"""Trouble on request: which requests go wrong, how, and how often.

A fault is written KIND:PATH-PART[:TIMES][:NAME=VALUE …], for example `429:/chats:3:retry-after=2.128`.
"""

import itertools
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

HELP = """\
KIND:PATH-PART[:TIMES][:NAME=VALUE …]
PATH-PART is any part of the address, query included, decoded or not; it may hold colons.
TIMES is how many requests go wrong (default: all). KIND is one of
  429, 503, …   that status in the provider's own envelope; retry-after=SECONDS adds the header
  html          an HTML page of some gateway (status=502)
  empty         status 200 (status=…) without a body
  reset         the connection is reset without an answer
  truncate      half of the body, then the connection closes
  slow          the answer waits (seconds=5)
  loop          the next page is the same page again
  foreign       the next page is on another host (to=URL; default: this server under its other loopback name)
  mistype       lists in the answer are texts instead
"""
KINDS = ("html", "empty", "reset", "truncate", "slow", "loop", "foreign", "mistype")
_OPTIONS = ("retry-after", "status", "seconds", "to")
_LOWEST_STATUS, _HIGHEST_STATUS = 400, 599


class BadFault(ValueError):
    """The text of a fault cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble for requests whose address contains `part`; `times` None means always."""

    kind: str
    part: str
    times: int | None = None
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, default: str = "") -> str:
        return dict(self.options).get(name, default)

    @property
    def status(self) -> int:
        return int(self.kind) if self.kind.isdigit() else int(self.option("status", "502"))

    def concerns(self, target: str) -> bool:
        return self.part in target or self.part in unquote(target)


def parse(text: str) -> Fault:
    """Raises BadFault."""
    kind, _, rest = text.partition(":")
    options, rest = _options(rest)
    part, _, last = rest.rpartition(":")
    part, times = (part, int(last)) if part and last.isdigit() else (rest, None)
    if not part:
        raise BadFault(f"“{text}” names no part of an address. Write for example 429:/chats:3.")
    if kind.isdigit() and not _LOWEST_STATUS <= int(kind) <= _HIGHEST_STATUS:
        raise BadFault(f"“{kind}” is no status of an error.")
    if not kind.isdigit() and kind not in KINDS:
        raise BadFault(f"“{kind}” is no fault. Known are a status such as 503, and {', '.join(KINDS)}.")
    return Fault(kind, part, times, options)


def _options(text: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Takes NAME=VALUE off the end, also where VALUE is an address with colons."""
    found: list[tuple[str, str]] = []
    while True:
        starts = {text.rfind(f":{name}="): name for name in _OPTIONS}
        start = max(starts)
        if start < 0:
            return tuple(reversed(found)), text
        found.append((starts[start], text[start + len(starts[start]) + 2 :]))
        text = text[:start]


@dataclass(slots=True)
class Faults:
    """The faults that are left. Safe between threads: a fault for one request hits exactly one."""

    faults: Iterable[Fault] = ()
    _left: list[tuple[Fault, "itertools.count[int]"]] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._left = [(fault, itertools.count()) for fault in self.faults]

    def next(self, target: str) -> Fault | None:
        with self._lock:
            for fault, used in self._left:
                if fault.concerns(target) and (fault.times is None or next(used) < fault.times):
                    return fault
        return None

    def add(self, text: str) -> None:
        with self._lock:
            self._left.append((parse(text), itertools.count()))

    def clear(self) -> None:
        with self._lock:
            self._left.clear()


def mistyped(body: bytes) -> bytes:
    """Every list of a JSON object's first level becomes a text."""
    payload = json.loads(body or b"{}")
    if not isinstance(payload, dict):
        return body
    return json.dumps({key: "none" if isinstance(value, list) else value for key, value in payload.items()}).encode()
