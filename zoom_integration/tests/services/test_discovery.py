"""Searching an account: what took place, what is to come, and what had to be left out."""

from datetime import date, timedelta
from typing import Any

import pytest

from conferences.providers.base import Span
from conferences.providers.errors import (
    Blocked,
    DailyLimit,
    LicenceMissing,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    Rejected,
    ServerTrouble,
)
from conferences.providers.records import ConferenceRecord, FlawRecord, Notice, Problem, Record, Unlisted
from zoom_integration.services import discovery, host_reports
from zoom_integration.services import hosts as hosts_of_account
from zoom_integration.tests.zoom import (
    AGAIN,
    DAYS_LATER,
    NUMBER,
    UUID,
    FakeZoom,
    at,
    conferences,
    discovered,
    notices,
    of_kind,
    payload,
    problems,
)

HOST = {"id": "hostVega", "email": "vega@example.org"}
NEWEST = date(2026, 3, 5)


def newest_month(rows: list[Any]) -> Any:
    """History that answers for the newest month only."""

    def ask(_first: date, last: date, kind: str) -> Any:
        assert kind == "webinar"
        return list(rows) if last == NEWEST else []

    return ask


def hosts(*active: dict[str, str], inactive: tuple[dict[str, str], ...] = ()) -> Any:
    return lambda status: list(active if status == "active" else inactive)


def account(**answers: Any) -> FakeZoom:
    month = payload("history_month")["history_meetings"]
    given = {"history": newest_month(month), "users": hosts(HOST), "webinars": payload("user_webinars")["webinars"]}
    return FakeZoom(**{**given, "scopes": frozenset({"user:read:list_users:admin"}), **answers})


def test_every_finished_run_is_a_conference_by_its_uuid_and_meetings_are_not() -> None:
    records = conferences(discovered(account(webinars=[])))

    assert [(each.external_id, each.series_id) for each in records] == [(UUID, NUMBER), (AGAIN, NUMBER)]


def test_history_fills_the_columns_of_the_run_and_zero_is_data() -> None:
    first = conferences(discovered(account(webinars=[])))[0]

    assert first == ConferenceRecord(
        external_id=UUID,
        title="Algebra for everybody",
        starts_at=at("09:58"),
        ends_at=at("11:02"),
        series_id=NUMBER,
        organizer="vega@example.org",
        detail={
            "kind": "webinar",
            "uuid": UUID,
            "zoom_id": int(NUMBER),
            "host_name": "Prof. Vega",
            "host_email": "vega@example.org",
            "topic": "Algebra for everybody",
            "created_in_zoom_at": at("08:00", "2026-02-01"),
            "actual_start_at": at("09:58"),
            "actual_end_at": at("11:02"),
            "actual_duration_minutes": 64,
            "participants_count": 41,
            "total_minutes": 1203,
            "unique_viewers": 0,
            "max_concurrent_views": 33,
            "tracking_fields": [],
            "status": "ended",
            "report": {
                "type": "Webinar",
                "department": "Science",
                "group": ["maths"],
                "custom_fields": [],
                "feature_used": {"poll": True},
                "source": "Zoom",
            },
        },
    )


def test_webinar_to_come_is_a_conference_by_the_uuid_of_its_next_run() -> None:
    (coming,) = [each for each in conferences(discovered(account())) if each.detail["status"] == "upcoming"]

    assert (coming.external_id, coming.series_id, coming.organizer) == (
        "futureRun1234567==",
        "81000000001",
        "vega@example.org",
    )
    assert (coming.starts_at, coming.ends_at) == (at("09:00", "2026-03-20"), at("10:30", "2026-03-20"))
    assert (coming.time_zone, coming.detail["scheduled_duration_minutes"]) == ("Europe/Berlin", 90)
    assert "agenda" not in coming.detail


@pytest.mark.parametrize(
    ("now", "status"), [("08:59", "upcoming"), ("09:00", "live"), ("10:29", "live"), ("10:30", None)]
)
def test_webinar_under_way_is_no_longer_to_come(now: str, status: str | None) -> None:
    records = conferences(discovered(account(), now=at(now, "2026-03-20")))

    found = [each.detail["status"] for each in records if each.external_id == "futureRun1234567=="]
    assert found == ([status] if status else [])


def test_past_webinar_listed_under_another_uuid_is_no_second_conference() -> None:
    found = [each.external_id for each in conferences(discovered(account()))]

    assert found == [UUID, AGAIN, "futureRun1234567=="]


def test_months_are_asked_newest_first_without_a_gap_and_never_longer_than_a_month() -> None:
    zoom = account()
    discovered(zoom)
    asked = [call[1:3] for call in zoom.asked if call[0] == "history"]

    assert asked[0] == (date(2026, 2, 5), date(2026, 3, 5))
    assert all(last - first <= timedelta(days=28) for first, last in asked)
    assert [last for _, last in asked[1:]] == [first for first, _ in asked[:-1]]
    assert 460 <= (DAYS_LATER.date() - asked[-1][0]).days < 460 + 28


def test_quiet_months_do_not_end_the_search() -> None:
    def after_the_holidays(first: date, _last: date, _kind: str) -> Any:
        return payload("history_month")["history_meetings"] if first < date(2025, 6, 1) else []

    found = conferences(discovered(account(history=after_the_holidays, webinars=[])))

    assert [each.external_id for each in found] == [UUID, AGAIN]


def test_span_bounds_what_is_asked_and_what_is_told() -> None:
    zoom = account()
    span = Span(at("00:00", "2026-03-01"), at("00:00", "2026-03-03"))

    records = discovered(zoom, span)

    assert [call[1:3] for call in zoom.asked if call[0] == "history"] == [(date(2026, 2, 28), date(2026, 3, 4))]
    assert conferences(records) == []
    assert problems(records) == []


def test_span_holds_a_start_on_its_first_moment_and_none_on_its_last() -> None:
    history = lambda *_: payload("history_month")["history_meetings"]  # noqa: E731
    zoom = account(history=history, webinars=[])

    found = conferences(discovered(zoom, Span(at("10:00", "2026-02-23"), at("09:58"))))

    assert [each.external_id for each in found] == [AGAIN]


def test_month_that_zoom_refuses_as_too_old_ends_the_history_in_peace() -> None:
    def six_months(first: date, last: date, _kind: str) -> Any:
        if first < date(2025, 8, 10):
            raise Rejected("Too old.", code="invalid_parameter")
        return newest_month(payload("history_month")["history_meetings"])(first, last, "webinar")

    records = discovered(account(history=six_months, webinars=[]))

    assert len(conferences(records)) == 2
    (told,) = (each for each in of_kind(Notice, records) if each.code)
    assert (told.level, told.code, problems(records)) == ("warning", "invalid_parameter", [])
    assert told.text == (
        "Zoom gives out nothing of its history before 21 August 2025, so nothing older was found. Too old."
    )


def test_refused_months_that_are_not_old_are_no_end_of_the_history() -> None:
    """Promise: an error is never an empty list. Of the last months Zoom certainly has reports."""

    def lately(first: date, last: date, _kind: str) -> Any:
        if last < NEWEST:
            raise Rejected("The from or to is invalid.", code="invalid_parameter")
        return newest_month(payload("history_month")["history_meetings"])(first, last, "webinar")

    records = discovered(account(history=lately, webinars=[]))

    assert len(conferences(records)) == 2
    assert (problems(records), notices(records)) == (["invalid_parameter"] * 3, [])


LONG_AGO = date(2024, 6, 1)


def test_what_is_older_than_anybody_expects_is_found_while_there_is_anything() -> None:
    """How far back the history goes nobody knows."""

    def ten_years(first: date, _last: date, _kind: str) -> Any:
        rows = payload("history_month")["history_meetings"]
        return [{**rows[0], "meeting_uuid": f"run {first}"}] if first > LONG_AGO else []

    zoom = account(history=ten_years, webinars=[])
    found = conferences(discovered(zoom))
    assert min(each.external_id for each in found) < "run 2024-07-01"
    asked = [call[1] for call in zoom.asked if call[0] == "history"]
    assert sum(first <= LONG_AGO for first in asked) == 3


def old_range(days: int, length: int) -> Span:
    starts_at = DAYS_LATER - timedelta(days=days)
    return Span(starts_at, starts_at + timedelta(days=length))


def test_range_that_is_older_than_the_reports_is_asked_for_all_the_same() -> None:
    """Promise: nobody says that there is nothing who has not looked."""
    zoom = account(history=[], webinars=[])
    records = discovered(zoom, old_range(1000, 20))
    assert zoom.times_asked("history") == 1
    assert (problems(records), notices(records)) == ([], [])


def test_range_that_is_asked_for_in_part_says_so() -> None:
    zoom = account(history=[], webinars=[])
    records = discovered(zoom, Span(DAYS_LATER - timedelta(days=2000), DAYS_LATER - timedelta(days=900)))
    assert zoom.times_asked("history") == 3
    (told,) = of_kind(Notice, records)
    assert (told.level, told.code) == ("warning", "history_ends")
    assert told.text == ("Zoom lists nothing for months before 26 June 2023, so what is older was not asked for.")


def test_range_before_there_was_anything_says_that_nobody_looked() -> None:
    zoom = account(history=[], webinars=[])
    (told,) = of_kind(Notice, discovered(zoom, old_range(5000, 20)))
    assert (zoom.times_asked("history"), told.level) == (0, "warning")
    assert told.text == "These days are so long ago that Zoom was not asked for them."


@pytest.mark.parametrize(
    "error",
    [
        Rejected("The from or to is invalid.", code="invalid_parameter"),
        Missing("Too old.", code="report_expired"),
        Missing("Unknown.", code="not_found"),
        Blocked("No permission.", code="not_permitted"),
    ],
)
def test_refused_month_between_others_is_a_hole_and_no_end(error: ProviderError) -> None:
    """Promise: an error is never an empty list."""
    rows = payload("history_month")["history_meetings"]
    hole = (date(2025, 10, 1), date(2025, 11, 1))

    def history(first: date, last: date, _kind: str) -> Any:
        if hole[0] <= last <= hole[1]:
            return error
        return [{**rows[0], "meeting_uuid": f"run {first}"}] if first > date(2025, 6, 1) else []

    records = discovered(account(history=history, webinars=[]))
    assert any(each.external_id < "run 2025-09" for each in conferences(records))
    assert problems(records) == [error.code]
    (told,) = of_kind(Problem, records)
    assert str(told.error) == f"Of the four weeks before 16 October 2025 Zoom gives out nothing. {error.message}"


def test_months_that_may_not_be_read_are_no_end_of_zooms_memory() -> None:
    def newest_only(_first: date, last: date, _kind: str) -> Any:
        rows = payload("history_month")["history_meetings"]
        return rows if last == NEWEST else Blocked("No permission.", code="not_permitted")

    zoom = account(history=newest_only, webinars=[])
    records = discovered(zoom)
    assert (problems(records), notices(records)) == (["not_permitted"] * 3, [])
    assert zoom.times_asked("history") == 4


LOST = Rejected("Lost.", code="page_token_expired")
FORBIDDEN = NotPermitted("No.", code="not_permitted", status=403)


@pytest.mark.parametrize("error", [LOST, FORBIDDEN])
def test_month_that_breaks_off_does_not_end_the_history(error: ProviderError) -> None:
    """Promise: what was not listed to its end is never success."""
    rows = payload("history_month")["history_meetings"]

    def broken(first: date, last: date, _kind: str) -> Any:
        return [rows[0], error] if last == NEWEST else rows[1:] if first < date(2025, 6, 1) else []

    records = discovered(account(history=broken, webinars=[]))

    assert [each.external_id for each in conferences(records)] == [UUID, AGAIN]
    assert (problems(records), notices(records)) == ([error.code], [])


@pytest.mark.parametrize("error", [LOST, FORBIDDEN])
def test_month_that_is_not_too_old_is_no_end_in_peace(error: ProviderError) -> None:
    def newest_only(_first: date, last: date, _kind: str) -> Any:
        return payload("history_month")["history_meetings"] if last == NEWEST else error

    records = discovered(account(history=newest_only, webinars=[]))

    assert len(conferences(records)) == 2
    assert (set(problems(records)), notices(records)) == ({error.code}, [])


def test_flawed_rows_are_repaired_where_possible_and_listed_in_any_case() -> None:
    rows = payload("history_flawed")["history_meetings"]
    records = discovered(account(history=newest_month(rows), webinars=[], past_instances=[]))

    assert [(each.external_id, each.starts_at, each.ends_at, each.guessed) for each in conferences(records)] == [
        ("noStart==========", at("10:30"), at("11:00"), ("starts_at",)),
        ("allBlank=========", at("08:00", "2026-02-01"), at("08:00", "2026-02-01"), ("starts_at", "ends_at")),
        ("backwards========", at("12:00"), at("12:15"), ("ends_at",)),
    ]
    assert conferences(records)[2].title == f"Zoom webinar {NUMBER}"
    assert "actual_start_at" not in conferences(records)[0].detail
    assert problems(records) == []
    flaws = of_kind(FlawRecord, records)
    assert [(each.reasons, each.stored) for each in flaws] == [
        (("no start",), True),
        (("no start", "no end", "length not readable"), True),
        (("ends before it starts",), True),
        (("no uuid",), False),
        (("no start", "no end"), False),
    ]
    assert [each.key for each in flaws[:3]] == [each.external_id for each in conferences(records)]
    assert [each.raw for each in flaws] == rows


@pytest.mark.parametrize(
    "kind",
    ["Webinar", "webinar", " WEBINAR ", "Webinar Plus", 5, "5", 6, 9, " 9 ", 9.0, None, "", "Event", 99, True, []],
)
def test_run_of_the_history_is_a_webinar_unless_zoom_says_that_it_is_not(kind: Any) -> None:
    """Promise: however the type is written, no webinar is missing."""
    rows = [{**each, "type": kind} for each in payload("history_month")["history_meetings"]]
    records = discovered(account(history=newest_month(rows), webinars=[]))

    assert [(each.external_id, each.detail["kind"]) for each in conferences(records)] == [
        (each["meeting_uuid"], "webinar") for each in rows
    ]
    assert of_kind(Notice, records) == []


@pytest.mark.parametrize("kind", ["Meeting", "meeting", "Zoom Meeting", 1, 2, "2", 3, 4, 7, 8])
def test_meetings_of_the_history_that_nobody_asked_for_are_left_out_and_counted(kind: Any) -> None:
    rows = [{**each, "type": kind} for each in payload("history_month")["history_meetings"]]
    records = discovered(account(history=lambda *_: list(rows), webinars=[]))

    assert conferences(records) == []
    assert [(each.text, each.level) for each in of_kind(Notice, records)] == [
        (f"Sessions in Zoom's history that are no webinars and were left out: {len(rows)}.", "info")
    ]


@pytest.mark.parametrize(("kind", "found"), [(9, "webinar"), ("Meeting", "meeting"), ("Event", "webinar")])
def test_host_report_of_any_type_is_read(kind: Any, found: str) -> None:
    def report(_user: str, _first: date, last: date, which: str) -> Any:
        return [reported("run", type=kind)] if (last, which) == (NEWEST, "past") else []

    zoom = without_history(report_user_meetings=report, webinars=[], meetings=[])
    records = discovered(zoom, kinds=("webinar", "meeting"))

    assert [(each.external_id, each.detail["kind"]) for each in conferences(records)] == [("run", found)]


def test_hosts_without_licence_and_those_refused_are_skipped_with_their_reason() -> None:
    refusals = {
        "hostVega": LicenceMissing("The host has no webinar licence.", code="webinar_licence_missing"),
        "hostGone": Missing("Zoom does not know this person.", code="user_not_found"),
    }

    def webinars(user_id: str) -> Any:
        if user_id in refusals:
            raise refusals[user_id]
        return payload("user_webinars")["webinars"]

    others = ({"id": "hostGone", "email": "gone@example.org"}, {"id": "hostMoss", "email": "moss@example.org"})
    records = discovered(account(users=hosts(HOST, inactive=others), webinars=webinars))

    assert notices(records) == ["host_webinar_licence_missing", "host_user_not_found"]
    told = next(record for record in records if isinstance(record, Notice) and record.code.startswith("host_"))
    assert told.text == "Host vega@example.org was left out: The host has no webinar licence."
    assert conferences(records)[-1].organizer == "moss@example.org"
    assert problems(records) == []


def test_fault_at_one_host_is_a_problem_and_the_others_go_on() -> None:
    def webinars(user_id: str) -> Any:
        if user_id == "hostVega":
            raise ServerTrouble("Oops.")
        return payload("user_webinars")["webinars"]

    records = discovered(account(users=hosts(HOST, {"id": "hostMoss", "email": "m@example.org"}), webinars=webinars))

    assert problems(records) == ["provider_trouble"]
    assert conferences(records)[-1].external_id == "futureRun1234567=="


@pytest.mark.parametrize("error", [DailyLimit("Enough for today."), RateLimited("Slow down."), ServerTrouble("Oops.")])
def test_limit_or_fault_in_the_history_ends_the_search_and_falls_back_to_nothing(error: Exception) -> None:
    with pytest.raises(type(error)):
        discovered(account(history=error))


def test_daily_limit_at_a_host_ends_the_search() -> None:
    with pytest.raises(DailyLimit):
        discovered(account(webinars=DailyLimit("Enough for today.")))


NO = NotPermitted("No.", code="missing_scope")
ME = {"id": "hostVega", "email": "vega@example.org"}


def refusals(records: list[Record]) -> list[str]:
    return [each.error.message for each in of_kind(Problem, records) if isinstance(each.error, Blocked)]


@pytest.mark.parametrize(
    "refused", [{"history": NO, "report_user_meetings": []}, {"users": NO, "report_user_meetings": [], "user": ME}]
)
def test_refused_list_is_never_success_however_much_another_one_tells(refused: dict[str, Any]) -> None:
    """A 403 is never success: what only that list knows stays unknown."""
    records = discovered(account(past_instances=[], report_users=NO, **refused))

    (problem,) = of_kind(Problem, records)
    assert (problem.error.outcome, problem.error.code) == ("blocked", "missing_scope")
    assert conferences(records)


def test_what_zoom_closes_to_personal_apps_is_told_and_is_no_fault() -> None:
    """facts 0.5: nobody can let such an app read reports, so that doing without is the usual way."""
    zoom = without_history(
        report_user_meetings=NO, users=NO, report_users=NO, user=ME, scopes=frozenset({"user:read:user"})
    )
    records = discovered(zoom)

    assert (problems(records), notices(records)) == ([], ["missing_scope"] * 3)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotPermitted("No.", code="not_permitted"), "blocked"),
        (Rejected("Lost.", code="page_token_expired"), "failed"),
    ],
)
def test_host_who_is_refused_for_no_reason_of_theirs_is_a_problem(error: Any, outcome: str) -> None:
    records = discovered(account(webinars=error))

    (problem,) = of_kind(Problem, records)
    assert (problem.error.outcome, problem.error.code) == (outcome, error.code)
    assert problem.error.message == f"Host vega@example.org was left out: {error.message}"


def test_host_whom_zoom_restricts_is_left_out_and_named() -> None:
    records = discovered(account(webinars=NotPermitted("Not this host.", code="host_restricted", status=400)))

    assert (problems(records), notices(records)) == ([], ["host_host_restricted"])


def test_host_whom_we_may_not_look_at_is_never_success() -> None:
    records = discovered(account(webinars=NotPermitted("Not this host.", code="host_restricted", status=403)))

    assert (problems(records), notices(records)) == (["host_restricted"], [])


def test_without_the_list_of_users_the_reports_tell_who_hosts() -> None:
    def hosted(first: date, last: date, kind: str) -> Any:
        return [HOST] if (last, kind) == (NEWEST, "active") else []

    records = discovered(account(users=NO, report_users=hosted))

    assert [each.organizer for each in conferences(records)][-1] == "vega@example.org"
    assert refusals(records) == [f"No. {hosts_of_account.FROM_REPORTS}"]


def test_app_that_may_not_list_users_finds_what_the_connected_one_hosts() -> None:
    zoom = account(users=NO, report_users=NO, user=ME)
    records = discovered(zoom)

    assert [call[1] for call in zoom.asked if call[0] == "webinars"] == ["me"]
    assert conferences(records)[-1].organizer == "vega@example.org"
    assert refusals(records) == [f"No. {hosts_of_account.ONLY_ME}"]
    assert of_kind(Unlisted, records) == [Unlisted()]


def test_connected_user_may_be_nobody_one_may_look_at() -> None:
    refused = Missing("Zoom does not know this person.", code="user_not_found")
    records = discovered(account(users=NO, report_users=NO, user=refused, webinars=refused))

    assert (notices(records), problems(records)) == (["host_user_not_found"], ["missing_scope"])
    assert of_kind(Notice, records)[-1].text == (
        "Host (the connected user) was left out: Zoom does not know this person."
    )


# Meetings, where they are wanted.


def test_meetings_are_found_where_they_are_wanted() -> None:
    def everything(_first: date, last: date, kind: str) -> Any:
        assert kind == "all"
        return payload("history_month")["history_meetings"] if last == NEWEST else []

    coming = {"uuid": "soon", "id": 123456789, "type": 2, "start_time": "2026-03-21T09:00:00Z", "duration": 30}
    found = conferences(discovered(account(history=everything, meetings=[coming]), kinds=("webinar", "meeting")))

    assert [(each.external_id, each.detail["kind"]) for each in found] == [
        (UUID, "webinar"),
        (AGAIN, "webinar"),
        ("meet", "meeting"),
        ("futureRun1234567==", "webinar"),
        ("soon", "meeting"),
    ]


# Without the right to read the account's history.


def reported(uuid: str, start: str = "2026-03-02T10:01:00Z", **values: Any) -> dict[str, Any]:
    row = {
        "uuid": uuid,
        "id": int(NUMBER),
        "type": 9,
        "topic": "Algebra for everybody",
        "user_name": "Prof. Vega",
        "user_email": "vega@example.org",
        "start_time": start,
        "end_time": "2026-03-02T11:00:00Z",
        "duration": 59,
        "total_minutes": 300,
        "participants_count": 0,
        "source": "Zoom",
    }
    return {**row, **values}


def without_history(**answers: Any) -> FakeZoom:
    """Each host's report tells one run of several people and one of one, and a meeting."""
    rows = {"past": [reported(UUID), reported("meet", type=2)], "pastOne": [reported("alone"), reported(UUID)]}

    def report(_user: str, _first: date, last: date, kind: str) -> Any:
        return list(rows[kind]) if last == NEWEST else []

    instances = {NUMBER: payload("instances_series")["webinars"]}
    given = {
        "history": NO,
        "report_user_meetings": report,
        "past_instances": lambda _kind, number: list(instances.get(number, [])),
    }
    return account(**{**given, **answers})


def test_without_the_history_each_hosts_report_tells_what_took_place() -> None:
    """Also what had one participant only; then what the lists know beside."""
    records = discovered(without_history())

    assert [each.external_id for each in conferences(records)] == [
        UUID,
        "alone",
        "futureRun1234567==",
        "next",
        AGAIN,
        "old",
    ]
    assert problems(records) == ["missing_scope"]


def test_best_record_of_a_run_wins() -> None:
    """The lists know the planned end only."""
    run = conferences(discovered(without_history()))[0]

    assert (run.starts_at, run.ends_at, run.guessed) == (at("10:01"), at("11:00"), ())
    assert run.detail == {
        "kind": "webinar",
        "uuid": UUID,
        "zoom_id": int(NUMBER),
        "type": 9,
        "topic": "Algebra for everybody",
        "host_name": "Prof. Vega",
        "host_email": "vega@example.org",
        "actual_start_at": at("10:01"),
        "actual_end_at": at("11:00"),
        "actual_duration_minutes": 59,
        "participants_count": 0,
        "total_minutes": 300,
        "status": "ended",
        "report": {"source": "Zoom"},
    }


def test_hosts_reports_are_asked_for_six_months_by_the_month() -> None:
    zoom = without_history(users=hosts(HOST, inactive=({"id": "hostGone", "email": "gone@example.org"},)))
    discovered(zoom)
    asked = [call[1:] for call in zoom.asked if call[0] == "report_user_meetings"]

    assert {call[0] for call in asked} == {"hostVega", "hostGone"}
    assert {call[3] for call in asked} == {"past", "pastOne"}
    assert all(last - first <= timedelta(days=28) for _, first, last, _ in asked)
    assert (DAYS_LATER.date() - min(first for _, first, _, _ in asked)).days == 180


def test_meetings_of_a_hosts_report_are_found_where_they_are_wanted() -> None:
    records = discovered(without_history(meetings=[]), kinds=("webinar", "meeting"))

    assert {each.external_id: each.detail["kind"] for each in conferences(records)}["meet"] == "meeting"


def test_host_whose_report_is_refused_is_named_and_the_others_are_read() -> None:
    def report(user: str, *_: Any) -> Any:
        if user == "hostVega":
            raise Missing("Zoom does not know this person.", code="user_not_found")
        return [reported(UUID)]

    records = discovered(without_history(users=hosts(HOST, {"id": "hostMoss"}), report_user_meetings=report))

    assert (notices(records), problems(records)) == (["host_user_not_found"], ["missing_scope"])
    assert UUID in [each.external_id for each in conferences(records)]


def test_fault_in_one_month_of_a_host_is_a_problem_and_the_rest_is_read() -> None:
    def report(_user: str, _first: date, last: date, kind: str) -> Any:
        if last == NEWEST and kind == "past":
            raise ServerTrouble("Oops.")
        return [reported("alone")]

    records = discovered(without_history(report_user_meetings=report))

    assert problems(records) == ["provider_trouble", "missing_scope"]
    assert conferences(records)[0].external_id == "alone"


def test_refused_month_of_a_host_between_others_is_a_hole() -> None:
    error = Rejected("The from or to is invalid.", code="invalid_parameter")

    def report(_user: str, first: date, last: date, _kind: str) -> Any:
        return error if date(2025, 12, 1) <= last <= date(2026, 1, 1) else [reported(f"run {first}")]

    records = discovered(without_history(report_user_meetings=report))
    assert set(problems(records)) == {"invalid_parameter", "missing_scope"}
    assert any(each.external_id < "run 2025-11" for each in conferences(records))


@pytest.mark.parametrize("error", [LOST, FORBIDDEN])
def test_month_of_a_host_that_is_not_too_old_is_no_end_in_peace(error: ProviderError) -> None:
    def report(_user: str, _first: date, last: date, _kind: str) -> Any:
        return [reported("alone")] if last == NEWEST else error

    records = discovered(without_history(report_user_meetings=report))

    assert set(problems(records)) == {error.code, "missing_scope"}
    assert conferences(records)[0].external_id == "alone"


def without_reports(**answers: Any) -> FakeZoom:
    return without_history(**{"report_user_meetings": NO, **answers})


def test_without_reports_each_hosts_series_lead_to_their_runs() -> None:
    """And each refusal is said once."""
    zoom = without_reports(users=hosts(HOST, {"id": "hostMoss", "email": "moss@example.org"}))
    records = discovered(zoom)

    assert [each.external_id for each in conferences(records)] == ["futureRun1234567==", "next", AGAIN, UUID, "old"]
    assert refusals(records) == [f"No. {host_reports.NO_REPORTS}", f"No. {discovery.NO_HISTORY}"]
    assert zoom.times_asked("report_user_meetings") == 1
    assert {flaw.reasons for flaw in of_kind(FlawRecord, records)} == {("no uuid or no start",)}


def test_without_reports_a_run_has_its_own_start_and_its_planned_length() -> None:
    run = next(each for each in conferences(discovered(without_reports())) if each.external_id == UUID)

    assert (run.starts_at, run.ends_at, run.organizer) == (at("09:58"), at("10:58"), "vega@example.org")
    assert (run.detail["status"], run.detail["actual_start_at"]) == ("ended", at("09:58"))
    assert run.guessed == ("ends_at",)
    assert "scheduled_start_at" not in run.detail


def test_where_nothing_may_be_read_the_search_is_refused() -> None:
    with pytest.raises(NotPermitted):
        discovered(without_reports(users=NO, report_users=NO, user=NO, webinars=NO))


def test_without_reports_a_series_that_never_ran_has_no_runs() -> None:
    records = discovered(without_reports(past_instances=Missing("Unknown.", code="not_found")))

    assert [each.external_id for each in conferences(records)] == ["futureRun1234567=="]
    assert problems(records) == ["missing_scope", "missing_scope"]


# What breaks costs itself only.


def test_fault_in_one_month_of_the_history_is_a_problem_and_the_rest_is_read() -> None:
    def broken(first: date, last: date, _kind: str) -> Any:
        if last == NEWEST:
            return [*payload("history_month")["history_meetings"][:1], ServerTrouble("Oops.")]
        return payload("history_month")["history_meetings"][1:2] if first < date(2026, 1, 1) else []

    records = discovered(account(history=broken, webinars=[]))

    assert problems(records) == ["provider_trouble"]
    assert [each.external_id for each in conferences(records)] == [UUID, AGAIN]
    assert notices(records) == []


def test_zoom_that_is_down_is_not_asked_for_every_month() -> None:
    zoom = account(history=ServerTrouble("Oops."))
    with pytest.raises(ServerTrouble):
        discovered(zoom)

    assert zoom.times_asked("history") == 3


def test_list_of_users_that_breaks_off_keeps_those_whom_it_named() -> None:
    def users(status: str) -> Any:
        return [HOST, Malformed("Round in circles.")] if status == "active" else []

    records = discovered(account(users=users))

    assert problems(records) == ["malformed_answer"]
    assert conferences(records)[-1].external_id == "futureRun1234567=="


def test_hosts_left_out_for_one_reason_are_named_in_one_sentence() -> None:
    everybody = hosts(HOST, {"id": "hostMoss", "email": "moss@example.org"})
    records = discovered(account(users=everybody, webinars=LicenceMissing("No licence.", code="licence_missing")))

    assert [each.text for each in of_kind(Notice, records) if each.code] == [
        "Hosts vega@example.org, moss@example.org were left out: No licence."
    ]
    assert of_kind(Unlisted, records) == [Unlisted("vega@example.org"), Unlisted("moss@example.org")]


def test_range_in_the_past_asks_nobody_what_they_have_planned() -> None:
    zoom = account()
    discovered(zoom, Span(at("00:00", "2026-02-01"), at("00:00", "2026-03-03")))

    assert {call[0] for call in zoom.asked} == {"history"}


def test_occurrences_that_share_the_uuid_of_the_next_are_that_one() -> None:
    row = payload("user_webinars")["webinars"][0]
    later = {**row, "start_time": "2026-03-27T09:00:00Z"}
    found = {conferences(discovered(account(webinars=listed)))[-1].starts_at for listed in ([row, later], [later, row])}

    assert found == {at("09:00", "2026-03-20")}


def test_what_is_to_come_is_only_planned() -> None:
    assert [each.planned for each in conferences(discovered(account()))] == [False, False, True]
