import re

import pytest
from django.test import Client
from django.urls import reverse

from conferences.models import Conference, SyncRun
from conferences.sync import runs
from conferences.sync.result import result
from conferences.tests.school import School
from conferences.tests.views.conftest import BROWSER, HTMX, JSON, end_step, run_of


def address(name: str, conference: Conference, *more: int) -> str:
    return reverse(f"conferences:{name}", args=[conference.pk, *more])


def test_start_answers_a_program_with_the_run(teacher: Client, conference: Conference) -> None:
    response = teacher.post(address("sync", conference), headers=JSON)
    run = SyncRun.objects.get()
    assert response.status_code == 202
    assert response.json() == {"run": run.pk, "status_url": f"/conferences/{conference.pk}/sync/{run.pk}/"}
    assert (run.requested_by.email, run.requested_via) == ("dana@example.org", "page")


def test_start_answers_htmx_with_the_card(teacher: Client, conference: Conference) -> None:
    response = teacher.post(address("sync", conference), headers=HTMX)
    assert (response.status_code, response.templates[0].name) == (202, "conferences/_sync.html")
    assert response.context["card"].run == SyncRun.objects.get()
    assert "data-poll" in response.text


def test_start_by_a_plain_form_leads_back_to_the_page(teacher: Client, conference: Conference) -> None:
    response = teacher.post(address("sync", conference), headers=BROWSER)
    assert (response.status_code, response["Location"]) == (302, conference.get_absolute_url())


def test_start_of_some_operations_only(teacher: Client, conference: Conference) -> None:
    teacher.post(address("sync", conference), {"operations": ["chat", "attendance"]}, headers=JSON)
    assert SyncRun.objects.get().operations == ["attendance", "chat"]


def test_start_of_an_unknown_operation_is_one_sentence(teacher: Client, conference: Conference) -> None:
    response = teacher.post(address("sync", conference), {"operations": "polls"}, headers=JSON)
    assert (response.status_code, list(response.json())) == (400, ["message"])
    assert not SyncRun.objects.exists()


def test_second_start_is_a_conflict_that_names_the_active_run(teacher: Client, conference: Conference) -> None:
    active = run_of(conference)
    response = teacher.post(address("sync", conference), headers=JSON)
    assert response.status_code == 409
    assert response.json() == {
        "run": active.pk,
        "status_url": address("status", conference, active.pk),
        "message": "A sync of this conference is already under way.",
    }


def test_second_start_shows_htmx_the_active_run(teacher: Client, conference: Conference) -> None:
    active = run_of(conference)
    response = teacher.post(address("sync", conference), headers=HTMX)
    assert (response.status_code, response.context["card"].run.pk) == (409, active.pk)


def test_second_start_by_a_plain_form_says_why(teacher: Client, conference: Conference) -> None:
    run_of(conference)
    response = teacher.post(address("sync", conference), headers=BROWSER, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "A sync of this conference is already under way."
    ]


def test_too_many_starts_are_refused_for_a_while(
    teacher: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> SyncRun:
        raise runs.TooManyStarts

    monkeypatch.setattr(runs, "request", refuse)
    assert teacher.post(address("sync", conference), headers=JSON).status_code == 429


def test_start_with_an_uninstalled_provider_is_one_sentence(teacher: Client, school: School) -> None:
    school.connection.provider = "gone"
    school.connection.save()
    response = teacher.post(address("sync", school.conference()), headers=JSON)
    assert (response.status_code, list(response.json())) == (400, ["message"])


def test_status_answers_a_program_with_the_result(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "succeeded", message="Successfully synced 2 items", progress=100)
    response = teacher.get(address("status", conference, run.pk), headers=JSON)
    assert response.json() == result(run)


def test_status_without_a_preference_is_json(teacher: Client, conference: Conference) -> None:
    response = teacher.get(address("status", conference, run_of(conference).pk))
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(("headers", "template"), [(HTMX, "conferences/_sync.html"), (BROWSER, "conferences/run.html")])
def test_status_for_people(headers: dict[str, str], template: str, teacher: Client, conference: Conference) -> None:
    response = teacher.get(address("status", conference, run_of(conference).pk), headers=headers)
    assert (response.status_code, response.templates[0].name) == (200, template)


def test_status_is_kept_apart_by_kind_and_person(teacher: Client, conference: Conference) -> None:
    response = teacher.get(address("status", conference, run_of(conference).pk), headers=HTMX)
    assert (response["Vary"], response["Cache-Control"]) == ("Accept, HX-Request, Cookie", "no-cache, private")


def test_unchanged_status_is_not_sent_again(teacher: Client, conference: Conference) -> None:
    url = address("status", conference, run_of(conference, "succeeded", message="Done").pk)
    first = teacher.get(url, headers=HTMX)
    again = teacher.get(url, headers={**HTMX, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_changed_status_is_sent(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "running")
    url = address("status", conference, run.pk)
    first = teacher.get(url, headers=HTMX)
    SyncRun.objects.filter(pk=run.pk).update(progress=7)
    assert teacher.get(url, headers={**HTMX, "If-None-Match": first["ETag"]}).status_code == 200


def test_fragment_counts_the_steps_that_have_ended(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "running")
    url = address("status", conference, run.pk)
    assert 'data-done="0"' in teacher.get(url, headers=HTMX).text
    end_step(run, "attendance", "synced")
    assert 'data-done="1"' in teacher.get(url, headers=HTMX).text


@pytest.mark.parametrize(
    ("state", "polls"), [("queued", True), ("running", True), ("partial", False), ("cancelled", False)]
)
def test_fragment_polls_only_while_the_run_is_active(
    state: str, polls: bool, teacher: Client, conference: Conference
) -> None:
    response = teacher.get(address("status", conference, run_of(conference, state).pk), headers=HTMX)
    assert ("data-poll" in response.text, "hx-get" in response.text) == (polls, polls)


@pytest.mark.parametrize(("state", "reloads"), [("running", True), ("succeeded", False)])
def test_page_without_javascript_reloads_itself_while_the_run_is_active(
    state: str, reloads: bool, teacher: Client, conference: Conference
) -> None:
    run = run_of(conference, state)
    for url in (conference.get_absolute_url(), address("status", conference, run.pk)):
        page = teacher.get(url, headers=BROWSER).text
        assert ('<noscript><meta http-equiv="refresh" content="3"></noscript>' in page) is reloads


def test_every_viewer_notices_a_dead_run(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "running", heartbeat_at="2026-01-01T00:00Z", started_at="2026-01-01T00:00Z")
    response = teacher.get(conference.get_absolute_url())
    assert response.context["card"].run.state == "failed"
    assert SyncRun.objects.get(pk=run.pk).code == "stale"


def test_cancel_ends_a_queued_run_at_once(teacher: Client, conference: Conference) -> None:
    run = run_of(conference)
    response = teacher.post(address("cancel", conference, run.pk), headers=HTMX)
    assert (response.status_code, response.context["card"].run.state) == (202, "cancelled")


def test_cancel_answers_a_program_and_a_plain_form(teacher: Client, conference: Conference) -> None:
    run = run_of(conference)
    url = address("cancel", conference, run.pk)
    assert teacher.post(url, headers=JSON).json()["run"] == run.pk
    assert teacher.post(url, headers=BROWSER)["Location"] == conference.get_absolute_url()


def test_advice_is_shown_with_lines_to_copy(teacher: Client, conference: Conference) -> None:
    run = run_of(conference, "partial")
    advice = (
        'Run this:\nNew-CsApplicationAccessPolicy -Identity "LMS"\nGrant-CsApplicationAccessPolicy -Global\nThen sync.'
    )
    end_step(run, "attendance", "blocked", "Not allowed.", advice=advice)
    page = teacher.get(address("status", conference, run.pk), headers=HTMX).text
    commands = re.findall(r"<code>(.*?)</code>", page, re.DOTALL)
    assert commands == [
        "New-CsApplicationAccessPolicy -Identity &quot;LMS&quot;\nGrant-CsApplicationAccessPolicy -Global"
    ]
