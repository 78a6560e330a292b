import pytest

from conferences.models import Conference, Connection, Course
from conferences.tests.management.conftest import Run

ROOM = "https://campus.example.org/room-1"


def arguments(owner: Connection, **changes: object) -> list[object]:
    options = {
        "connection": owner.pk,
        "title": "Algebra 1",
        "starts": "2026-03-02T09:00Z",
        "ends": "2026-03-02T10:30Z",
        "join-url": ROOM,
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def test_result_as_json_is_all_of_standard_output(run: Run, connection: Connection) -> None:
    ran = run("add_conference", *arguments(connection), "--json")
    assert (ran.exit_code, ran.json, ran.err) == (0, {"id": Conference.objects.get().pk}, "")


def test_result_for_people(run: Run, connection: Connection) -> None:
    ran = run("add_conference", *arguments(connection, title="Algebra \x1b[31m1"))
    assert ran.out == (
        f"Stored conference {Conference.objects.get().pk}: Algebra �[31m1, 2026-03-02 09:00 – 10:30 UTC.\n"
    )


def test_every_option_is_stored(run: Run, connection: Connection) -> None:
    Course.objects.create(code="ALG-1", title="Algebra")
    options = {"external_id": "x-1", "organizer": "ann@example.org", "course": "ALG-1", "time_zone": "Europe/Berlin"}
    assert run("add_conference", *arguments(connection, **options)).exit_code == 0
    values = Conference.objects.values_list("external_id", "organizer", "course__code", "time_zone", "join_url")
    assert values.get() == (*options.values(), ROOM)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"connection": 4711}, "There is no connection 4711."),
        ({"title": ""}, "The title is missing."),
        ({"join_url": "https://nowhere.example.org/"}, "That is not a campus address."),
        ({"course": "ALG-9"}, "There is no course “ALG-9”. Add it first."),
        ({"ends": "2026-03-02T08:00Z"}, "The conference ends before it starts. Check both times and their zones."),
        ({"ends": "2026-03-02T09:00Z"}, "The conference ends at the moment it starts. Give it a later end."),
        ({"time_zone": "Mars"}, "There is no time zone “Mars”. Write it like Europe/Berlin."),
        (
            {"starts": "soon"},
            "“soon” is not a date and time. Write it like 2025-11-26T14:00:00Z or 2025-11-26T15:00+01:00.",
        ),
    ],
)
def test_bad_input_gets_one_sentence_and_stores_nothing(
    run: Run, connection: Connection, changes: dict[str, object], sentence: str
) -> None:
    ran = run("add_conference", *arguments(connection, **changes), "--json")
    assert (ran.exit_code, ran.out, ran.err) == (2, "", f"CommandError: {sentence}\n")
    assert Conference.objects.count() == 0


def test_same_conference_twice(run: Run, connection: Connection) -> None:
    first = run("add_conference", *arguments(connection), "--json").json["id"]
    ran = run("add_conference", *arguments(connection), "--json")
    assert (ran.exit_code, ran.out, Conference.objects.count()) == (2, "", 1)
    assert ran.err == (
        f"CommandError: This conference already exists: “Algebra 1” on 2026-03-02 at 09:00 UTC (ID {first}).\n"
    )


def test_connection_that_is_no_number_is_wrong_usage(run: Run, connection: Connection) -> None:
    ran = run("add_conference", *arguments(connection, connection="main"))
    assert (ran.exit_code, ran.out) == (2, "")
