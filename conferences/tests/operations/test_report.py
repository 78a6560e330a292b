"""A report says what was asked for in its time, and nothing about people."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from conferences.models import Connection, SyncItem, SyncRun, SyncStep
from conferences.operations.report import Report, period, report
from conferences.operations.report.chart import chart
from conferences.operations.report.figures import Bucket
from conferences.operations.report.page import as_html
from conferences.operations.report.plain import as_csv, as_json
from conferences.providers.base import InvalidInput
from conferences.tests.operations.conftest import ago, campus, held, ran, went_wrong

EXAMPLE = "Write a day (2025-11-26), a time (2025-11-26T14:00Z) or how long ago (24h, 7d, 4w)."
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def last_day(*connections: Connection) -> Report:
    return report(period("24h", connections=[each.pk for each in connections]))


def took(run: SyncRun, seconds: float, **costs: float) -> SyncRun:
    """Its only step took so long, and cost so much."""
    step = SyncStep.objects.get(item__run=run)
    assert step.finished_at is not None
    SyncStep.objects.filter(pk=step.pk).update(started_at=step.finished_at - timedelta(seconds=seconds), **costs)
    return run


@pytest.mark.parametrize(
    ("since", "until", "starts_at", "ends_at"),
    [
        ("24h", "", NOW - timedelta(hours=24), NOW),
        ("", "", NOW - timedelta(days=7), NOW),
        ("4w", "1d", NOW - timedelta(weeks=4), NOW - timedelta(days=1)),
        ("2026-03-01", "2026-03-02", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-03-01T10:00Z", "", datetime(2026, 3, 1, 10, tzinfo=UTC), NOW),
        ("2026-03-01T10:00+02:00", "", datetime(2026, 3, 1, 8, tzinfo=UTC), NOW),
    ],
)
def test_period_as_people_type_it(since: str, until: str, starts_at: datetime, ends_at: datetime) -> None:
    read = period(since, until, now=NOW)
    assert (read.starts_at, read.ends_at) == (starts_at, ends_at)


def test_days_are_the_site_s_and_told_in_utc(settings: Settings, rooms: Connection) -> None:
    assert rooms
    settings.TIME_ZONE = "Europe/Zurich"
    found = report(period("2026-07-01", "2026-07-02", now=datetime(2026, 7, 9, tzinfo=UTC)))
    told = as_json(found)["period"]
    assert (told["starts_at"], told["ends_at"]) == ("2026-06-30T22:00:00Z", "2026-07-02T22:00:00Z")
    rows = list(csv.reader(io.StringIO(as_csv(found).removeprefix("\ufeff"))))
    assert ["period", "", "starts_at", "2026-06-30T22:00:00Z"] in rows


@pytest.mark.parametrize(
    ("since", "until", "complaint"),
    [
        ("yesterday", "", f"“yesterday” is no moment. {EXAMPLE}"),
        ("2026-03-11", "", "The report would begin after its end. Check --since and --until."),
        ("1d", "2d", "The report would begin after its end. Check --since and --until."),
        ("99999w", "", "A report may reach over three years at most."),
    ],
)
def test_period_that_cannot_be(since: str, until: str, complaint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        period(since, until, now=NOW)
    assert str(caught.value) == complaint


def test_bars_are_hours_up_to_a_week_and_days_beyond() -> None:
    assert period("7d", now=NOW).step == timedelta(hours=1)
    assert period("8d", now=NOW).step == timedelta(days=1)


def test_runs_by_state_and_those_before_left_out(rooms: Connection) -> None:
    for hours, state in [(1, "succeeded"), (2, "partial"), (3, "failed"), (4, "cancelled"), (30, "failed")]:
        ran(held(rooms, hours + 1), hours, state, attendance="synced")
    runs = last_day().runs
    assert (runs.total, runs.ended) == (4, 3)
    assert runs.states == {"succeeded": 1, "partial": 1, "failed": 1, "cancelled": 1}
    assert runs.success_rate == pytest.approx(200 / 3)
    assert (runs.durations.count, runs.durations.longest) == (4, pytest.approx(20, abs=0.01))


def test_percentiles_are_interpolated(rooms: Connection) -> None:
    for seconds in range(1, 101):
        took(ran(held(rooms, 5), 2, attendance="synced"), seconds)
    (line,) = last_day().operations
    assert line.durations.percentiles == pytest.approx({50: 50.5, 90: 90.1, 95: 95.05, 99: 99.01})
    assert (line.durations.count, line.durations.mean, line.durations.longest) == (100, 50.5, 100.0)


def test_longest_is_told_as_exactly_as_the_percentiles(rooms: Connection) -> None:
    took(ran(held(rooms, 5), 2, attendance="synced"), 0.75)
    found = last_day()
    assert (found.operations[0].durations.longest, found.slowest[0].seconds) == (0.75, 0.75)


def test_operations_by_outcome_and_what_they_cost(rooms: Connection) -> None:
    took(ran(held(rooms, 5), 2, attendance="synced"), 4, items=12, created=10, updated=1, unchanged=1, requests=3)
    took(ran(held(rooms, 6), 3, attendance="blocked"), 2, requests=2, retries=1, throttled=1, waited_seconds=1.5)
    ran(held(rooms, 7), 4, "running", chat="")
    found = last_day()
    (line,) = found.operations
    assert (line.operation, line.outcomes) == ("attendance", {"synced": 1, "blocked": 1})
    assert (line.items, line.created, line.updated, line.requests) == (12, 10, 1, 5)
    traffic = found.traffic
    assert (traffic.requests, traffic.retries, traffic.throttled, traffic.waited_seconds) == (5, 1, 1, 1.5)
    assert (traffic.items, traffic.created, traffic.updated, traffic.unchanged) == (12, 10, 1, 1)


def test_errors_by_kind_with_their_latest_example(rooms: Connection) -> None:
    run = ran(held(rooms, 5), 2, "failed", attendance="failed")
    went_wrong(run, 3, times=4, message="At first.", request_id="a-1")
    went_wrong(run, 2, times=1, message="At last.", request_id="b-2", status=503)
    went_wrong(run, 2, error_class="network", code="unreachable", times=2)
    first, second = last_day().errors
    assert (first.error_class, first.code, first.times, first.runs) == ("server", "provider_trouble", 5, 1)
    assert (first.example, first.request_id) == ("At last.", "b-2")
    assert (second.error_class, second.times) == ("network", 2)


def test_slowest_conferences_once_each(rooms: Connection) -> None:
    slow, quick = held(rooms, 5, title="Slow"), held(rooms, 6, title="Quick")
    for conference, seconds in [(slow, 50), (slow, 70), (quick, 3)]:
        took(ran(conference, 2, attendance="synced"), seconds, requests=7, items=9)
    assert [(line.title, line.seconds, line.requests, line.items) for line in last_day().slowest] == [
        ("Slow", 70.0, 7, 9),
        ("Quick", 3.0, 7, 9),
    ]


def test_search_of_an_account_is_no_conference(rooms: Connection) -> None:
    run = ran(held(rooms, 5), 2, attendance="synced")
    search = SyncItem.objects.create(run=run, state="done")
    SyncStep.objects.create(item=search, operation="discovery", outcome="synced", started_at=ago(9), finished_at=ago(2))
    assert [line.title for line in last_day().slowest] == ["Algebra"]


def test_series_has_every_hour(rooms: Connection) -> None:
    took(ran(held(rooms, 5), 2, "failed", attendance="failed"), 1, requests=3, items=2)
    series = last_day().series
    assert len(series) in {24, 25}
    assert all(later.starts_at - each.starts_at == timedelta(hours=1) for each, later in pairwise(series))
    (hour,) = [bucket for bucket in series if bucket.runs]
    assert (hour.runs, hour.failed, hour.requests, hour.items) == (1, 1, 3, 2)
    assert hour.starts_at <= ago(2) < hour.starts_at + timedelta(hours=1)


def test_only_the_connections_that_are_asked_for(rooms: Connection) -> None:
    other = campus("Other rooms")
    ran(held(rooms, 5), 2, attendance="synced")
    ran(held(other, 5), 2, attendance="failed")
    found = last_day(other)
    assert (found.connections, found.runs.total) == (["Other rooms"], 1)
    assert found.operations[0].outcomes == {"failed": 1}
    assert last_day().connections == ["Other rooms", "Rooms"]


def test_statements_do_not_grow_with_rows(rooms: Connection, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(30):
        went_wrong(ran(held(rooms, 5), number % 20, "failed", attendance="failed", chat="synced"), 1)
    with django_assert_num_queries(10):
        last_day()


def test_chart_is_as_tall_as_its_tallest_bar() -> None:
    at = NOW
    drawn = chart([Bucket(at, 2, 1, 0, 0), Bucket(at, 0, 0, 0, 0), Bucket(at, 8, 0, 0, 0)], hourly=True)
    assert drawn is not None
    assert [(bar.x, bar.y, bar.height, bar.failed_y) for bar in drawn.bars] == [
        (0, 75.0, 25.0, 87.5),
        (10, 100.0, 0.0, 100.0),
        (20, 0.0, 100.0, 100.0),
    ]
    assert (drawn.tallest, drawn.width) == (8, 30)


def test_chart_of_nothing_is_none() -> None:
    assert chart([Bucket(NOW, 0, 0, 0, 0)], hourly=True) is None


def test_csv_is_one_tidy_table_without_formulas(rooms: Connection) -> None:
    took(ran(held(rooms, 5, title="=SUM(A1)"), 2, attendance="synced"), 4, requests=3)
    rows = list(csv.reader(io.StringIO(as_csv(last_day()).removeprefix("\ufeff"))))
    assert rows[0] == ["section", "name", "figure", "value"]
    assert {len(row) for row in rows} == {4}
    assert ["operation", "attendance", "p50_seconds", "4.0"] in rows
    assert not [row for row in rows if any(cell.startswith("=") for cell in row)]


def test_json_has_moments_in_utc(rooms: Connection) -> None:
    took(ran(held(rooms, 5), 2, attendance="synced"), 4)
    told = json.loads(json.dumps(as_json(last_day())))
    assert told["period"]["ends_at"].endswith("Z")
    assert told["runs"]["success_rate"] == 100.0
    assert told["operations"][0]["durations"]["percentiles"]["p50"] == 4.0


def test_html_file_needs_nothing_else(rooms: Connection) -> None:
    run = took(ran(held(rooms, 5, title="<b>Bold</b>"), 2, "failed", attendance="failed"), 4)
    went_wrong(run, 2, message="It <i>broke</i>.")
    page = as_html(last_day())
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "It &lt;i&gt;broke&lt;/i&gt;." in page
    assert [mark for mark in ("<script", "href=", "src=", "url(") if mark in page] == []


def test_empty_time_says_so(rooms: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    assert rooms
    call_command("sync_report", since="1h")
    assert "Nobody asked for a sync in this time." in capsys.readouterr().out
    assert "Nobody asked for a sync in this time." in as_html(report(period("1h")))


def test_command_prints_what_people_want_to_know(rooms: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    run = took(ran(held(rooms, 5), 2, "failed", attendance="failed"), 4, requests=3)
    went_wrong(run, 2, times=3, request_id="req-9")
    call_command("sync_report", since="24h", connection=[rooms.pk])
    out = capsys.readouterr().out
    assert "1 run (1 failed): 0.0 % of those that ended went well." in out
    assert "3 requests to providers, 0 tried again, 0 times asked to slow down, 0 s waited. 0 rows: 0 new," in out
    assert "req-9" in out


def test_share_of_good_syncs_is_never_rounded_up(rooms: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = held(rooms, 5)
    SyncRun.objects.bulk_create(
        SyncRun(connection=rooms, conference=lesson, state=state, requested_via="page")
        for state in ["failed", *["succeeded"] * 2999]
    )
    call_command("sync_report", since="24h")
    assert "99.9 % of those that ended went well." in capsys.readouterr().out
    assert "<dd>99 %</dd>" in as_html(report(period("24h")))


@pytest.mark.parametrize("form", ["json", "csv", "html", "text"])
def test_command_writes_a_file(form: str, rooms: Connection, tmp_path: Path) -> None:
    ran(held(rooms, 5), 2, attendance="synced")
    kept = tmp_path / "report"
    call_command("sync_report", since="24h", form=form, output=str(kept))
    assert "attendance" in kept.read_text(encoding="utf-8")


def test_command_with_a_file_that_cannot_be_is_wrong_usage(rooms: Connection, tmp_path: Path) -> None:
    assert rooms
    with pytest.raises(CommandError) as caught:
        call_command("sync_report", output=str(tmp_path / "nowhere" / "report"))
    assert caught.value.returncode == 2


@pytest.mark.parametrize("options", [{"since": "soon"}, {"connection": [999]}])
def test_command_with_what_cannot_be_is_wrong_usage(options: dict[str, object], rooms: Connection) -> None:
    assert rooms
    with pytest.raises(CommandError) as caught:
        call_command("sync_report", **options)
    assert caught.value.returncode == 2
