"""Who was there: the participants report, or else the list of past participants, for a few stated reasons only.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/participants
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from conferences.providers.errors import Blocked, Missing, ProviderError
from conferences.providers.records import FlawRecord, Notice, Problem, ProviderTotal, Record
from zoom_integration.parsers import participants, people
from zoom_integration.parsers.occurrences import Occurrence
from zoom_integration.parsers.participants import Row
from zoom_integration.parsers.people import Crew
from zoom_integration.services import details
from zoom_integration.services.completeness import Truncated, lacking
from zoom_integration.services.inquiry import ELSEWHERE, Inquiry

REPORT, PAST = "participant_report", "past_participants"

NOT_READY = "The list of participants is not ready yet. Zoom needs some time after the end to write it."
NONE_FOUND = "Nobody attended, as far as Zoom knows."


@dataclass
class _Sitting:
    """What was listed of one occurrence. The same row may come twice: on two pages, or in a list begun anew."""

    occurrence: Occurrence
    source: str = ""
    rows: dict[str, Row] = field(default_factory=dict)
    listed: int = 0
    stated: int | None = None
    error: ProviderError | None = None

    def state(self, total: int) -> None:
        self.stated = max(total, self.stated or 0)

    def add(self, row: Row) -> None:
        self.listed += 1
        key, twin = row.key, self.rows.get(row.key)
        if twin is not None and not row.user_id and twin.raw != row.raw:
            key = f"{key}|{row.left_at}"
        elif twin is not None and (twin.left_at is None or (row.left_at and twin.left_at > row.left_at)):
            row = row if twin.left_at is None else twin
        self.rows[key] = row

    def forget(self) -> None:
        self.rows.clear()
        self.listed, self.stated = 0, None

    @property
    def lacks(self) -> int:
        return lacking(self.stated or 0, self.listed, len(self.rows))

    @property
    def attended(self) -> list[Row]:
        return [row for row in self.rows.values() if not row.is_waiting]

    def flaws(self) -> Iterator[FlawRecord]:
        """Of what counts: when somebody waited is nobody's attendance."""
        for key, row in self.rows.items():
            if not row.is_waiting and (flaw := participants.flaw(row, key)):
                yield flaw


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started():
        yield early
        return
    yield from details.learn(inquiry)
    if nowhere := inquiry.nowhere():
        yield nowhere
        return
    crew = Crew()
    for each in details.crew(inquiry):
        if isinstance(each, Crew):
            crew = each
        else:
            yield each
    sittings: list[_Sitting] = []
    yield from _read(inquiry, sittings)
    yield from _told(inquiry, sittings, crew)


def _read(inquiry: Inquiry, sittings: list[_Sitting]) -> Iterator[Record]:
    """A refused report is refused for every occurrence, so it is asked for once. Where nothing else tells of an
    occurrence, the refusal is why it is not known."""
    refusal: Blocked | None = None
    for occurrence in inquiry.occurrences:
        sitting = _Sitting(occurrence)
        sittings.append(sitting)
        if refusal is None:
            refusal = yield from _reported(inquiry, sitting)
        if not sitting.source and sitting.error is None:
            _past(inquiry, sitting)
        if refusal is not None and isinstance(sitting.error, Missing) and not inquiry.is_settling:
            sitting.error = refusal
        if isinstance(sitting.error, ProviderError) and not isinstance(sitting.error, Missing):
            yield Problem(sitting.error)


def _reported(inquiry: Inquiry, sitting: _Sitting) -> Generator[Record, None, Blocked | None]:
    """Falls back where the report is not ours to read, or is not there; never after a limit or a fault of Zoom's.

    Returns the refusal when the report is refused to us altogether.
    """
    try:
        _list(inquiry, sitting, REPORT)
    except (Blocked, Missing) as error:
        if sitting.rows or (isinstance(error, Missing) and error.code not in ELSEWHERE):
            sitting.source, sitting.error = REPORT, error
            return None
        sitting.forget()
        refusal = error if isinstance(error, Blocked) else None
        level = "warning" if refusal else "info"
        yield Notice(f"{error.message} The list of past participants is read instead.", level, error.code)
        return refusal
    except ProviderError as error:
        sitting.source, sitting.error = REPORT, error
    return None


def _past(inquiry: Inquiry, sitting: _Sitting) -> None:
    try:
        _list(inquiry, sitting, PAST)
    except ProviderError as error:
        sitting.source, sitting.error = PAST, error


def _list(inquiry: Inquiry, sitting: _Sitting, source: str) -> None:
    found = sitting.occurrence
    is_settling = inquiry.is_settling
    ask = inquiry.client.report_participants if source == REPORT else inquiry.client.past_participants
    for raw in ask(found.kind, found.uuid, sitting.state):
        sitting.add(participants.row(raw, found.uuid, is_settling=is_settling))
    sitting.source = source


def _told(inquiry: Inquiry, sittings: list[_Sitting], crew: Crew) -> Iterator[Record]:
    """Totals use one source only, so the records of a step name one: the poorer, where occurrences differ."""
    source = PAST if any(sitting.source == PAST for sitting in sittings) else REPORT
    for sitting in sittings:
        if sitting.stated is not None:
            yield ProviderTotal(sitting.stated)
    yield from _remarks(sittings)
    rows = [row for sitting in sittings for row in sitting.attended]
    yield from people.records(rows, source, crew)
    for sitting in sittings:
        yield from sitting.flaws()
    yield from _incomplete(inquiry, sittings, rows)


def _remarks(sittings: list[_Sitting]) -> Iterator[Notice]:
    rows = [row for sitting in sittings for row in sitting.rows.values()]
    if waiting := sum(row.is_waiting for row in rows):
        yield Notice(f"Stays in the waiting room, which are not attendance and were left out: {waiting}.")
    repeated = sum(sitting.listed - len(sitting.rows) for sitting in sittings)
    if repeated:
        yield Notice(f"Entries that Zoom listed more than once, and that count once: {repeated}.", code="repeated_rows")


def _incomplete(inquiry: Inquiry, sittings: list[_Sitting], rows: list[Row]) -> Iterator[Record]:
    """What was listed is stored in any case; this says why it may not be all."""
    lost = sum(sitting.lacks for sitting in sittings if sitting.error is None)
    missing = next((sitting.error for sitting in sittings if isinstance(sitting.error, Missing)), None)
    broken = any(sitting.error for sitting in sittings if not isinstance(sitting.error, Missing))
    if lost and not inquiry.is_settling:
        yield Problem(Truncated(lost))
    elif lost:
        yield Notice(Truncated(lost).message, "warning", "truncated")
        yield inquiry.not_ready(NOT_READY)
    elif missing is not None:
        yield inquiry.unavailable(missing, NOT_READY)
    elif not broken and not rows:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)
    elif not broken and inquiry.is_settling and not any(row.seconds for row in rows):
        yield inquiry.not_ready(NOT_READY)
