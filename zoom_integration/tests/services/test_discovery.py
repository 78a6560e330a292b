"""Searching an account: what took place, what is to come, and what had to be left out."""

from datetime import date, timedelta
from typing import Any

import pytest

from conferences.providers.base import Span
from conferences.providers.errors import (
    DailyLimit,
    LicenceMissing,
    Missing,
    NotPermitted,
    RateLimited,
    Rejected,
    ServerTrouble,
)
from conferences.providers.records import ConferenceRecord, Notice
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
    return FakeZoom(**{**given, **answers})


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
            "creation_source": "Zoom",
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
    assert (DAYS_LATER.date() - asked[-1][0]).days == 460


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
        if first < date(2025, 10, 1):
            raise Rejected("Too old.", code="invalid_parameter")
        return newest_month(payload("history_month")["history_meetings"])(first, last, "webinar")

    records = discovered(account(history=six_months, webinars=[]))

    assert len(conferences(records)) == 2
    assert notices(records) == ["invalid_parameter"]


def test_flawed_rows_are_repaired_where_possible_and_listed_in_any_case() -> None:
    rows = payload("history_flawed")["history_meetings"]
    records = discovered(account(history=newest_month(rows), webinars=[]))

    assert [(each.external_id, each.starts_at, each.ends_at) for each in conferences(records)] == [
        ("noStart==========", at("10:30"), at("11:00")),
        ("allBlank=========", at("08:00", "2026-02-01"), at("08:00", "2026-02-01")),
        ("backwards========", at("12:00"), at("12:15")),
    ]
    assert conferences(records)[0].detail["report"]["flaws"] == ["no start"]
    assert conferences(records)[2].title == f"Zoom webinar {NUMBER}"
    assert "actual_start_at" not in conferences(records)[0].detail
    assert notices(records) == ["flawed", "flawed", "flawed"]
    assert problems(records) == ["occurrence_unreadable", "occurrence_unreadable"]


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


def test_hosts_that_may_not_be_listed_cost_only_what_is_to_come() -> None:
    records = discovered(account(users=NotPermitted("No.", code="missing_scope")))

    assert len(conferences(records)) == 2
    assert notices(records) == ["missing_scope"]


# Without the right to read reports.


def without_reports(**answers: Any) -> FakeZoom:
    instances = {NUMBER: payload("instances_series")["webinars"]}
    given = {
        "history": NotPermitted("No report scope.", code="missing_scope"),
        "past_instances": lambda _kind, number: list(instances.get(number, [])),
    }
    return account(**{**given, **answers})


def test_without_reports_each_hosts_series_lead_to_their_runs() -> None:
    records = discovered(without_reports())

    assert [each.external_id for each in conferences(records)] == ["futureRun1234567==", "next", AGAIN, UUID, "old"]
    assert notices(records) == ["missing_scope"]
    assert problems(records) == ["occurrence_unreadable"]


def test_without_reports_a_run_has_its_own_start_and_its_planned_length() -> None:
    run = next(each for each in conferences(discovered(without_reports())) if each.external_id == UUID)

    assert (run.starts_at, run.ends_at, run.organizer) == (at("09:58"), at("10:58"), "vega@example.org")
    assert (run.detail["status"], run.detail["actual_start_at"]) == ("ended", at("09:58"))


def test_without_reports_and_hosts_the_search_is_refused() -> None:
    with pytest.raises(NotPermitted):
        discovered(without_reports(users=NotPermitted("No.")))


def test_without_reports_a_series_that_never_ran_has_no_runs() -> None:
    records = discovered(without_reports(past_instances=Missing("Unknown.", code="not_found")))

    assert [each.external_id for each in conferences(records)] == ["futureRun1234567=="]
