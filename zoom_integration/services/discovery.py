"""All webinars of an account: what took place, from the account's history, and what is to come, from its hosts' lists.

The history is read month by month, newest first. Apps that may not read it get the runs that each host's lists lead to:
those of webinars that Zoom still knows, which it deletes about 90 days after they ended.
https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/history_meetings
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conferences.providers.base import Span
from conferences.providers.errors import Blocked, DailyLimit, Malformed, Missing, Rejected, Retryable
from conferences.providers.records import ConferenceRecord, Notice, Problem, Record
from zoom_integration.client import ZoomClient
from zoom_integration.parsers import occurrences, values

KIND = "webinar"
# Zoom's reports go back fifteen months at most. A quiet month does not say that there is nothing before it: schools
# have holidays.
REACH = timedelta(days=460)
# A month at most may be asked for, and this is no longer than any month.
_MONTH, _DAY = timedelta(days=28), timedelta(days=1)

NO_HISTORY = "The account's history may not be read, so webinars are found through their hosts."


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class _Search:
    client: ZoomClient
    span: Span
    now: datetime
    uuids: set[str] = field(default_factory=set)

    def holds(self, moment: datetime) -> bool:
        after = self.span.starts_at is None or moment >= self.span.starts_at
        return after and (self.span.ends_at is None or moment < self.span.ends_at)

    def is_new(self, uuid: str) -> bool:
        known = uuid in self.uuids
        self.uuids.add(uuid)
        return not known


def discover(client: ZoomClient, span: Span, now: Callable[[], datetime] = _now) -> Iterator[Record]:
    """ConferenceRecords, each occurrence once; Notices for hosts that were left out and why."""
    search = _Search(client, span, now())
    try:
        yield from _history(search)
        with_past = False
    except Blocked as error:
        yield Notice(f"{error.message} {NO_HISTORY}", "warning", error.code)
        with_past = True
    yield from _hosts(search, with_past=with_past)


def _history(search: _Search) -> Iterator[Record]:
    """Raises Blocked when the first month is refused: then nothing has been read."""
    for number, (first, last) in enumerate(_months(search)):
        try:
            for raw in search.client.history(first, last, KIND):
                yield from _held(search, raw)
        except (Rejected, Missing) as error:
            if not number:
                raise
            yield Notice(f"Zoom's history ends before {last:%d %B %Y}: {error.message}", code=error.code)
            return


def _months(search: _Search) -> Iterator[tuple[date, date]]:
    """Four weeks each, newest first. They share their outer days, and reach a day further than asked, since nobody
    knows whose midnight Zoom means."""
    until = min(search.now, search.span.ends_at + _DAY) if search.span.ends_at else search.now
    oldest = search.now - REACH
    since = max(search.span.starts_at - _DAY, oldest) if search.span.starts_at else oldest
    while until > since:
        first = max(until - _MONTH, since)
        yield first.date(), until.date()
        until = first


def _held(search: _Search, raw: dict[str, Any]) -> Iterator[Record]:
    if values.text(raw, "type").lower() not in {"", KIND}:
        return
    record = occurrences.conference(raw, KIND)
    if record is None:
        yield Problem(_unreadable(raw))
        return
    if wrong := occurrences.flaws(raw):
        told = f"“{record.title}” ({record.external_id}): {', '.join(wrong)}"
        yield Notice(f"An entry of Zoom's history makes no sense and is kept as it came: {told}.", "warning", "flawed")
    if search.holds(record.starts_at) and search.is_new(record.external_id):
        yield record


def _hosts(search: _Search, *, with_past: bool) -> Iterator[Record]:
    """Deactivated hosts still own what they held."""
    for status in ("active", "inactive"):
        try:
            for host in list(search.client.users(status)):
                yield from _host(search, host, with_past=with_past)
        except (Blocked, Missing, Rejected) as error:
            if with_past:
                raise
            text = f"Webinars to come cannot be looked up, because the hosts may not be listed: {error.message}"
            yield Notice(text, "warning", error.code)
            return


def _host(search: _Search, host: dict[str, Any], *, with_past: bool) -> Iterator[Record]:
    """A host who is refused to us, or has no licence, is skipped and named; a fault of Zoom's is a Problem."""
    name = values.text(host, "email") or values.text(host, "id")
    user_id = values.text(host, "id") or name
    if not user_id:
        return
    try:
        for raw in list(search.client.webinars(user_id)):
            yield from _series(search, {"host_email": values.text(host, "email"), **raw}, with_past=with_past)
    except DailyLimit:
        raise
    except (Blocked, Missing, Rejected) as error:
        yield Notice(f"Host {name} was left out: {error.message}", "warning", f"host_{error.code}")
    except Retryable as error:
        yield Problem(error)


def _series(search: _Search, raw: dict[str, Any], *, with_past: bool) -> Iterator[Record]:
    """A past start in a host's list is not a run: what took place is known by the uuid of its run alone."""
    record = occurrences.scheduled(raw, KIND)
    to_come = record is not None and record.ends_at > search.now
    if record and to_come and search.holds(record.starts_at) and search.is_new(record.external_id):
        yield _with_host(record, raw)
    number = values.text(raw, "id")
    if with_past and number and search.is_new(f"series {number}"):
        yield from _runs(search, raw, number)


def _runs(search: _Search, raw: dict[str, Any], number: str) -> Iterator[Record]:
    try:
        for listed in list(search.client.past_instances(KIND, number)):
            record = occurrences.past(raw, occurrences.instance(listed, KIND, number))
            if record is None:
                yield Problem(_unreadable(listed))
            elif search.holds(record.starts_at) and search.is_new(record.external_id):
                yield _with_host(record, raw)
    except Missing:
        return


def _with_host(record: ConferenceRecord, raw: dict[str, Any]) -> ConferenceRecord:
    return replace(record, organizer=values.text(raw, "host_email"))


def _unreadable(raw: dict[str, Any]) -> Malformed:
    topic = values.text(raw, "topic")
    return Malformed(
        f"Zoom listed an occurrence{f' of “{topic}”' if topic else ''} without a uuid or without any time, so it "
        "cannot be told apart from others.",
        code="occurrence_unreadable",
        detail=f"keys: {sorted(raw)}",
    )
