"""Who was there: every attendance report of this occurrence, or else the call records.

https://learn.microsoft.com/graph/api/meetingattendancereport-list
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from conferences.providers.errors import Malformed, Missing, NotConfigured, ProviderError, Retryable
from conferences.providers.records import DetailRecord, Notice, Problem, ProviderTotal, Record
from conferences.providers.shape import Raw
from teams_integration.parsers import attendance as parser
from teams_integration.parsers.attendance import Report, Row
from teams_integration.parsers.flaws import flaw, unreadable
from teams_integration.parsers.meeting import Meeting
from teams_integration.services import call_records
from teams_integration.services.inquiry import Inquiry
from teams_integration.services.listings import good_part

NOT_READY = "The attendance report is not ready yet. Microsoft writes it some time after the meeting has ended."
NONE_FOUND = "Nobody attended this meeting, as far as Microsoft Teams knows."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started():
        yield early
    elif inquiry.is_channel:
        yield Notice("Channel meetings have no attendance reports, so the call records are read instead.")
        yield from call_records.fetch(inquiry, None)
    else:
        yield from _of_meeting(inquiry)


def _of_meeting(inquiry: Inquiry) -> Iterator[Record]:
    """Call records are asked only where there is no meeting or no report: never after a refusal or a fault."""
    meeting: Meeting | None = None
    reading = _Reading()
    try:
        meeting = inquiry.meeting()
        yield meeting.detail()
        yield from _choose(inquiry, meeting, reading)
    except Missing as error:
        yield Notice(f"{error.message} The call records are read instead.", code=error.code)
        yield from call_records.fetch(inquiry, meeting)
        return
    except NotConfigured as error:
        if error.code != "no_join_url":
            raise
        yield from call_records.fetch(inquiry, None)
        return
    if reading.reports or reading.broken:
        yield from _read(inquiry, meeting, reading)
    elif not inquiry.has_ended:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)
    else:
        yield Notice("There is no attendance report of this meeting, so the call records are read instead.")
        yield from call_records.fetch(inquiry, meeting)


@dataclass
class _Reading:
    """What one pass over the reports has gathered. People are told apart over all of them, so rows wait here."""

    reports: list[Report] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    listed: Counter[str] = field(default_factory=Counter)
    stated: int = 0
    broken: bool = False


def _choose(inquiry: Inquiry, meeting: Meeting, reading: _Reading) -> Iterator[Record]:
    """Every report of this occurrence: the series has one list for all, and each restart adds one."""
    others = 0
    for raw in good_part(inquiry.client.attendance_reports(meeting.organizer_id, meeting.id)):
        if isinstance(raw, Problem):
            reading.broken = True
            yield raw
            continue
        try:
            report = parser.report(raw)
        except Malformed as error:
            reading.broken = True
            yield from unreadable(raw, error)
            continue
        if not inquiry.window.holds(report.starts_at, report.ends_at):
            others += 1
        elif report.id not in {known.id for known in reading.reports}:
            reading.reports.append(report)
    if others:
        yield Notice(f"Attendance reports of other times that were left out: {others}.")


def _read(inquiry: Inquiry, meeting: Meeting, reading: _Reading) -> Iterator[Record]:
    for report in reading.reports:
        try:
            yield from _read_report(inquiry, meeting, report, reading)
        except ProviderError as error:
            reading.broken = True
            yield Problem(error)
            if isinstance(error, Retryable):
                break
    if reading.reports:
        yield DetailRecord({"reports": [report.summary() for report in reading.reports]})
    if reading.rows:
        records = list(parser.records(reading.rows, inquiry.home_tenants))
        yield from _compare(reading, Counter(record.sitting for record in records))
        yield from records
    elif not reading.broken:
        still_written = reading.stated or any(inquiry.is_fresh(report.ends_at) for report in reading.reports)
        yield inquiry.not_ready(NOT_READY) if still_written else inquiry.nothing(NOT_READY, NONE_FOUND)


def _read_report(inquiry: Inquiry, meeting: Meeting, report: Report, reading: _Reading) -> Iterator[Record]:
    """All pages of one report; what was read before a page broke is kept.

    The very same row of somebody who is identified was listed twice; of two guests it may be one each.
    """
    known: dict[str, list[Raw]] = defaultdict(list)
    reading.stated += report.count or 0
    if report.count is not None:
        yield ProviderTotal(report.count)
    for raw in _raw_rows(inquiry, (meeting.organizer_id, meeting.id, report.id), report.count):
        reading.listed[report.id] += 1
        try:
            row = parser.row(raw, report.id)
        except Malformed as error:
            reading.broken = True
            yield from unreadable(raw, error)
            continue
        if row.person.id and raw in known[row.person.id]:
            continue
        known[row.person.id].append(raw)
        reading.rows.append(row)
        if row.odd:
            yield flaw(raw, "left before joining", about=row.person.name)


def _raw_rows(inquiry: Inquiry, address: tuple[str, str, str], count: int | None) -> Iterator[Raw]:
    """A report that counts people but brings none along is asked for its own list, before it is called unready."""
    silent = True
    for raw in inquiry.client.attendance_records(*address):
        silent = False
        yield raw
    if silent and count:
        with suppress(Missing):
            yield from inquiry.client.attendance_records_apart(*address)


def _compare(reading: _Reading, people: Counter[str]) -> Iterator[Notice]:
    """Graph counts people here and entries there: one of the two should agree."""
    for report in reading.reports:
        if report.count is None or report.count in (people[report.id], reading.listed[report.id]):
            continue
        yield Notice(
            f"Microsoft counts {report.count} people in the sitting of {report.starts_at:%Y-%m-%d %H:%M} UTC, "
            f"but lists {people[report.id]}.",
            "warning",
            "count_differs",
        )
