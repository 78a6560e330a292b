"""A Zoom that answers from memory, and the conference that the tests ask about."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from conferences.providers.base import Span, Target
from conferences.providers.records import (
    AttendanceRecord,
    ConferenceRecord,
    DetailRecord,
    NothingFound,
    Notice,
    Problem,
    ProviderTotal,
    Record,
)
from conferences.providers.window import Window
from zoom_integration.client import ZoomClient
from zoom_integration.services import discovery
from zoom_integration.services.inquiry import Inquiry
from zoom_integration.services.session import ZoomSession

PAYLOADS = Path(__file__).parent / "payloads"

NUMBER = "95204914252"
UUID = "/pfVhQ//TkyoDB4Wrl8tGw=="
AGAIN = "Bznyg8KZTdCVbQxvS/oZ7w=="
JOIN_URL = f"https://example.zoom.us/w/{NUMBER}"


def at(clock: str, day: str = "2026-03-02") -> datetime:
    """`at("10:00")` or `at("10:00:30.5")`, UTC, on the day of the conference."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)


WINDOW = Window(at("10:00"), at("11:00"))
DAYS_LATER = at("12:00", "2026-03-05")
HOUR_LATER = at("12:00")
DETAIL = {
    "kind": "webinar",
    "uuid": UUID,
    "zoom_id": int(NUMBER),
    "status": "ended",
    "participants_count": 4,
    "actual_start_at": at("09:58"),
    "actual_end_at": at("11:02"),
    "detail_missing_at": None,
}


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def text(name: str) -> str:
    return (PAYLOADS / name).read_text(encoding="utf-8")


def total(count: int, rows: list[Any]) -> Callable[..., Iterator[Any]]:
    """A participants list whose page states `count` entries."""

    def ask(_kind: str, _uuid: str, on_total: Callable[[int], None]) -> Iterator[Any]:
        on_total(count)
        yield from _lazily(rows)

    return ask


class FakeZoom:
    """Answers by method name: a value, a list (which may hold an error to break off with), an error, or a function."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def ask(*arguments: Any) -> Any:
            plain = tuple(each for each in arguments if not callable(each))
            self.asked.append((name, *plain))
            if name not in self.answers:
                raise AssertionError(f"{name}{plain} was not to be asked")
            answer = self.answers[name]
            answer = answer(*arguments) if callable(answer) else answer
            if isinstance(answer, Exception):
                raise answer
            return _lazily(answer) if isinstance(answer, list) else answer

        return ask

    def times_asked(self, name: str) -> int:
        return sum(call[0] == name for call in self.asked)


def _lazily(members: list[Any]) -> Iterator[Any]:
    for member in members:
        if isinstance(member, Exception):
            raise member
        yield member


def webinar_zoom(**answers: Any) -> FakeZoom:
    """Knows the series and its panelists, and whatever else is given."""
    known = {"webinar": payload("webinar_full"), "panelists": payload("panelists_two")["panelists"]}
    return FakeZoom(**{**known, **answers})


def target(**values: Any) -> Target:
    given = {"external_id": UUID, "title": "Algebra", "organizer": "", "window": WINDOW, "detail": DETAIL}
    return Target(**{"join_url": "", **given, **values})


def by_number(**values: Any) -> Target:
    """A conference of which only the series is known."""
    return target(**{"external_id": f"{NUMBER}@2026-03-02T10:00:00Z", "detail": {}, **values})


def inquiry(zoom: FakeZoom, of: Target | None = None, now: datetime = DAYS_LATER) -> Inquiry:
    return Inquiry(cast(ZoomClient, zoom), of or target(), lambda: now)


def fetched(zoom: FakeZoom, operation: str, of: Target | None = None, now: datetime = DAYS_LATER) -> list[Record]:
    return list(ZoomSession(inquiry(zoom, of, now)).fetch(operation))


def discovered(
    zoom: FakeZoom, span: Span | None = None, now: datetime = DAYS_LATER, kinds: tuple[str, ...] = ("webinar",)
) -> list[Record]:
    return list(discovery.discover(cast(ZoomClient, zoom), span or Span(), kinds, lambda: now))


def people(records: list[Record]) -> list[AttendanceRecord]:
    return [record for record in records if isinstance(record, AttendanceRecord)]


def conferences(records: list[Record]) -> list[ConferenceRecord]:
    return [record for record in records if isinstance(record, ConferenceRecord)]


def nothing(records: list[Record]) -> list[str]:
    return [record.code for record in records if isinstance(record, NothingFound)]


def proves(records: list[Record]) -> bool:
    """Whether the listing, if it broke nowhere, shows what is gone."""
    return all(record.code == "none_found" and record.proven for record in records if isinstance(record, NothingFound))


def notices(records: list[Record]) -> list[str]:
    return [record.code for record in records if isinstance(record, Notice) and record.code]


def problems(records: list[Record]) -> list[str]:
    return [record.error.code for record in records if isinstance(record, Problem)]


def totals(records: list[Record]) -> list[int]:
    return [record.count for record in records if isinstance(record, ProviderTotal)]


def details(records: list[Record]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for record in records:
        if isinstance(record, DetailRecord):
            found |= record.values
    return found


def of_kind(kind: type, records: list[Record]) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def seconds(record: AttendanceRecord) -> int:
    """The union of a person's closed intervals, in the plainest way there is: second by second."""
    return len(
        {
            second
            for interval in record.intervals
            if interval.left_at
            for second in range(int(interval.joined_at.timestamp()), int(interval.left_at.timestamp()))
        }
    )
