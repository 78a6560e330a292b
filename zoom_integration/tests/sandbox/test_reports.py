from datetime import UTC, datetime, timedelta

import pytest

from zoom_integration.sandbox.stories import big_class, odd_runs, open_lecture, tutorial, water_days
from zoom_integration.sandbox.stories.cast import GONE, JONAS, PRIYA
from zoom_integration.tests.sandbox.asking import Asker, asking, segment

HISTORY = "/report/history_meetings"
NOVEMBER = {"from_": "2026-11-01", "to": "2026-11-30"}
RUN = segment(open_lecture.UUID)


def _uuids(zoom: Asker, **params: str) -> list[str]:
    return [row["meeting_uuid"] for row in zoom.rows(HISTORY, "history_meetings", page_size=300, **params)]


def test_history_tells_runs_of_all_hosts_newest_first(zoom: Asker) -> None:
    rows = zoom.rows(HISTORY, "history_meetings", page_size=300, **NOVEMBER)
    starts = [row["start_time"] for row in rows]
    assert starts == sorted(starts, reverse=True)
    assert {open_lecture.UUID, big_class.UUID, *tutorial.UUIDS} <= {row["meeting_uuid"] for row in rows}


def test_history_can_be_of_one_kind(zoom: Asker) -> None:
    webinars, meetings = (set(_uuids(zoom, meeting_type=kind, **NOVEMBER)) for kind in ("webinar", "meeting"))
    assert meetings == set(tutorial.UUIDS)
    assert webinars | meetings == set(_uuids(zoom, meeting_type="all", **NOVEMBER))
    assert not webinars & meetings


def test_history_does_not_say_how_many(zoom: Asker) -> None:
    assert set(zoom.json(HISTORY, **NOVEMBER)) == {"next_page_token", "page_size", "history_meetings"}


def test_history_takes_both_days_of_a_range(zoom: Asker) -> None:
    assert big_class.UUID in _uuids(zoom, from_="2026-11-12", to="2026-11-12")


def test_run_over_midnight_belongs_to_the_day_of_its_start(zoom: Asker) -> None:
    uuid = odd_runs.uuid("midnight")
    assert uuid in _uuids(zoom, from_="2026-10-31", to="2026-10-31")
    assert uuid not in _uuids(zoom, from_="2026-11-01", to="2026-11-01")
    assert uuid in _uuids(zoom, from_="2026-11-01", to="2026-11-01", date_type="end_time")


REFUSED = {
    "no dates": {},
    "no end": {"from_": "2026-11-01"},
    "other form": {"from_": "01.11.2026", "to": "2026-11-30"},
    "backwards": {"from_": "2026-11-30", "to": "2026-11-01"},
    "longer than a month": {"from_": "2026-10-01", "to": "2026-11-02"},
    "other kind": {**NOVEMBER, "meeting_type": "party"},
    "other date": {**NOVEMBER, "date_type": "created"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_history_refuses(zoom: Asker, case: str) -> None:
    assert zoom.refusal(HISTORY, **REFUSED[case])[:2] == (400, 300)


def test_a_month_may_have_31_days(zoom: Asker) -> None:
    assert zoom.get(HISTORY, from_="2026-10-01", to="2026-11-01").status_code == 200


def test_users_are_told_by_whether_they_hosted(zoom: Asker) -> None:
    october = {"from_": "2026-10-26", "to": "2026-10-26"}  # the day of the deleted series alone
    hosted, idle = (
        {row["email"]: row["meetings"] for row in zoom.rows("/report/users", "users", type=kind, **october)}
        for kind in ("active", "inactive")
    )
    assert hosted[GONE.email] == 1
    assert set(idle.values()) == {0}
    assert {*hosted, *idle} == {host.email for host in zoom.account.hosts if host.status != "pending"}
    assert zoom.refusal("/report/users", type="pending", **october)[:2] == (400, 300)


def _days(first: int, last: int) -> dict[str, str]:
    today = datetime.now(UTC).date()
    return {"from_": str(today - timedelta(days=first)), "to": str(today - timedelta(days=last))}


def test_user_report_leaves_out_the_lonely(own_zoom: Asker) -> None:
    run = own_zoom.account.occurrences[odd_runs.uuid("single_attendee")]
    run.starts_at = datetime.now(UTC) - timedelta(days=5)
    path = f"/report/users/{PRIYA.id}/meetings"
    listed = {
        kind: [row["uuid"] for row in own_zoom.rows(path, "meetings", type=kind, page_size=300, **_days(6, 4))]
        for kind in ("past", "pastOne")
    }
    assert run.uuid not in listed["past"]
    assert run.uuid in listed["pastOne"]


def test_user_report_reaches_back_six_months(zoom: Asker) -> None:
    path = f"/report/users/{JONAS.id}/meetings"
    assert zoom.get(path, **_days(183, 160)).status_code == 200
    assert zoom.refusal(path, **_days(186, 160))[:2] == (400, 300)


def test_host_who_left_still_has_reports(zoom: Asker) -> None:
    rows = zoom.rows(f"/report/users/{GONE.email}/meetings", "meetings", page_size=300, **_days(170, 140))
    assert {row["user_email"] for row in rows} == {GONE.email}


def test_report_of_a_run(zoom: Asker) -> None:
    answer = zoom.json(f"/report/webinars/{RUN}")
    told = {name: answer[name] for name in ("id", "type", "start_time", "end_time", "duration", "participants_count")}
    assert told == {
        "id": open_lecture.ID,
        "type": 5,
        "start_time": "2026-11-10T15:00:00Z",
        "end_time": "2026-11-10T16:10:27Z",
        "duration": 71,
        "participants_count": 22,
    }


@pytest.mark.parametrize("address", ["/report/meetings/{}", "/report/meetings/{}/participants", "/past_meetings/{}"])
def test_webinar_is_no_meeting(zoom: Asker, address: str) -> None:
    assert zoom.refusal(address.format(RUN))[:2] == (404, 3001)


def test_number_means_the_latest_run(zoom: Asker) -> None:
    assert zoom.json(f"/report/meetings/{tutorial.ID}")["uuid"] == tutorial.UUIDS[-1]


def test_registrant_ids_come_on_request_only(zoom: Asker) -> None:
    path = f"/report/webinars/{RUN}/participants"
    assert not any("registrant_id" in row for row in zoom.rows(path, "participants"))
    assert all("registrant_id" in row for row in zoom.rows(path, "participants", include_fields="registrant_id"))
    assert zoom.refusal(path, include_fields="everything")[:2] == (400, 300)


def test_fallback_tells_less(zoom: Asker) -> None:
    full = zoom.json(f"/report/webinars/{RUN}/participants", include_fields="registrant_id")["participants"][0]
    less = zoom.json(f"/past_webinars/{RUN}/participants", include_fields="registrant_id")["participants"][0]
    assert set(full) - set(less) == {"participant_user_id", "customer_key"}
    assert set(less) - set(full) == {"internal_user"}


@pytest.mark.parametrize("what", ["", "/participants", "/qa", "/polls", "/survey"])
def test_account_without_report_scope_is_refused_by_name(what: str) -> None:
    with asking(account="lakeside") as zoom:
        status, code, message = zoom.refusal(f"/report/webinars/{segment(water_days.UUID)}{what}")
    assert (status, code) == (400, 4711)
    assert message.startswith("Invalid access token, does not contain scopes:[report:read:")


def test_account_without_report_scope_has_the_fallback() -> None:
    with asking(account="lakeside") as zoom:
        rows = zoom.rows(f"/past_webinars/{segment(water_days.UUID)}/participants", "participants")
    assert len(rows) == 8


@pytest.mark.parametrize(
    ("story", "report", "fallback"),
    [("expired", (400, 12702), (400, 12702)), ("unreported", (404, 3001), 200), ("plan_too_low", (400, 200), 200)],
)
def test_refused_reports(zoom: Asker, story: str, report: tuple[int, int], fallback: object) -> None:
    run = segment(odd_runs.uuid(story))
    assert zoom.refusal(f"/report/webinars/{run}/participants")[:2] == report
    answer = zoom.get(f"/past_webinars/{run}/participants")
    assert fallback in (answer.status_code, (answer.status_code, answer.json().get("code")))
