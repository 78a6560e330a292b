"""A run in the admin: everything of it on one page, and the two buttons for those who may press them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection as db_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from conferences.admin import readonly
from conferences.models import Conference, Connection, SyncEvent, SyncItem, SyncRun, SyncStep
from conferences.roles import OPERATORS
from conferences.tests.admin.pages import told

LIST = "/admin/conferences/syncrun/"


def ran(conference: Conference, state: str = "failed", **values: object) -> SyncRun:
    """One item that failed at the first of its two operations."""
    of = {"connection": conference.connection, "conference": conference, "requested_via": "page"}
    run = SyncRun.objects.create(state=state, **of, **values)
    item = SyncItem.objects.create(run=run, conference=conference, state="queued" if run.is_active else "failed")
    now = timezone.now()
    SyncStep.objects.create(
        item=item, operation="attendance", outcome="failed", code="server_error", message="Campus broke.",
        advice="Wait.", requests=7, retries=3, started_at=now - timedelta(seconds=4), finished_at=now,
    )  # fmt: skip
    SyncStep.objects.create(item=item, operation="chat", position=1)
    SyncEvent.objects.create(run=run, item=item, level="error", text="Attendance: Campus broke.")
    SyncEvent.objects.create(run=run, text="Sync requested by dana.")
    return run


def page(run: SyncRun) -> str:
    return f"{LIST}{run.pk}/change/"


def test_page_shows_steps_items_and_log(client: Client, conference: Conference) -> None:
    shown = client.get(page(ran(conference))).context
    (attendance, chat) = shown["operations"]
    assert (attendance.name, attendance.sums["code"], attendance.sums["requests"], attendance.seconds) == (
        "attendance",
        "server_error",
        7,
        4.0,
    )
    assert (chat.name, chat.sums["outcome"], chat.seconds) == ("chat", None, None)
    assert [item.state for item in shown["items"]] == ["failed"]
    assert [event.level for event in shown["log"]] == ["info", "error"]


def also(run: SyncRun, conference: Conference, outcome: str, **values: object) -> None:
    """Another class of the run, whose attendance came to that."""
    other = Conference.objects.create(
        connection=conference.connection,
        external_id=f"other-{Conference.objects.count()}",
        starts_at=conference.starts_at,
        ends_at=conference.ends_at,
    )
    item = SyncItem.objects.create(run=run, conference=other, state="done")
    SyncStep.objects.create(item=item, operation="attendance", outcome=outcome, **values)


def test_operation_of_many_classes_counts_their_outcomes(client: Client, conference: Conference) -> None:
    """The sentence of one of them is not said of all."""
    run = ran(conference)
    also(run, conference, "no_data", code="none_found", message="Nobody came.")
    also(run, conference, "no_data", code="none_found", message="Nobody came.")
    shown = client.get(page(run))
    attendance, chat = shown.context["operations"]
    assert (attendance.outcomes, attendance.is_of_many) == ({"failed": 1, "no data": 2}, True)
    assert (chat.outcomes, chat.is_of_many) == ({"open": 1}, False)
    assert "One of those failed: Campus broke." in shown.text


def test_what_went_well_for_many_is_told_by_each(client: Client, conference: Conference) -> None:
    run = ran(conference)
    SyncStep.objects.filter(operation="attendance").update(outcome="synced", message="7 people synced.", items=7)
    also(run, conference, "synced", message="1,305 people synced.", items=1305)
    text = client.get(page(run)).text
    assert "Each class has its own, below." in text
    assert ("1,305 people synced." in text, "7 people synced." in text) == (False, False)
    assert '<td data-label="Rows">1,312<' in text


def test_log_can_be_narrowed_to_a_level(client: Client, conference: Conference) -> None:
    run = ran(conference)
    levels = {level: client.get(page(run), {"level": level}).context["log"] for level in ("error", "info", "odd")}
    assert {level: len(lines) for level, lines in levels.items()} == {"error": 1, "info": 1, "odd": 2}


def wide(conference: Conference, count: int) -> SyncRun:
    run = SyncRun.objects.create(connection=conference.connection, mode="full", state="partial")
    for number in range(count):
        other = Conference.objects.create(
            connection=conference.connection, title=f"Class {number}", external_id=f"c-{run.pk}-{number}",
            starts_at=conference.starts_at, ends_at=conference.ends_at,
        )  # fmt: skip
        state = "failed" if number == count - 1 else "done"
        item = SyncItem.objects.create(run=run, conference=other, state=state)
        SyncStep.objects.create(item=item, operation="chat", outcome="synced")
        SyncEvent.objects.create(run=run, item=item, text="Chat: synced.")
    return run


def test_failed_items_come_first_and_the_rest_in_pages(client: Client, conference: Conference) -> None:
    run = wide(conference, 30)
    first, second = (client.get(page(run), {"items": number}).context["items"] for number in (1, 2))
    assert (first[0].state, len(first), len(second)) == ("failed", 25, 5)


def test_page_costs_the_same_however_many_items(client: Client, conference: Conference) -> None:
    def cost(run: SyncRun) -> int:
        with CaptureQueriesContext(db_connection) as queries:
            assert client.get(page(run)).status_code == 200
        return len(queries)

    few = cost(wide(conference, 3))
    assert cost(wide(conference, 20)) == few


def test_resume_button_goes_on_with_what_failed(client: Client, conference: Conference, rung: list[int]) -> None:
    run = ran(conference)
    (button,) = client.get(page(run)).context["buttons"]
    assert (button["label"], client.get(button["url"]).status_code) == ("Retry 1 failed", 405)
    assert client.post(button["url"])["Location"] == page(run)
    run.refresh_from_db()
    assert (run.state, rung, run.items.get().state) == ("queued", [run.pk], "queued")
    assert run.events.latest("id").text == "Resumed by admin."


def test_cancel_button_stops_an_active_run(client: Client, conference: Conference, rung: list[int]) -> None:
    run = ran(conference, "queued")
    (button,) = client.get(page(run)).context["buttons"]
    client.post(button["url"])
    run.refresh_from_db()
    assert (button["label"], run.state) == ("Cancel", "cancelled")


def test_run_that_went_well_has_no_button(client: Client, conference: Conference) -> None:
    run = ran(conference, "succeeded")
    run.items.update(state="done")
    assert client.get(page(run)).context["buttons"] == []
    client.post(f"{LIST}{run.pk}/resume/")
    client.post(f"{LIST}{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.state == "succeeded"


def test_action_retries_the_failed_items_of_each(client: Client, conference: Conference, rung: list[int]) -> None:
    failed, active = ran(conference), ran(conference, "queued")
    active.items.all().delete()
    Conference.objects.filter(pk=conference.pk).update(title="Renamed")
    SyncRun.objects.filter(pk=active.pk).update(state="succeeded")
    form = {"action": "retry_failed_items", "_selected_action": [failed.pk, active.pk]}
    levels = [level for level, _ in told(client.post(LIST, form))]
    failed.refresh_from_db()
    assert (sorted(levels), failed.state) == (["success", "warning"], "queued")


def staff(codename: str) -> Client:
    user = User.objects.create_user("onlooker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=codename))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("codename", ["view_syncrun", "view_connection"])
def test_onlooker_has_no_button_and_is_refused(codename: str, conference: Conference) -> None:
    run, client = ran(conference), staff(codename)
    answer = client.get(page(run))
    assert (answer.status_code == 200) == (codename == "view_syncrun")
    assert f"{LIST}{run.pk}/resume/" not in answer.text
    assert [client.post(f"{LIST}{run.pk}/{what}/").status_code for what in ("cancel", "resume")] == [403, 403]
    client.post(LIST, {"action": "retry_failed_items", "_selected_action": run.pk})
    run.refresh_from_db()
    assert run.state == "failed"


def test_operator_may_press_the_buttons(conference: Conference, rung: list[int]) -> None:
    user = User.objects.create_user("olga", is_staff=True)
    user.groups.add(Group.objects.get(name=OPERATORS))
    client, run = Client(), ran(conference)
    client.force_login(user)
    assert [button["label"] for button in client.get(page(run)).context["buttons"]] == ["Retry 1 failed"]
    client.post(f"{LIST}{run.pk}/resume/")
    assert SyncRun.objects.get().state == "queued"


def test_filters_find_what_operators_look_for(client: Client, conference: Conference, settings: Settings) -> None:
    settings.SYNC_STALE_AFTER = 60
    bad = ran(conference)
    good = SyncRun.objects.create(connection=conference.connection, conference=conference, state="succeeded")
    silent = SyncRun.objects.create(
        connection=conference.connection, mode="full", state="running",
        heartbeat_at=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    reaped = SyncRun.objects.create(connection=conference.connection, mode="full", state="failed", code="stale")

    def found(**query: str) -> set[int]:
        return {run.pk for run in client.get(LIST, query).context["cl"].result_list}

    assert found() == {bad.pk, good.pk, silent.pk, reaped.pk}
    assert (found(failures="items"), found(failures="steps")) == ({bad.pk}, {bad.pk})
    assert [found(liveness=wanted) for wanted in ("active", "stale", "reaped")] == [
        {silent.pk},
        {silent.pk},
        {reaped.pk},
    ]


def test_list_counts_no_further_than_anybody_turns_pages(
    client: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readonly, "LISTED", 3)
    SyncRun.objects.bulk_create(SyncRun(connection=connection, state="failed") for _ in range(5))
    with CaptureQueriesContext(db_connection) as queries:
        assert client.get(LIST).context["cl"].result_count == 3
    counts = [each["sql"] for each in queries if "COUNT(" in each["sql"] and "syncrun" in each["sql"]]
    assert [sql for sql in counts if "LIMIT 3" not in sql] == []
