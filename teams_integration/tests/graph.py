"""A Graph that answers from memory, and the conference that the tests ask about."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from conferences.providers.base import Target
from conferences.providers.records import (
    AttendanceRecord,
    ChatRecord,
    DetailRecord,
    FileRecord,
    NothingFound,
    Notice,
    Problem,
    Record,
    RecordingRecord,
)
from conferences.providers.window import Window
from teams_integration.client import GraphClient
from teams_integration.services.inquiry import Inquiry
from teams_integration.services.session import TeamsSession

PAYLOADS = Path(__file__).parent / "payloads"

TENANT = "11111111-aaaa-4aaa-8aaa-111111111111"
ORGANIZER = "22222222-bbbb-4bbb-8bbb-222222222222"
THREAD = "19:meeting_c2VtaW5hcg@thread.v2"
JOIN_URL = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_c2VtaW5hcg%40thread.v2/0"
    f"?context=%7b%22Tid%22%3a%22{TENANT}%22%2c%22Oid%22%3a%22{ORGANIZER}%22%7d"
)
SHORT_URL = "https://teams.microsoft.com/meet/2345678901234?p=Abc123"
CHANNEL_URL = (
    "https://teams.microsoft.com/l/meetup-join/19%3aQ2hhbm5lbA%40thread.tacv2/1772618000000"
    f"?context=%7b%22Tid%22%3a%22{TENANT}%22%2c%22Oid%22%3a%22{ORGANIZER}%22%7d"
)
MEETING_ID = "MSoyMjIyMjIyMi1iYmJi="


def at(clock: str, day: str = "2026-03-04") -> datetime:
    """`at("10:00")` or `at("10:00:30.5")`, UTC, on the day of the conference."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)


WINDOW = Window(at("10:00"), at("11:00"))
NEXT_DAY = at("12:00", "2026-03-05")


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def listing(name: str) -> list[dict[str, Any]]:
    """The members of a collection; of an expanded report, its records."""
    body = payload(name)
    return body["attendanceRecords"] if "attendanceRecords" in body and "value" not in body else body["value"]


class FakeGraph:
    """Answers by method name: a value, a list (which may hold an error to break off with), an error, or a function."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def ask(*arguments: Any) -> Any:
            self.asked.append((name, *arguments))
            if name not in self.answers:
                raise AssertionError(f"{name}{arguments} was not to be asked")
            answer = self.answers[name]
            answer = answer(*arguments) if callable(answer) else answer
            return self._given(answer)

        return ask

    def times_asked(self, name: str) -> int:
        return sum(call[0] == name for call in self.asked)

    @staticmethod
    def _given(answer: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return _lazily(answer) if isinstance(answer, list) else answer


def _lazily(members: list[Any]) -> Iterator[Any]:
    for member in members:
        if isinstance(member, Exception):
            raise member
        yield member


def target(join_url: str = JOIN_URL, **values: Any) -> Target:
    given = {"external_id": "seminar", "title": "Seminar", "organizer": "", "window": WINDOW, **values}
    return Target(join_url=join_url, **given)


def inquiry(graph: FakeGraph, of: Target | None = None, now: datetime = NEXT_DAY, tenant_id: str = TENANT) -> Inquiry:
    return Inquiry(cast(GraphClient, graph), of or target(), tenant_id, lambda: now)


def fetched(graph: FakeGraph, operation: str, of: Target | None = None, now: datetime = NEXT_DAY) -> list[Record]:
    return list(TeamsSession(inquiry(graph, of, now)).fetch(operation))


def people(records: list[Record]) -> list[AttendanceRecord]:
    return [record for record in records if isinstance(record, AttendanceRecord)]


def recordings(records: list[Record]) -> list[RecordingRecord]:
    return [record for record in records if isinstance(record, RecordingRecord)]


def messages(records: list[Record]) -> list[ChatRecord]:
    return [record for record in records if isinstance(record, ChatRecord)]


def files(records: list[Record]) -> list[FileRecord]:
    return [record for record in records if isinstance(record, FileRecord)]


def nothing(records: list[Record]) -> list[str]:
    return [record.code for record in records if isinstance(record, NothingFound)]


def notices(records: list[Record]) -> list[str]:
    return [record.code for record in records if isinstance(record, Notice) and record.code]


def problems(records: list[Record]) -> list[str]:
    return [record.error.code for record in records if isinstance(record, Problem)]


def details(records: list[Record]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for record in records:
        if isinstance(record, DetailRecord):
            found |= record.values
    return found


def seconds(record: AttendanceRecord) -> float:
    """The union of a person's closed intervals, in the plainest way there is: second by second."""
    return len(
        {
            second
            for interval in record.intervals
            if interval.left_at
            for second in range(int(interval.joined_at.timestamp()), int(interval.left_at.timestamp()))
        }
    )


def text(name: str) -> str:
    return (PAYLOADS / name).read_text(encoding="utf-8")
