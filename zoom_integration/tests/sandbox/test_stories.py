"""Each peculiarity of Zoom's rows is really there, and alone."""

from datetime import datetime
from typing import Any

import pytest

from zoom_integration.sandbox.stories import odd_rows, odd_runs, open_lecture, tutorial
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.tests.sandbox.asking import Asker, segment

AMARA, BASTIAN = LEARNERS[:2]


def _rows(zoom: Asker, story: str, kind: str = "webinar") -> list[dict[str, Any]]:
    path = f"/report/{kind}s/{segment(odd_rows.uuid(story))}/participants"
    return zoom.rows(path, "participants", page_size=300, include_fields="registrant_id")


def _of(rows: list[dict[str, Any]], email: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["user_email"] == email]


def test_every_row_has_a_user_id_of_its_own_but_where_a_row_is_repeated(zoom: Asker) -> None:
    for story in odd_rows.STORIES:
        rows = _rows(zoom, story.__name__, "meeting" if story is odd_rows.breakout else "webinar")
        repeated = 1 if story is odd_rows.repeated else 0
        assert len({row["user_id"] for row in rows}) == len(rows) - repeated, story.__name__


def test_host_is_in_the_list_with_an_id_and_others_are_not(zoom: Asker) -> None:
    rows = _rows(zoom, "rejoin")
    assert [bool(row["id"]) for row in rows] == [True] + [False] * 4
    assert all(row["id"] == row["participant_user_id"] for row in rows)


def test_rejoin_is_three_rows_of_one_registrant(zoom: Asker) -> None:
    rows = _of(_rows(zoom, "rejoin"), AMARA.email)
    assert (len(rows), {row["registrant_id"] for row in rows}) == (3, {AMARA.registrant})


def test_two_devices_overlap_and_leave_a_gap(zoom: Asker) -> None:
    rows = _of(_rows(zoom, "two_devices"), AMARA.email)
    minutes: set[int] = set()
    for row in rows:
        joined, left = (datetime.fromisoformat(row[name]) for name in ("join_time", "leave_time"))
        start = int((joined - odd_rows.FIRST_DAY).total_seconds() // 60)
        minutes |= set(range(start, start + int((left - joined).total_seconds() // 60)))
    assert (len(minutes), sum(row["duration"] for row in rows) // 60) == (50, 70)


def test_waiting_room_rows_say_so(zoom: Asker) -> None:
    rows = _rows(zoom, "waiting_room")
    assert [row["status"] for row in _of(rows, AMARA.email)] == ["in_waiting_room", "in_meeting"]
    assert [row["status"] for row in _of(rows, BASTIAN.email)] == ["in_waiting_room"]


def test_breakout_row_lies_within_the_main_one(zoom: Asker) -> None:
    main, room = _of(_rows(zoom, "breakout", "meeting"), AMARA.email)
    assert (bool(main["bo_mtg_id"]), bool(room["bo_mtg_id"])) == (False, True)
    assert main["join_time"] < room["join_time"] < room["leave_time"] < main["leave_time"]


def test_renamed_person_keeps_the_registration(zoom: Asker) -> None:
    rows = _of(_rows(zoom, "renamed"), AMARA.email)
    assert [row["name"] for row in rows] == ["Amara Nwosu", "amara (phone)"]
    assert len({row["registrant_id"] for row in rows}) == 1


def test_hostile_names_arrive_unharmed(zoom: Asker) -> None:
    assert tuple(row["name"] for row in _rows(zoom, "hostile_names")[1:]) == odd_rows.HOSTILE_NAMES
    report = zoom.json(f"/report/webinars/{segment(odd_rows.uuid('hostile_names'))}")
    assert len(report["topic"]) == 200


def test_telephone_has_a_masked_number_and_nothing_else(zoom: Asker) -> None:
    rows = [row for row in _rows(zoom, "phone") if row["name"].startswith("+49")]
    assert len(rows) == 2
    assert {row[name] for row in rows for name in ("id", "user_email", "registrant_id", "customer_key")} == {""}


def test_namesakes_are_three_people_of_one_name(zoom: Asker) -> None:
    rows = [row for row in _rows(zoom, "namesakes") if row["name"] == "Anna Berg"]
    assert [bool(row["registrant_id"]) for row in rows] == [True, True, False]
    assert rows[0]["registrant_id"] != rows[1]["registrant_id"]


def test_practice_precedes_the_start(zoom: Asker) -> None:
    start = zoom.json(f"/report/webinars/{segment(odd_rows.uuid('practice'))}")["start_time"]
    early = [row["name"] for row in _rows(zoom, "practice") if row["leave_time"] < start]
    assert early == ["Jonas Lindqvist"]


def test_broken_times_are_missing_blank_backwards_and_wrong(zoom: Asker) -> None:
    rows = _rows(zoom, "broken_times")
    assert [row.get("leave_time", "missing")[:16] for row in rows[1:5]] == [
        "",
        "missing",
        "2026-10-10T12:00",
        "2026-10-10T13:00",
    ]
    assert [row.get("duration") for row in rows[1:]] == [0, None, -3600, 0, 3599, 7200]
    assert rows[5]["join_time"] == "2026-10-10T13:00:00.66Z"


def test_sums_that_are_not_done_are_zero(zoom: Asker) -> None:
    assert {row["duration"] for row in _rows(zoom, "no_durations")} == {0}


def test_nameless_rows_have_registrations_only(zoom: Asker) -> None:
    rows = _rows(zoom, "nameless")
    assert {(row["name"], row["user_email"]) for row in rows} == {("", "")}
    assert len({row["registrant_id"] for row in rows if row["registrant_id"]}) == 4


def test_app_gives_its_own_key(zoom: Asker) -> None:
    rows = _rows(zoom, "failover")
    assert [row["customer_key"] for row in rows] == ["", "", "", "kiosk-17", "kiosk-17"]
    assert [row["failover"] for row in rows] == [False, False, True, False, False]


def _history(zoom: Asker, uuid: str) -> dict[str, Any]:
    params = {"from_": "2026-10-01", "to": "2026-10-31", "page_size": 300}
    rows = zoom.rows("/report/history_meetings", "history_meetings", **params)
    return next(row for row in rows if row["meeting_uuid"] == uuid)


def test_history_may_be_blank(zoom: Asker) -> None:
    row = _history(zoom, odd_runs.uuid("blank_times"))
    assert (row["start_time"], row["end_time"], row["duration"]) == ("", "", 0)


def test_history_counts_otherwise_than_the_rows(zoom: Asker) -> None:
    row = _history(zoom, odd_runs.uuid("counts_differ"))
    assert (row["participants"], row["unique_viewers"], row["max_concurrent_views"]) == (9, 4, 3)


def test_restart_is_two_uuids_of_one_number_six_minutes_apart(zoom: Asker) -> None:
    first, second = (_history(zoom, odd_runs.uuid(story)) for story in ("restart", "restarted"))
    assert first["meeting_id"] == second["meeting_id"]
    gap = datetime.fromisoformat(second["start_time"]) - datetime.fromisoformat(first["end_time"])
    assert gap.total_seconds() == 360
    latest = zoom.json(f"/report/webinars/{first['meeting_id']}")
    assert latest["uuid"] == odd_runs.uuid("restarted")


def test_open_lecture_has_an_independent_sum(zoom: Asker) -> None:
    """14 people stay 70:27 less 48 s an index; every third is away for three minutes."""
    path = f"/report/webinars/{segment(open_lecture.UUID)}/participants"
    rows = [row for row in zoom.rows(path, "participants") if not row["id"] and row["name"] != "Selma Aydin"]
    assert sum(row["duration"] for row in rows) == 14 * 4_227 - 48 * sum(range(14)) - 5 * 180


@pytest.mark.parametrize("week", [0, 1, 2])
def test_tutorial_has_one_learner_fewer_every_week(zoom: Asker, week: int) -> None:
    rows = zoom.rows(f"/report/meetings/{segment(tutorial.UUIDS[week])}/participants", "participants")
    assert len({row["user_email"] for row in rows if row["user_email"]}) == 8 - week
    assert len(rows) == 2 + 3 * (7 - week)
