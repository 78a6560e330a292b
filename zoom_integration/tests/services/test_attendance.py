"""Attendance. The fixtures are the oddities that real reports show."""

from typing import Any

import pytest

from conferences.providers.errors import (
    CredentialsRefused,
    DailyLimit,
    LicenceMissing,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    ServerTrouble,
    Unreachable,
)
from conferences.providers.records import AttendanceRecord, FlawRecord, Interval, Record
from zoom_integration.tests.zoom import (
    AGAIN,
    DETAIL,
    HOUR_LATER,
    NUMBER,
    UUID,
    FakeZoom,
    at,
    by_number,
    details,
    fetched,
    nothing,
    notices,
    of_kind,
    payload,
    people,
    problems,
    seconds,
    target,
    total,
    totals,
    webinar_zoom,
)


def rows(name: str) -> list[dict[str, Any]]:
    return payload(f"participants_{name}")["participants"]


def reported(name: str, stated: int | None = None, **answers: Any) -> FakeZoom:
    listed = rows(name)
    return webinar_zoom(report_participants=total(len(listed) if stated is None else stated, listed), **answers)


def attendance(name: str, **answers: Any) -> list[Record]:
    return fetched(reported(name, **answers), "attendance")


def by_name(records: list[Record]) -> dict[str, AttendanceRecord]:
    return {record.name: record for record in people(records)}


def test_rejoin_is_one_person_with_two_sessions_and_the_later_name() -> None:
    (ann,) = people(attendance("rejoin"))

    assert ann == AttendanceRecord(
        identity_key="registrant:regAnn",
        sitting=UUID,
        source="participant_report",
        name="Ann L.",
        email="ann@example.org",
        role="attendee",
        kind="guest",
        lasting=True,
        reported_seconds=2400,
        intervals=(
            Interval(at("10:00"), at("10:10"), f"{UUID}|16778240|2026-03-02T10:00:00+00:00||"),
            Interval(at("10:20"), at("10:50"), f"{UUID}|16780288|2026-03-02T10:20:00+00:00||"),
        ),
        extra={"also_known_as": ["Ann Lee"], "identities": ["registrant:regAnn", "email:ann@example.org"]},
    )


def test_two_devices_are_a_union_with_the_gap_left_out() -> None:
    (ann,) = people(attendance("two_devices"))

    assert seconds(ann) == (5 + 20) * 60
    assert ann.reported_seconds == (5 + 10 + 18) * 60


def test_waiting_room_is_no_attendance_and_is_told() -> None:
    records = attendance("waiting_room")

    assert [(record.name, seconds(record)) for record in people(records)] == [("Ann Lee", 2400)]
    assert [record.text for record in records if "waiting room" in getattr(record, "text", "")] == [
        "Stays in the waiting room, which are not attendance and were left out: 2."
    ]
    assert totals(records) == [3]


def test_breakout_room_belongs_to_whoever_made_that_join() -> None:
    found = by_name(attendance("breakout"))

    assert {name: seconds(record) for name, record in found.items()} == {"Ann Lee": 3600, "Bo Chen": 1200}
    assert found["Ann Lee"].extra == {"breakout_rooms": ["cm9vbTE="]}
    assert found["Bo Chen"].identity_key.startswith("guest:")


def test_hostile_names_are_kept_storable() -> None:
    names = [record.name for record in people(attendance("hostile_names"))]

    assert sorted(names) == sorted(["Lee# Ann", "🦊 \u202eوليد\u202c", "Null", "x" * 200, "", ""])


def test_dial_ins_and_bots_are_labelled() -> None:
    kinds = {record.name: record.kind for record in people(attendance("dial_in_and_bot"))}

    assert kinds == {
        "1415***0123": "dial_in",
        "+49 (30) 5550 100": "dial_in",
        "Ann's Otter.ai": "bot",
        "Otter.ai": "member",
    }


def test_people_of_one_name_stay_apart() -> None:
    """Two registrants are two people; and of three guests, two of whom were there at once, nobody can tell who came
    back."""
    found = people(attendance("same_names"))

    assert sorted((record.identity_key.partition(":")[0], seconds(record) // 60) for record in found) == [
        ("guest", 10),
        ("guest", 10),
        ("guest", 30),
        ("registrant", 60),
        ("registrant", 60),
    ]
    assert {record.extra.get("identity_weak", False) for record in found if "guest:" in record.identity_key} == {True}


def test_host_and_panelists_are_told_from_attendees() -> None:
    roles = {record.name: record.role for record in people(attendance("host_and_panelists"))}

    assert roles == {
        "Prof. Vega": "organizer",
        "Dr. Moss": "presenter",
        "Co-host Ray": "presenter",
        "Ann Lee": "attendee",
    }


def test_roles_are_left_open_when_the_panelists_are_refused() -> None:
    records = attendance("host_and_panelists", panelists=NotPermitted("No."))

    assert [record.role for record in people(records)] == ["organizer", "", "presenter", ""]
    assert "no_panelists" in notices(records)
    assert problems(records) == []


def test_bad_times_are_clamped_flagged_and_never_dropped() -> None:
    records = attendance("bad_times")
    found = by_name(records)

    assert {name: [(i.joined_at, i.left_at) for i in record.intervals] for name, record in found.items()} == {
        "No Leave": [(at("10:00"), at("10:10"))],
        "Still There": [(at("10:00"), at("10:00"))],
        "Backwards": [(at("10:30"), at("10:30"))],
        "No Join": [],
        "Zero": [(at("10:00"), at("10:20"))],
        "Garbled": [],
        "Bare": [],
    }
    flaws = {flaw.about: flaw for flaw in of_kind(FlawRecord, records)}
    assert {name: flaw.reasons for name, flaw in flaws.items()} == {
        "No Leave": ("no leave time",),
        "Still There": ("no leave time",),
        "Backwards": ("left before joining", "negative length"),
        "No Join": ("no join time",),
        "Zero": ("length of zero",),
        "Garbled": ("no join time", "no length"),
        "Bare": ("no join time", "no leave time", "no length"),
    }
    assert flaws["Backwards"] == FlawRecord(
        f"{UUID}|3|2026-03-02T10:30:00+00:00||",
        ("left before joining", "negative length"),
        next(row for row in rows("bad_times") if row["name"] == "Backwards"),
        "Backwards",
    )


def test_length_of_zero_soon_after_the_end_is_no_flaw() -> None:
    """Zoom does its sums last."""
    flaws = of_kind(FlawRecord, fetched(reported("bad_times"), "attendance", now=HOUR_LATER))

    assert "Zero" not in {flaw.about for flaw in flaws}
    assert "Backwards" in {flaw.about for flaw in flaws}


def test_length_of_zero_without_an_end_stays_open_until_zoom_has_done_its_sums() -> None:
    """Who was still in when it was first asked has, days later, no time at all; the flaw is told both times."""
    soon, later = (fetched(reported("bad_times"), "attendance", **when) for when in ({"now": HOUR_LATER}, {}))

    assert [by_name(each)["Still There"].intervals[0].left_at for each in (soon, later)] == [None, at("10:00")]
    raw = next(row for row in rows("bad_times") if row["name"] == "Still There")
    for each in (soon, later):
        flaws = {flaw.about: flaw for flaw in of_kind(FlawRecord, each)}
        assert (flaws["Still There"].reasons, flaws["Still There"].raw) == (("no leave time",), raw)


def test_times_of_waiting_are_nobodys_flaw() -> None:
    waiting = [{**row, "leave_time": ""} for row in rows("waiting_room") if row["status"] == "in_waiting_room"]
    records = fetched(webinar_zoom(report_participants=total(len(waiting), waiting)), "attendance")

    assert of_kind(FlawRecord, records) == []


def test_row_that_comes_twice_counts_once_with_its_later_end() -> None:
    records = attendance("repeated")

    assert {record.name: seconds(record) for record in people(records)} == {"Ann Lee": 720, "Bo Chen": 600}
    assert notices(records) == ["repeated_rows"]
    assert (problems(records), nothing(records)) == ([], [])


def test_rows_that_share_any_sure_key_are_one_person() -> None:
    (ann,) = people(attendance("sharing_keys"))

    assert (ann.identity_key, seconds(ann), ann.kind) == ("registrant:regAnn", 3000, "member")


@pytest.mark.parametrize("name", ["rejoin", "same_names", "hostile_names", "bad_times", "sharing_keys", "breakout"])
def test_second_fetch_in_another_order_says_the_same(name: str) -> None:
    """A second sync creates and updates nothing: Zoom's lists have no stable order."""
    listed = rows(name)
    first, second = (
        people(fetched(webinar_zoom(report_participants=total(len(listed), order)), "attendance"))
        for order in (listed, listed[::-1])
    )

    def comparable(records: list[AttendanceRecord]) -> list[tuple[Any, ...]]:
        return sorted((each.identity_key, each.name, each.intervals, each.reported_seconds) for each in records)

    assert comparable(first) == comparable(second)


# When to fall back.


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NotPermitted("No scope.", code="missing_scope"), "warning"),
        (LicenceMissing("No plan.", code="licence_missing"), "warning"),
        (Missing("Too old.", code="report_expired"), "info"),
        (Missing("Unknown.", code="not_found"), "info"),
    ],
)
def test_refused_or_missing_report_gives_way_to_past_participants(error: ProviderError, level: str) -> None:
    zoom = webinar_zoom(report_participants=error, past_participants=total(2, rows("past")))

    records = fetched(zoom, "attendance")

    assert [(record.source, record.identity_key, record.kind) for record in people(records)] == [
        ("past_participants", "email:ann@example.org", "guest"),
        ("past_participants", "user:uBo", "member"),
    ]
    assert people(records)[0].intervals[0].joined_at == at("10:00:00.250")
    assert [record.level for record in records if getattr(record, "code", "") == error.code] == [level]
    assert problems(records) == []


@pytest.mark.parametrize(
    "error",
    [
        RateLimited("Slow down."),
        DailyLimit("Enough for today."),
        ServerTrouble("Oops."),
        Unreachable("Nobody."),
        CredentialsRefused("Who?"),
        Malformed("What?"),
    ],
)
def test_limits_and_faults_never_fall_back(error: ProviderError) -> None:
    """No fallback after a 429 or a 5xx: it would hide lost rows. What was read is kept."""
    zoom = webinar_zoom(report_participants=total(2, [rows("rejoin")[0], error]))

    records = fetched(zoom, "attendance")

    assert zoom.times_asked("past_participants") == 0
    assert [record.name for record in people(records)] == ["Ann Lee"]
    assert problems(records) == [error.code]
    assert nothing(records) == []


def test_report_that_is_there_but_says_nothing_is_no_reason_for_another_list() -> None:
    """facts 3.3 lists the reasons; code 3000 is none of them."""
    zoom = webinar_zoom(report_participants=Missing("No information.", code="not_available"))

    records = fetched(zoom, "attendance")

    assert (zoom.times_asked("past_participants"), nothing(records)) == (0, ["unavailable"])


def test_both_lists_refused_is_blocked_and_not_nobody() -> None:
    zoom = webinar_zoom(report_participants=NotPermitted("No."), past_participants=NotPermitted("No.", code="never"))

    records = fetched(zoom, "attendance")

    assert (problems(records), nothing(records), people(records)) == (["never"], [], [])


@pytest.mark.parametrize(
    ("now", "told"), [(HOUR_LATER, ([], ["not_ready"])), (at("12:00", "2026-03-05"), (["never"], []))]
)
def test_refused_report_and_no_other_list_is_blocked_and_not_nobody(now: Any, told: Any) -> None:
    """We were not allowed to look: that is not the same as having nothing."""
    zoom = webinar_zoom(
        report_participants=NotPermitted("No.", code="never"), past_participants=Missing("?", code="not_found")
    )

    records = fetched(zoom, "attendance", now=now)

    assert (problems(records), nothing(records)) == told


@pytest.mark.parametrize(("now", "code"), [(HOUR_LATER, "not_ready"), (at("12:00", "2026-03-05"), "unavailable")])
def test_list_that_is_nowhere_is_not_ready_at_first_and_unavailable_later(now: Any, code: str) -> None:
    missing = Missing("Unknown.", code="not_found")
    zoom = webinar_zoom(report_participants=missing, past_participants=missing)

    assert nothing(fetched(zoom, "attendance", now=now)) == [code]


# Ready or not.


def test_empty_list_soon_after_the_end_is_not_ready() -> None:
    records = fetched(webinar_zoom(report_participants=total(0, [])), "attendance", now=HOUR_LATER)

    assert nothing(records) == ["not_ready"]


def test_empty_list_days_later_means_that_nobody_came() -> None:
    zoom = webinar_zoom(report_participants=total(0, []))

    assert nothing(fetched(zoom, "attendance")) == ["none_found"]
    assert zoom.times_asked("past_participants") == 0


def test_lengths_of_zero_soon_after_the_end_are_stored_and_not_ready() -> None:
    records = fetched(reported("unprocessed"), "attendance", now=HOUR_LATER)

    assert (len(people(records)), nothing(records)) == (2, ["not_ready"])


def test_lengths_of_zero_days_later_are_what_they_are() -> None:
    records = attendance("unprocessed")

    assert (len(people(records)), nothing(records), problems(records)) == (2, [], [])


def test_before_the_start_nobody_is_asked() -> None:
    zoom = FakeZoom()

    assert nothing(fetched(zoom, "attendance", now=at("09:00"))) == ["not_started"]
    assert zoom.asked == []


# Totals.


def test_fewer_rows_than_stated_is_a_problem_and_keeps_what_came() -> None:
    records = fetched(reported("rejoin", stated=3), "attendance")

    assert (len(people(records)), problems(records), totals(records)) == (1, ["truncated"], [3])


def test_fewer_rows_than_stated_soon_after_the_end_is_not_ready() -> None:
    records = fetched(reported("rejoin", stated=3), "attendance", now=HOUR_LATER)

    assert (problems(records), nothing(records), notices(records)) == ([], ["not_ready"], ["truncated"])


def test_list_begun_anew_that_ends_early_is_truncated() -> None:
    listed = rows("two_devices")
    zoom = webinar_zoom(report_participants=total(4, [listed[0], listed[1], *listed]))

    assert problems(fetched(zoom, "attendance")) == ["truncated"]


# Which occurrence.


def test_uuid_that_is_known_is_asked_for_as_it_is() -> None:
    zoom = reported("rejoin")

    fetched(zoom, "attendance")

    assert zoom.asked == [
        ("webinar", NUMBER),
        ("panelists", NUMBER),
        ("report_participants", "webinar", UUID),
    ]


def test_number_and_time_find_every_run_of_this_occurrence_and_no_neighbour() -> None:
    zoom = reported("rejoin", past_instances=payload("instances_series")["webinars"])

    records = fetched(zoom, "attendance", by_number())

    asked = [call[2] for call in zoom.asked if call[0] == "report_participants"]
    assert asked == [UUID, AGAIN]
    assert [(record.identity_key, record.sitting) for record in people(records)] == [
        ("registrant:regAnn", UUID),
        ("registrant:regAnn", AGAIN),
    ]
    assert details(records)["uuid"] == UUID


def test_one_refused_report_makes_every_run_use_one_source() -> None:
    zoom = webinar_zoom(
        past_instances=payload("instances_series")["webinars"],
        report_participants=NotPermitted("No."),
        past_participants=total(2, rows("past")),
    )

    records = fetched(zoom, "attendance", by_number())

    assert zoom.times_asked("report_participants") == 1
    assert {record.source for record in people(records)} == {"past_participants"}


def test_runs_that_differ_in_source_name_the_poorer_one() -> None:
    def report(kind: str, uuid: str, on_total: Any) -> Any:
        if uuid == AGAIN:
            raise Missing("Unknown.", code="not_found")
        return total(2, rows("rejoin"))(kind, uuid, on_total)

    zoom = webinar_zoom(
        past_instances=payload("instances_series")["webinars"],
        report_participants=report,
        past_participants=total(2, rows("past")),
    )

    records = fetched(zoom, "attendance", by_number())

    assert {(record.sitting, record.source) for record in people(records)} == {
        (UUID, "past_participants"),
        (AGAIN, "past_participants"),
    }


def test_nothing_at_that_time_is_told_as_such() -> None:
    zoom = webinar_zoom(past_instances=[], history=[])

    assert nothing(fetched(zoom, "attendance", by_number())) == ["unavailable"]


# The provider's own columns.


def test_details_of_the_series_are_learned_without_its_secrets() -> None:
    found = details(attendance("rejoin"))

    assert (
        found["topic"],
        found["registrants_restrict_number"],
        found["has_passcode"],
        found["has_h323_passcode"],
    ) == (
        "Algebra for everybody",
        0,
        True,
        False,
    )
    assert found["uuid"] == UUID
    assert not [value for value in found.values() if "hunter2" in str(value) or "SECRET" in str(value)]


def test_deleted_series_says_since_when_and_blanks_nothing() -> None:
    zoom = reported("rejoin", webinar=Missing("Gone."))

    assert details(fetched(zoom, "attendance")) == {
        "kind": "webinar",
        "zoom_id": int(NUMBER),
        "uuid": UUID,
        "status": "ended",
        "detail_missing_at": at("12:00", "2026-03-05"),
    }


def test_deleted_series_keeps_its_first_date() -> None:
    zoom = reported("rejoin", webinar=Missing("Gone."))
    known = target(detail={**DETAIL, "detail_missing_at": at("10:00", "2026-03-03")})

    assert "detail_missing_at" not in details(fetched(zoom, "attendance", known))


def test_report_of_the_run_is_asked_for_only_where_no_listing_told_it() -> None:
    zoom = reported("rejoin", report=payload("report_webinar"))
    known = target(detail={**DETAIL, "participants_count": None})

    found = details(fetched(zoom, "attendance", known))

    assert (found["participants_count"], found["actual_duration_minutes"], found["host_name"]) == (41, 64, "Prof. Vega")


@pytest.mark.parametrize("odd", [{}, {"topic": "Odd"}, Malformed("What?")])
def test_details_of_a_wrong_shape_cost_no_attendance_and_are_not_learned(odd: Any) -> None:
    """One part failing never costs another: the attendance is as good without them."""
    records = fetched(reported("rejoin", webinar=odd), "attendance")

    assert (len(people(records)), problems(records)) == (1, [])
    assert [record.level for record in records if getattr(record, "code", "") == "malformed_answer"] == ["warning"]
    assert details(records).keys() == {"kind", "zoom_id", "uuid", "status"}


def test_panelists_of_a_wrong_shape_cost_no_attendance() -> None:
    records = fetched(reported("rejoin", panelists=[Malformed("What?")]), "attendance")

    assert (len(people(records)), problems(records), notices(records)) == (1, [], ["no_panelists"])


def test_fault_while_learning_details_costs_no_attendance() -> None:
    records = fetched(reported("rejoin", webinar=ServerTrouble("Oops.")), "attendance")

    assert (len(people(records)), problems(records)) == (1, ["provider_trouble"])


def test_fault_while_reading_the_panelists_costs_no_attendance_and_leaves_roles_open() -> None:
    records = attendance("host_and_panelists", panelists=[ServerTrouble("Oops.")])

    assert [record.role for record in people(records)] == ["organizer", "", "presenter", ""]
    assert problems(records) == ["provider_trouble"]


def test_fault_in_the_report_of_the_run_costs_no_attendance() -> None:
    zoom = reported("rejoin", report=ServerTrouble("Oops."))
    records = fetched(zoom, "attendance", target(detail={**DETAIL, "participants_count": None}))

    assert (len(people(records)), problems(records)) == (1, ["provider_trouble"])


@pytest.mark.parametrize("part", ["webinar", "panelists", "report"])
@pytest.mark.parametrize("error", [DailyLimit("Enough."), CredentialsRefused("Who?")])
def test_limit_of_the_day_and_refused_sign_in_end_the_step_in_any_part(part: str, error: ProviderError) -> None:
    zoom = reported("rejoin", **{"report": payload("report_webinar"), part: error})
    with pytest.raises(type(error)):
        fetched(zoom, "attendance", target(detail={**DETAIL, "participants_count": None}))
