"""Promise: one command starts everything, one Ctrl-C ends everything, and nothing is left over."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lms_project.local.children import wait_until
from lms_project.local.demo import ROOT, only_one
from lms_project.local.errors import LocalError
from lms_project.local.inherited import without

pytestmark = pytest.mark.worker
START_SECONDS = 90


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "local"


class Demo:
    """A demonstration below a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lms_project.local.demo"],
            cwd=ROOT,
            env={**without(os.environ), "LOCAL_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_for(self, word: str) -> str:
        """Everything that it has said up to the line with this word."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if word in line:
                return self.said
        raise AssertionError(f"it ended without saying {word}:\n{self.said}")

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.wait(60)

    def address(self) -> str:
        found = re.search(r"^    (http://127\.0\.0\.1:\d+/)$", self.said, re.MULTILINE)
        assert found is not None, self.said
        return found[1]


@pytest.fixture
def demo(home: Path) -> Iterator[Demo]:
    made = Demo(home)
    made.wait_for("Stop:")
    yield made
    made.end(signal.SIGTERM)


def family(home: Path) -> list[psutil.Process]:
    """Every process that works for the demonstration, by the folder that its environment or command names."""
    return [process for process in psutil.process_iter() if str(home) in belongings(process)]


def belongings(process: psutil.Process) -> str:
    try:
        return " ".join([*process.cmdline(), *process.environ().values()])
    except psutil.Error:
        return ""


def test_demo_starts_everything_and_ctrl_c_ends_everything(demo: Demo, home: Path) -> None:
    with urllib.request.urlopen(f"{demo.address()}healthz", timeout=10) as answer:  # noqa: S310
        assert answer.status == 200
    logs = {"collectstatic.log", "migrate.log", "sandbox.log", "seed_demo.log", "web.log", "worker.log"}
    assert {path.name for path in (home / "logs").iterdir()} == logs
    says_who_can_sign_in(demo)
    second_says_so_in_one_sentence(demo)
    commands_work_with_the_file_that_it_writes(home / "env")
    assert demo.end(signal.SIGINT) == 0
    assert (demo.said.splitlines()[-1], family(home)) == ("Stopped.", [])


def says_who_can_sign_in(demo: Demo) -> None:
    users = re.findall(r"^    (admin|instructor|learner) +(\S+)", demo.said, re.MULTILINE)
    assert [name for name, _ in users] == ["admin", "instructor", "learner"]
    assert len({password for _, password in users}) == 1


def second_says_so_in_one_sentence(demo: Demo) -> None:
    second = Demo(demo.home)
    said, _ = second.process.communicate(timeout=30)
    assert (second.process.returncode, said.count("\n")) == (1, 1)
    assert said.startswith(f"A demo of this checkout is already running: open {demo.address()}")


def commands_work_with_the_file_that_it_writes(env_file: Path) -> None:
    assert env_file.stat().st_mode & 0o777 == 0o600
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "shell", "-v0", "-c", FIND],
        check=True,
        cwd=ROOT,
        env={**without(os.environ), "ENV_FILE": str(env_file)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[46, 74]\n"


FIND = """
from conferences.models import Conference
print(sorted(Conference.objects.filter(pk__in=[46, 74]).values_list("pk", flat=True)))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death")
def test_no_process_outlives_a_killed_demo_and_the_next_one_finds_its_data(demo: Demo, home: Path) -> None:
    demo.process.kill()
    demo.process.wait(10)
    assert wait_until(lambda: family(home) == [], 40)
    again = Demo(home)
    try:
        again.wait_for("Stop:")
        assert "No migrations to apply." in (home / "logs" / "migrate.log").read_text()
    finally:
        again.end(signal.SIGTERM)


def test_demo_tells_which_part_died_and_ends_the_others(demo: Demo, home: Path) -> None:
    web = next(process for process in family(home) if "gunicorn" in process.cmdline())
    web.kill()
    said = demo.wait_for("web has ended")
    assert demo.process.wait(60) == 1
    assert "Stopping …" in said
    assert family(home) == []


def test_only_one_lets_the_next_in(home: Path) -> None:
    with only_one(home) as note:
        note.write_text("open somewhere")
        with pytest.raises(LocalError, match="already running: open somewhere"), only_one(home):
            pass
    with only_one(home) as note:
        assert note.read_text() == ""
