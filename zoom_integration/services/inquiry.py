"""One conference being asked about: what several operations need is asked for once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from conferences.providers.base import Target
from conferences.providers.errors import Missing, ProviderError
from conferences.providers.once import Answer
from conferences.providers.payload import malformed
from conferences.providers.records import NothingFound
from conferences.providers.window import Window
from zoom_integration.client import ZoomClient
from zoom_integration.conf import WHO
from zoom_integration.parsers import values
from zoom_integration.parsers.occurrences import Occurrence
from zoom_integration.parsers.values import Raw
from zoom_integration.services import instance

# What Zoom says of an event is final only then: https://developers.zoom.us/docs/api/meetings/#tag/reports
SETTLING = timedelta(hours=24)
ASK_AGAIN_AFTER = timedelta(minutes=30)

# What is not there, or too old, in a report may be in a plain list of past events.
ELSEWHERE = frozenset({"not_found", "report_expired"})

NOT_STARTED = "The session has not started yet."
NOT_HELD = "Zoom knows of no session at this time: it did not take place, or Zoom no longer has it."
NOT_LISTED = "Zoom does not list this session yet. It does so up to half an hour after the end."
UNAVAILABLE = "Zoom no longer gives this out, or never had it. What was stored before is kept."


def _now() -> datetime:
    return datetime.now(UTC)


class Inquiry:
    """`now` is the clock."""

    def __init__(self, client: ZoomClient, target: Target, now: Callable[[], datetime] = _now) -> None:
        self.client = client
        self.target = target
        self.now = now
        self.found = Answer(lambda: instance.find(client, target))
        self.series = Answer(self._series)
        self._recordings: dict[str, Answer[Raw]] = {}
        self._lock = threading.Lock()

    @property
    def window(self) -> Window:
        return self.found().window or self.target.window

    @property
    def occurrences(self) -> tuple[Occurrence, ...]:
        return self.found().occurrences

    @property
    def kind(self) -> str:
        return self.found().kind

    @property
    def number(self) -> str:
        return self.found().number

    def recordings(self, uuid: str) -> Raw:
        with self._lock:
            answer = self._recordings.setdefault(uuid, Answer(lambda: self.client.recordings(uuid)))
        return answer()

    def known(self, column: str) -> Any:
        """What earlier syncs stored of this occurrence."""
        return self.target.detail.get(column)

    def series_or_nothing(self) -> Raw:
        """For what a refusal or a deleted series only makes poorer."""
        try:
            return self.series()
        except ProviderError:
            return {}

    @property
    def ended_at(self) -> datetime:
        ends = [each.ends_at for each in self.occurrences if each.ends_at]
        return max(ends, default=self.window.ends_at)

    @property
    def is_settling(self) -> bool:
        return self.now() < self.ended_at + SETTLING

    def not_started(self) -> NothingFound | None:
        planned = self.target.window
        if self.now() >= planned.opens_at:
            return None
        return NothingFound("not_started", NOT_STARTED, retry_at=planned.ends_at)

    def nowhere(self) -> NothingFound | None:
        """When no occurrence can be found at all: why. Raises Zoom's refusal where that is why."""
        if self.occurrences:
            return None
        if refusal := self.found().refusal:
            raise refusal
        if self.now() < self.window.ends_at:
            return self.not_ready(NOT_LISTED)
        return self.nothing(NOT_LISTED, NOT_HELD, code="unavailable")

    def nothing(self, not_ready: str, none_found: str, code: str = "none_found") -> NothingFound:
        """Says which of the two it is: not yet, or never."""
        return self.not_ready(not_ready) if self.is_settling else NothingFound(code, none_found)

    def told_of_none(self, not_ready: str, none_found: str) -> NothingFound:
        """What Zoom says there never was, it did not list: nothing that is stored is gone."""
        return replace(self.nothing(not_ready, none_found), proven=False)

    def unavailable(self, error: Missing, not_ready: str) -> NothingFound:
        """An answer that there is nothing is no list without entries: it proves nothing about what is stored."""
        return self.nothing(not_ready, f"{error.message} {UNAVAILABLE}", code="unavailable")

    def not_ready(self, message: str) -> NothingFound:
        return NothingFound("not_ready", message, retry_at=max(self.now(), self.ended_at) + ASK_AGAIN_AFTER)

    def _series(self) -> Raw:
        if not self.number:
            return {}
        raw = self.client.webinar(self.number) if self.kind == "webinar" else self.client.meeting(self.number)
        if not values.text(raw, "id"):
            raise malformed(WHO, f"a {self.kind} without an id")
        return raw
