import sys
from io import StringIO
from pathlib import Path

import pytest
from pytest_django import Settings

from conferences.models import Connection
from conferences.tests.management.conftest import Run

pytestmark = pytest.mark.django_db
CANARY = "canary-secret"
GOOD = ("add_connection", "campus", "--name", "Main", "--set", "script=quick", f"key={CANARY}")


def test_result_as_json_is_all_of_standard_output(run: Run) -> None:
    ran = run(*GOOD, "--json")
    assert (ran.exit_code, ran.json, ran.err) == (0, {"id": Connection.objects.get().pk}, "")


def test_result_for_people(run: Run) -> None:
    assert run(*GOOD).out == f"Stored connection {Connection.objects.get().pk}: Main.\n"


def test_set_may_be_repeated(run: Run) -> None:
    ran = run("add_connection", "campus", "--name", "Main", "--set", "script=quick", "--set", "key=a=b", "--json")
    assert (ran.exit_code, Connection.objects.get().credentials.reveal()) == (0, {"script": "quick", "key": "a=b"})


def test_secret_from_a_file_loses_its_last_line_break_only(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{CANARY}\r\n")
    run("add_connection", "campus", "--name", "Main", "--set", "script=quick", f"key=@{secret}")
    assert Connection.objects.get().credentials.reveal()["key"] == CANARY


def test_secret_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{CANARY}\n"))
    run("add_connection", "campus", "--name", "Main", "--set", "script=quick", "key=-")
    assert Connection.objects.get().credentials.reveal()["key"] == CANARY


def test_secret_that_begins_with_an_at_sign(run: Run) -> None:
    run("add_connection", "campus", "--name", "Main", "--set", "script=quick", "key=@@home")
    assert Connection.objects.get().credentials.reveal()["key"] == "@home"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("webex", "--name", "M", "--set", f"key={CANARY}"),
            "There is no provider “webex”. Installed are: campus, teams, zoom.",
        ),
        (("campus", "--name", "M"), "script (Script) is missing. Campus cannot be reached without it."),
        (("campus", "--name", " ", "--set", "script=quick"), "The connection's name is missing."),
        (
            ("campus", "--name", "M", "--set", "script=quick", f"key={CANARY} "),
            "key (Key) contains a space. Copy it again, without anything before or after it.",
        ),
        (("campus", "--name", "M", "--set", "script=quick", "key="), "key (Key) is empty."),
        (
            ("campus", "--name", "M", "--set", "script=quick", CANARY),
            "--set needs KEY=VALUE. A value with a space in it needs quotes.",
        ),
        (("campus", "--name", "M", "--set", f"key={CANARY}", f"key={CANARY}"), "--set names key twice."),
        (
            ("campus", "--name", "M", "--set", "script=quick", "key=@/nowhere"),
            "The file that --set key=@… names cannot be read as text.",
        ),
        (
            ("campus", "--name", "M", "--set", "script=quick", f"kee={CANARY}"),
            "Campus has no credential “kee”. It needs: script, key.",
        ),
    ],
)
def test_bad_input_gets_one_sentence_and_stores_nothing(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    ran = run("add_connection", *arguments, "--json")
    assert (ran.exit_code, ran.out, ran.err) == (2, "", f"CommandError: {sentence}\n")
    assert Connection.objects.count() == 0


def test_same_name_twice(run: Run) -> None:
    first = run(*GOOD, "--json").json["id"]
    ran = run(*GOOD, "--json")
    assert (ran.exit_code, ran.out) == (2, "")
    assert ran.err == f"CommandError: Campus already has a connection “Main” (ID {first}).\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("campus", f"key={CANARY}", "--name", "M"),
        ("campus", "--name", "M", f"--sett=key={CANARY}"),
        ("campus", "--set", f"key={CANARY}"),
        ("campus", "--name", "M", f"--json={CANARY}"),
        ("campus", "--set", "script=quick", "--name", "M", CANARY),
        ("campus", "--set", "script=quick", "--name", "M", f"--{CANARY}"),
        ("campus", "--name", "M", "--set", "script=quick", f"{CANARY}=="),
    ],
)
def test_secret_in_the_wrong_place_is_not_repeated(run: Run, arguments: tuple[str, ...]) -> None:
    """No secret ever appears in output."""
    ran = run("add_connection", *arguments)
    assert (ran.exit_code, CANARY in ran.out + ran.err) == (2, False)


def test_secret_is_in_no_output_of_a_good_call(run: Run) -> None:
    ran = run(*GOOD, "-v", "3")
    assert (ran.exit_code, CANARY in ran.out + ran.err) == (0, False)


def test_connection_that_needs_a_person_says_what_is_next(run: Run, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://lms.example.org"
    ran = run("add_connection", "campus", "--name", "Main", "--set", "script=gated", f"key={CANARY}", "--json")
    pk = ran.json["id"]
    assert ran.err.splitlines() == [
        f"Somebody who may allow it at Campus opens https://lms.example.org/connections/{pk}/ and clicks “Connect "
        "Campus”.",
        "The app there has to list this redirect address: https://lms.example.org/connections/connected/",
    ]
