"""Promise: what CI runs ends with the tests' own closing line, and fails when anything fails."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for make: notes what it is asked for, and fails when a file of that name exists."""
    made = tmp_path / "make"
    made.write_text(f'#!/bin/sh\nshift $(($# - 1))\necho "$1"\n! test -e "{tmp_path}/$1"\n')
    made.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def run_ci() -> subprocess.CompletedProcess[str]:
    script = Path(settings.BASE_DIR, ".ci", "run")
    return subprocess.run(  # noqa: S603
        ["/bin/bash", script], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/"
    )


@pytest.mark.usefixtures("make")
def test_ci_runs_the_tests_last() -> None:
    done = run_ci()
    assert (done.returncode, done.stdout.split()) == (0, ["lint", "test"])


@pytest.mark.parametrize("broken", ["lint", "test"])
def test_ci_fails_when_a_step_fails(make: Path, broken: str) -> None:
    (make / broken).touch()
    assert run_ci().returncode != 0
