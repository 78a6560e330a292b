"""The admin's index tells those who may operate how it goes, at a cost that does not grow with the rows."""

from datetime import timedelta

from django.contrib.auth.models import Permission, User
from django.db import connection as db_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conferences.admin.dashboard import dashboard
from conferences.models import Alert, Conference, Connection, SyncItem, SyncRun


def tallies() -> dict[str, int]:
    return {tally.label: tally.count for tally in dashboard().tallies}


def test_what_waits_for_somebody_is_counted(conference: Conference) -> None:
    of = {"connection": conference.connection}
    SyncRun.objects.create(conference=conference, state="queued", **of)
    SyncRun.objects.create(mode="full", state="running", heartbeat_at=timezone.now(), **of)
    SyncRun.objects.create(mode="full", state="paused", **of)
    new, old = (SyncRun.objects.create(mode="full", state="partial", **of) for _ in range(2))
    SyncRun.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    for run in (new, old):
        SyncItem.objects.create(run=run, conference=conference, state="failed")
    Alert.objects.create(state="open", message="No good sync.", first_seen_at=timezone.now())
    Alert.objects.create(state="resolved", message="Over.", first_seen_at=timezone.now())
    assert tallies() == {"active runs": 2, "paused runs": 1, "failed items of a day": 1, "open alerts": 1}


def test_every_number_leads_to_its_list(client: Client, conference: Conference) -> None:
    failed = SyncRun.objects.create(connection=conference.connection, conference=conference, state="failed")
    SyncItem.objects.create(run=failed, conference=conference, state="failed")
    assert [client.get(tally.url).status_code for tally in dashboard().tallies] == [200] * 4
    url = next(tally.url for tally in dashboard().tallies if tally.label == "failed items of a day")
    assert [run.pk for run in client.get(url).context["cl"].result_list] == [failed.pk]


def test_connection_is_shown_with_its_newest_run(connection: Connection) -> None:
    for state in ("failed", "succeeded"):
        SyncRun.objects.create(connection=connection, mode="full", state=state)
    (line,) = dashboard().lines
    assert (line.connection, line.standing, line.last and line.last.state) == (connection, "unchecked", "succeeded")


def test_index_costs_the_same_however_many_rows(client: Client, connection: Connection) -> None:
    def cost() -> int:
        with CaptureQueriesContext(db_connection) as queries:
            assert client.get("/admin/").status_code == 200
        return len(queries)

    SyncRun.objects.create(connection=connection, state="failed")
    few = cost()
    for number in range(8):
        other = Connection.objects.create(provider="campus", name=f"Rooms {number}", credentials={"key": "k"})
        SyncRun.objects.bulk_create(SyncRun(connection=other, state="failed") for _ in range(5))
    assert cost() == few


def index_of(*codenames: str) -> str:
    user = User.objects.create_user("olga", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client.get("/admin/").text


def test_index_shows_it_to_operators(connection: Connection) -> None:
    text = index_of("view_syncrun")
    assert ("failed items of a day" in text, "Add a connection" in text) == (True, False)


def test_index_shows_nothing_of_it_to_others(connection: Connection) -> None:
    assert 'class="board"' not in index_of("view_course")
