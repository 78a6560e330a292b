"""Promise: not even a part that hangs while it ends outlives a killed supervisor."""

import sys
from pathlib import Path

import pytest

from lms_project.local import children
from lms_project.local.guardian import Guardian, guard

DEAF = [sys.executable, "-uc", "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"]


@pytest.fixture
def deaf(tmp_path: Path) -> "children.subprocess.Popen":
    """A process that does not listen when it is asked to end."""
    log = tmp_path / "deaf.log"
    process = children.start(DEAF, log)
    assert children.wait_until(lambda: children.tail(log) == "up", 10)
    return process


def test_guard_ends_what_does_not_end_by_itself(deaf: "children.subprocess.Popen") -> None:
    guard([f"{deaf.pid}\n"], grace_seconds=0.1)
    assert deaf.wait(5) == -9


def test_guard_does_not_wait_for_those_that_have_ended(tmp_path: Path) -> None:
    process = children.start(["/bin/true"], tmp_path / "log")
    process.wait(10)
    guard([f"{process.pid}\n"], grace_seconds=1_000_000)
    assert process.returncode == 0


def test_guardian_acts_when_its_supervisor_is_gone(deaf: "children.subprocess.Popen") -> None:
    guardian = Guardian()
    guardian.watch(deaf.pid)
    assert guardian.process.stdin is not None
    guardian.process.stdin.close()
    assert deaf.wait(30) == -9
    assert guardian.process.wait(5) == 0


def test_dismissed_guardian_ends_nobody(deaf: "children.subprocess.Popen") -> None:
    guardian = Guardian()
    guardian.watch(deaf.pid)
    guardian.dismiss()
    assert (guardian.process.returncode, deaf.poll()) == (-9, None)
    children.stop(deaf, seconds=0)
