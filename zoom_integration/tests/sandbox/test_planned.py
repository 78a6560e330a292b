"""Users, and what they have planned."""

from datetime import UTC, datetime

import pytest

from zoom_integration.sandbox.stories import big_class, odd_runs, open_lecture, tutorial
from zoom_integration.sandbox.stories.cast import GONE, JONAS, MIRA, PENDING, PRIYA, UNLICENSED
from zoom_integration.tests.sandbox.asking import Asker, segment


@pytest.mark.parametrize(
    ("status", "emails"),
    [
        ("active", [MIRA.email, JONAS.email, PRIYA.email, UNLICENSED.email]),
        ("inactive", [GONE.email]),
        ("pending", [PENDING.email]),
    ],
)
def test_users_are_listed_by_status(zoom: Asker, status: str, emails: list[str]) -> None:
    assert [row["email"] for row in zoom.rows("/users", "users", status=status)] == emails


def test_users_are_the_active_ones_unless_told(zoom: Asker) -> None:
    assert zoom.rows("/users", "users") == zoom.rows("/users", "users", status="active")
    assert zoom.refusal("/users", status="gone")[:2] == (400, 300)


def test_who_has_not_accepted_has_no_id(zoom: Asker) -> None:
    assert "id" not in zoom.rows("/users", "users", status="pending")[0]


def test_user_is_found_by_id_and_by_address(zoom: Asker) -> None:
    assert zoom.json(f"/users/{MIRA.id}") == zoom.json(f"/users/{MIRA.email}")
    assert zoom.refusal("/users/nobody@example.org") == (404, 1001, "User does not exist: nobody@example.org.")


def test_host_without_a_licence_is_refused(zoom: Asker) -> None:
    status, code, message = zoom.refusal(f"/users/{UNLICENSED.id}/webinars")
    assert (status, code) == (400, 200)
    assert message.startswith("Webinar plan is missing.")


def test_upcoming_webinars_are_some_of_the_scheduled(zoom: Asker) -> None:
    path = f"/users/{JONAS.id}/webinars"
    scheduled, upcoming = (
        {row["id"] for row in zoom.rows(path, "webinars", type=kind, page_size=300)}
        for kind in ("scheduled", "upcoming")
    )
    assert odd_runs.number("to_come") in upcoming
    assert upcoming <= scheduled
    assert zoom.refusal(path, type="past")[:2] == (400, 300)


def test_next_time_is_to_come(zoom: Asker) -> None:
    for row in zoom.rows(f"/users/{JONAS.id}/webinars", "webinars", type="upcoming", page_size=300):
        assert datetime.fromisoformat(row["start_time"]) > datetime.now(UTC)


def test_list_cuts_the_agenda_that_the_detail_tells(own_zoom: Asker) -> None:
    series = own_zoom.account.series[odd_runs.number("to_come")]
    series.agenda = "x" * 400
    rows = own_zoom.rows(f"/users/{JONAS.id}/webinars", "webinars", page_size=300)
    assert [len(row["agenda"]) for row in rows if row["id"] == series.id] == [250]
    assert len(own_zoom.json(f"/webinars/{series.id}")["agenda"]) == 400


def test_detail_has_zeros_that_mean_something(zoom: Asker) -> None:
    settings = zoom.json(f"/webinars/{odd_runs.number('crowd')}")["settings"]
    assert (settings["approval_type"], settings["registrants_restrict_number"]) == (0, 0)


def test_detail_shows_what_the_story_changes(zoom: Asker) -> None:
    answer = zoom.json(f"/webinars/{open_lecture.ID}")
    settings = answer["settings"]
    assert (settings["approval_type"], settings["alternative_hosts"]) == (1, JONAS.email)
    assert answer["tracking_fields"] == [{"field": "Faculty", "value": "Life sciences"}]


def test_detail_goes_on_under_another_uuid_than_the_finished_run(zoom: Asker) -> None:
    assert zoom.json(f"/webinars/{open_lecture.ID}")["uuid"] != open_lecture.UUID


def test_past_occurrences_are_shown_on_request(zoom: Asker) -> None:
    path = f"/meetings/{tutorial.ID}"
    assert zoom.json(path)["occurrences"] == []
    shown = zoom.json(path, show_previous_occurrences="true")["occurrences"]
    assert [each["start_time"] for each in shown] == [f"2026-11-{day:02d}T09:00:00Z" for day in (4, 11, 18)]
    key = shown[1]["occurrence_id"]
    assert zoom.json(path, show_previous_occurrences="true", occurrence_id=key)["occurrences"] == [shown[1]]
    assert zoom.refusal(path, occurrence_id="1")[:2] == (400, 300)


@pytest.mark.parametrize("address", ["/webinars/{}", "/past_webinars/{}/instances", "/webinars/{}/panelists"])
def test_deleted_series_is_gone_everywhere_but_in_reports(zoom: Asker, address: str) -> None:
    assert zoom.refusal(address.format(odd_runs.number("deleted")))[:2] == (404, 3001)
    assert zoom.json(f"/report/webinars/{segment(odd_runs.uuid('deleted'))}")["user_email"] == GONE.email


def test_instances_are_found_by_number_only(zoom: Asker) -> None:
    uuids = {row["uuid"] for row in zoom.json(f"/past_meetings/{tutorial.ID}/instances")["meetings"]}
    assert uuids == set(tutorial.UUIDS)
    assert zoom.refusal(f"/past_meetings/{segment(tutorial.UUIDS[0])}/instances")[:2] == (400, 300)


def test_webinar_that_was_never_held_has_no_runs(zoom: Asker) -> None:
    key = odd_runs.number("never_held")
    assert zoom.json(f"/past_webinars/{key}/instances") == {"webinars": []}
    assert zoom.refusal(f"/report/webinars/{key}/participants")[:2] == (404, 3001)


def test_registrants_are_listed_by_status(zoom: Asker) -> None:
    path = f"/webinars/{open_lecture.ID}/registrants"
    counts = {
        status: len(zoom.rows(path, "registrants", status=status)) for status in ("approved", "pending", "denied")
    }
    assert counts == {"approved": 18, "pending": 1, "denied": 2}
    assert zoom.rows(path, "registrants") == zoom.rows(path, "registrants", status="approved")
    assert zoom.refusal(path, status="late")[:2] == (400, 300)


def test_registrants_fill_more_than_a_page(zoom: Asker) -> None:
    path = f"/webinars/{odd_runs.number('crowd')}/registrants"
    assert [len(page) for page in zoom.pages(path, "registrants", page_size=300)] == [300, 20]


@pytest.mark.parametrize("what", ["registrants", "registrants/questions"])
def test_without_registration_there_is_nobody_to_list(zoom: Asker, what: str) -> None:
    assert zoom.refusal(f"/webinars/{big_class.ID}/{what}")[:2] == (400, 3000)


def test_absentees_are_approved_and_did_not_come(zoom: Asker) -> None:
    rows = zoom.rows(f"/past_webinars/{segment(open_lecture.UUID)}/absentees", "registrants")
    assert [row["email"] for row in rows] == [who.email for who in open_lecture.LEARNERS[14:18]]


def test_error_may_come_as_a_success(zoom: Asker) -> None:
    answer = zoom.get(f"/past_webinars/{segment(odd_runs.uuid('error_as_success'))}/absentees")
    assert (answer.status_code, answer.json()["code"]) == (200, 200)


def test_panelists_are_told_apart(zoom: Asker) -> None:
    answer = zoom.json(f"/webinars/{open_lecture.ID}/panelists")
    assert [row["email"] for row in answer["panelists"]] == [open_lecture.MODERATOR.email, JONAS.email]


def test_simple_questions_have_neither_ids_nor_times(zoom: Asker) -> None:
    run = segment(open_lecture.UUID)
    full = zoom.json(f"/report/webinars/{run}/qa")["questions"]
    simple = zoom.json(f"/past_webinars/{run}/qa")["questions"]
    assert [len(row["question_details"]) for row in full] == [1, 2, 1, 1]
    assert {name for row in simple for detail in row["question_details"] for name in detail} == {"question", "answer"}
    assert [row["name"] for row in simple] == [row["name"] for row in full]


def test_polls_of_both_calls_agree(zoom: Asker) -> None:
    run = segment(open_lecture.UUID)
    full, simple = (zoom.json(f"/{kind}/{run}/polls")["questions"] for kind in ("report/webinars", "past_webinars"))
    assert len(full) == 9
    assert [row["question_details"] for row in simple] == [row["question_details"] for row in full]
    assert full[-1]["name"] == "Anonymous Attendee"


def test_survey_is_answered_after_the_end(zoom: Asker) -> None:
    answer = zoom.json(f"/report/webinars/{segment(open_lecture.UUID)}/survey")
    moments = [row["answer_details"][0]["date_time"] for row in answer["survey_answers"]]
    assert len(moments) == 5
    assert min(moments) > "2026-11-10T16:10:27Z"
