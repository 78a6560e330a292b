"""Promise: a bad value of a setting stops the start with a sentence."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def started(value: str) -> str:
    """What the settings make of it, or the last line of their complaint."""
    done = subprocess.run(
        [sys.executable, "-c", "from lms_project.settings import PUBLIC_URL; print(PUBLIC_URL)"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DEBUG": "1", "PUBLIC_URL": value},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_address_loses_its_last_slash() -> None:
    assert started("https://lms.example.org/") == "https://lms.example.org"


@pytest.mark.parametrize("value", ["lms.example.org", "https://lms.example.org/path", "https://a@lms.example.org"])
def test_anything_else_is_refused(value: str) -> None:
    assert started(value) == (
        "django.core.exceptions.ImproperlyConfigured: PUBLIC_URL must be the site's address and nothing more, like "
        "https://lms.example.org."
    )
