"""Promise: .env.example names every variable of the settings, and holds no secret."""

import re
from pathlib import Path

from django.conf import settings

EXAMPLE = Path(settings.BASE_DIR, ".env.example").read_text()
SETTINGS = Path(settings.BASE_DIR, "lms_project", "settings.py").read_text()
LINES = re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)


def test_example_names_every_variable_of_the_settings() -> None:
    read = set(re.findall(r"""(?:env\.\w+|required|positive)\(\s*"([A-Z_]+)""", SETTINGS))
    assert read - {name for name, _ in LINES} == {"ENV_FILE"}


def test_example_names_each_variable_once() -> None:
    names = [name for name, _ in LINES]
    assert sorted(names) == sorted(set(names))


def test_example_gives_nothing_that_has_to_be_chosen() -> None:
    chosen = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)
    assert [value for _, value in chosen] == [""] * len(chosen)


def test_example_shows_the_defaults_of_the_synchronisation() -> None:
    shown = {name: int(value) for name, value in LINES if name.startswith("SYNC_")}
    assert shown == {name: getattr(settings, name) for name in shown}
