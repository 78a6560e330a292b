"""Promises of the image, which no test can build here."""

from pathlib import Path

from django.conf import settings

LINES = Path(settings.BASE_DIR, "Dockerfile").read_text().splitlines()
IGNORED = Path(settings.BASE_DIR, ".dockerignore").read_text().splitlines()


def position(start: str) -> int:
    return next(number for number, line in enumerate(LINES) if line.startswith(start))


def test_image_has_the_python_of_the_servers() -> None:
    assert LINES[0] == "FROM python:3.11-slim"


def test_image_does_not_run_as_root() -> None:
    assert LINES[position("USER")] == "USER lms"
    assert position("USER") < position("CMD")


def test_static_files_are_collected_by_an_owner_that_the_server_is_not() -> None:
    assert position("    python manage.py collectstatic") < position("USER")


def test_image_knows_whether_it_is_well() -> None:
    assert LINES[position("HEALTHCHECK") + 1].split() == ["CMD", '["python",', '"-m",', '"lms_project.healthcheck"]']


def test_no_secret_gets_into_the_image() -> None:
    """Everything is left out, and only named folders are let in."""
    assert IGNORED[0] == "*"
    assert [line for line in IGNORED if line.startswith("!.")] == []


def test_image_contains_every_provider() -> None:
    folders = {name.partition(".")[0] for name in settings.PROVIDERS}
    assert folders - {line.removeprefix("!") for line in IGNORED} == set()


def test_image_contains_no_local_servers() -> None:
    assert "lms_project/local" in IGNORED
