"""Promise: nothing that we started outlives us, and nothing else is ever ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lms_project.local import children

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [sys.executable, "-uc", "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)"]
# Starts a sleeping child through us, tells its number, and waits to be killed.
PARENT = """
import pathlib, sys, time
from lms_project.local import children
print(children.start({command!r}, pathlib.Path({log!r})).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "child.log"


def test_start_writes_the_log_and_feeds_standard_input(log: Path) -> None:
    process = children.start(["/bin/sh", "-c", "cat; echo problem >&2"], log, stdin="fed\n")
    assert process.wait(10) == 0
    assert log.read_text() == "fed\nproblem\n"


def test_start_makes_a_session_of_its_own(log: Path) -> None:
    process = children.start(SLEEPS, log)
    assert os.getsid(process.pid) == process.pid
    children.stop(process)


def test_stop_asks_first(log: Path) -> None:
    process = children.start(SLEEPS, log)
    children.stop(process)
    assert process.returncode == -signal.SIGTERM


def test_stop_insists_with_the_deaf(log: Path) -> None:
    process = children.start(DEAF, log)
    assert children.wait_until(lambda: children.tail(log) == "up", 10)
    children.stop(process, seconds=0.1)
    assert process.returncode == -signal.SIGKILL


def test_stop_ends_grandchildren(log: Path) -> None:
    process = children.start(["/bin/sh", "-c", "sleep 61 & echo $!; wait"], log)
    assert children.wait_until(lambda: children.tail(log) != "", 10)
    grandchild = int(children.tail(log))
    children.stop(process)
    assert children.wait_until(lambda: "sleep 61" not in children.command_of(grandchild), 5)


def test_stop_of_one_that_has_ended_changes_nothing(log: Path) -> None:
    process = children.start(["/bin/sh", "-c", "exit 3"], log)
    process.wait(10)
    children.stop(process)
    assert process.returncode == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death")
def test_child_ends_when_its_parent_is_killed(log: Path) -> None:
    code = PARENT.format(command=SLEEPS, log=str(log))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert "time.sleep(60)" in children.command_of(child)
        parent.kill()
    assert children.wait_until(lambda: "time.sleep(60)" not in children.command_of(child), 5)


def test_command_of_nobody_is_empty() -> None:
    with subprocess.Popen(["/bin/true"]) as process:
        pass
    assert children.command_of(process.pid) == ""


def test_stop_leftover_ends_what_bears_the_mark(log: Path) -> None:
    process = children.start([*SLEEPS, "our-mark"], log)
    assert children.wait_until(lambda: "our-mark" in children.command_of(process.pid), 5)
    children.stop_leftover(process.pid, "our-mark", signal.SIGTERM)
    assert process.wait(5) == -signal.SIGTERM


def test_stop_leftover_leaves_a_stranger_with_the_same_number_alone(log: Path) -> None:
    process = children.start(SLEEPS, log)
    children.stop_leftover(process.pid, "our-mark", signal.SIGTERM)
    assert process.poll() is None
    children.stop(process)


def test_tail_of_a_long_log_is_its_end(log: Path) -> None:
    log.write_text("".join(f"{number}\n" for number in range(100)))
    assert children.tail(log, 2) == "98\n99"


def test_tail_of_a_missing_log_is_empty(log: Path) -> None:
    assert children.tail(log) == ""


def test_wait_until_gives_up() -> None:
    assert children.wait_until(lambda: False, 0.05) is False
