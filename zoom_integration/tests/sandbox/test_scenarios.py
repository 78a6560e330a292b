from datetime import UTC, datetime, timedelta

import pytest

from conferences.providers.sandbox import Options
from zoom_integration.sandbox import scenarios
from zoom_integration.sandbox.stories import big_class, open_lecture
from zoom_integration.tests.sandbox.asking import Asker, asking, segment

LECTURE = f"/report/webinars/{segment(open_lecture.UUID)}/participants"


@pytest.mark.parametrize("name", scenarios.SCENARIOS)
def test_every_scenario_can_be_built_and_says_what_it_is(name: str) -> None:
    assert scenarios.descriptions()[name]
    world = scenarios.build(Options(name, webinars=3, participants=2))
    assert [account.key for account in world.accounts] == ["northfield", "lakeside", "southgate"]


def test_scenario_of_another_provider_plays_the_usual() -> None:
    with asking("policy-granted") as zoom:
        assert zoom.get(LECTURE).status_code == 200


def test_without_report_scope_nobody_reads_reports() -> None:
    with asking("no-report-scope") as zoom:
        assert zoom.refusal(LECTURE)[:2] == (400, 4711)
        assert zoom.get(f"/webinars/{open_lecture.ID}").status_code == 200


def test_classic_scopes_open_everything() -> None:
    with asking("classic-scopes") as zoom:
        assert zoom.get(LECTURE).status_code == 200
        assert zoom.get("/users").status_code == 200


def test_disabled_app_is_told_at_the_token() -> None:
    with asking("disabled-app") as zoom:
        assert zoom.sign_in().json()["error"] == "invalid_client"


def test_short_tokens_say_so() -> None:
    with asking("short-tokens") as zoom:
        assert zoom.sign_in().json()["expires_in"] == 3


def test_unprocessed_lecture_ended_just_now_without_durations() -> None:
    with asking("unprocessed") as zoom:
        ended_at = datetime.fromisoformat(zoom.json(LECTURE.removesuffix("/participants"))["end_time"])
        assert {row["duration"] for row in zoom.rows(LECTURE, "participants")} == {0}
    assert timedelta(0) < datetime.now(UTC) - ended_at < timedelta(hours=24)


def test_shrunk_lecture_has_lost_rows_files_and_questions() -> None:
    with asking("shrunk") as zoom:
        run = segment(open_lecture.UUID)
        assert len(zoom.rows(LECTURE, "participants")) == 5
        assert len(zoom.json(f"/meetings/{run}/recordings")["recording_files"]) == 6
        assert zoom.json(f"/report/webinars/{run}/qa")["questions"] == []


def _history(zoom: Asker, months: int) -> list[str]:
    uuids, last = [], datetime.now(UTC).date()
    for _ in range(months):
        first = last - timedelta(days=29)
        params = {"from_": str(first), "to": str(last), "page_size": 300}
        uuids += [row["meeting_uuid"] for row in zoom.rows("/report/history_meetings", "history_meetings", **params)]
        last = first - timedelta(days=1)
    return uuids


def test_large_account_has_exactly_what_was_ordered() -> None:
    with asking("large", webinars=450, participants=700) as zoom:
        uuids = _history(zoom, 13)
        assert len(uuids) == len(set(uuids)) == 450
        rows = zoom.rows(f"/report/webinars/{segment(uuids[200])}/participants", "participants", page_size=300)
    assert (len(rows), len({row["user_email"] for row in rows})) == (1_400, 700)


def test_large_account_keeps_no_rows() -> None:
    world = scenarios.build(Options("large", webinars=2_000, participants=100_000))
    runs = world.accounts[0].occurrences.values()
    assert (len(runs), {len(run.rows) for run in runs}) == (2_000, {200_000})


def test_scenario_can_be_changed_while_serving(own_zoom: Asker) -> None:
    assert own_zoom.switch("scenario", name="shrunk") == 204
    assert own_zoom.refusal(LECTURE)[:2] == (401, 124)
    own_zoom.sign_in()
    assert len(own_zoom.rows(LECTURE, "participants")) == 5


def test_scopes_show_in_the_next_token(own_zoom: Asker) -> None:
    assert own_zoom.switch("scopes", scopes=["user:read:admin"]) == 204
    assert own_zoom.get(LECTURE).status_code == 200
    assert own_zoom.sign_in().json()["scope"] == "user:read:admin"
    assert own_zoom.refusal(LECTURE)[:2] == (400, 4711)


def test_tokens_can_be_revoked(own_zoom: Asker) -> None:
    assert own_zoom.switch("revoke-tokens") == 204
    assert own_zoom.refusal(LECTURE) == (401, 124, "Invalid access token.")


def test_token_life_can_be_shortened(own_zoom: Asker) -> None:
    assert own_zoom.switch("token-life", seconds=7) == 204
    assert own_zoom.sign_in().json()["expires_in"] == 7


@pytest.mark.parametrize(
    ("switch", "body"), [("nope", {}), ("scopes", {"scope": []}), ("token-life", {"seconds": "x"}), ("daily-limit", {})]
)
def test_switch_that_is_none_is_refused(own_zoom: Asker, switch: str, body: dict[str, object]) -> None:
    assert own_zoom.switch(switch, **body) == 400


def test_faults_come_in_zooms_words(own_zoom: Asker) -> None:
    own_zoom.served.faults.add("503:/participants:1")
    own_zoom.served.faults.add("429:/participants:1:retry-after=2026-11-21T00:00:00Z")
    assert own_zoom.refusal(LECTURE) == (503, 503, "Service is temporarily unavailable.")
    limited = own_zoom.get(LECTURE)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "2026-11-21T00:00:00Z")
    assert limited.json()["code"] == 429


def test_looping_list_never_ends(own_zoom: Asker) -> None:
    own_zoom.served.faults.add("loop:/participants")
    path = f"/report/webinars/{segment(big_class.UUID)}/participants?page_size=300"
    token = own_zoom.json(path)["next_page_token"]
    again = own_zoom.get(path, next_page_token=token)
    assert (token, again.json()["next_page_token"]) == ("the-same-page-again",) * 2
