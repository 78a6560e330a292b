"""Promise: all parts run, or none does."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_project.local import children
from lms_project.local.errors import LocalError
from lms_project.local.supervisor import Supervisor

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]


def shell(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


class FakeServer:
    """A server that is a sleeping process; tells when it was stopped."""

    def __init__(self, folder: Path, ended: list[str]) -> None:
        self.log = folder / "server.log"
        self.ended = ended
        self.process: subprocess.Popen | None = None

    def start(self) -> str:
        self.process = children.start(SLEEPS, self.log)
        return "fake://server"

    def stop(self) -> None:
        assert self.process is not None
        children.stop(self.process)
        self.ended.append("server")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path / "logs", {"PATH": "/usr/bin:/bin", "COMMON": "c"}, tmp_path)
    yield made
    made.stop()


def test_launch_gives_folder_and_environment(supervisor: Supervisor, tmp_path: Path) -> None:
    part = supervisor.begin("show", shell("echo $PWD $COMMON $EXTRA"), EXTRA="e")
    supervisor.finish(part)
    assert part.log.read_text() == f"{tmp_path} c e\n"


def test_launch_starts_a_fresh_log(supervisor: Supervisor) -> None:
    for word in ("first", "second"):
        part = supervisor.begin("talk", shell(f"echo {word}"))
        supervisor.finish(part)
    assert part.log.read_text() == "second\n"


def test_finish_raises_what_a_failed_program_said_last(supervisor: Supervisor) -> None:
    part = supervisor.begin("migrate", shell("echo no such table; exit 2"))
    with pytest.raises(LocalError) as raised:
        supervisor.finish(part)
    assert str(raised.value) == f"migrate has ended (exit code 2). Its log {part.log} ends:\nno such table"


def test_finish_does_not_mind_another_that_ended_well(supervisor: Supervisor) -> None:
    other = supervisor.begin("collectstatic", shell("exit 0"))
    other.process.wait(10)
    supervisor.finish(supervisor.begin("migrate", shell("exit 0")))
    assert [part.name for part in supervisor.parts] == ["collectstatic"]


def test_finish_notices_another_that_died(supervisor: Supervisor) -> None:
    supervisor.launch("sandbox", shell("exit 1")).process.wait(10)
    with pytest.raises(LocalError, match="sandbox has ended"):
        supervisor.finish(supervisor.begin("migrate", SLEEPS))


def test_await_returns_once_ready(supervisor: Supervisor) -> None:
    part = supervisor.launch("web", shell("echo up; sleep 60"))
    supervisor.await_(part, lambda: children.tail(part.log) == "up", seconds=10)
    assert part.process.poll() is None


def test_await_gives_up(supervisor: Supervisor) -> None:
    with pytest.raises(LocalError, match="web is not ready after 0 seconds"):
        supervisor.await_(supervisor.launch("web", SLEEPS), lambda: False, seconds=0)


def test_watch_says_which_part_died(supervisor: Supervisor) -> None:
    supervisor.launch("web", SLEEPS)
    supervisor.launch("worker", shell("echo out of memory; kill -9 $$"))
    with pytest.raises(LocalError, match=r"(?s)worker has ended \(exit code -9\).*out of memory"):
        supervisor.watch()


def test_watch_notices_a_server_that_died(supervisor: Supervisor, tmp_path: Path) -> None:
    server = FakeServer(tmp_path, [])
    assert supervisor.serve("postgres", server) == "fake://server"
    assert server.process is not None
    server.process.kill()
    with pytest.raises(LocalError, match="postgres has ended"):
        supervisor.watch()


def test_stop_ends_programs_before_the_servers_that_they_use(supervisor: Supervisor, tmp_path: Path) -> None:
    order: list[str] = []
    supervisor.serve("postgres", FakeServer(tmp_path, order))
    said = tmp_path / "said"
    script = f"trap 'echo program > {said}; exit 0' TERM; echo up; while :; do sleep 0.05; done"
    part = supervisor.launch("worker", shell(script))
    supervisor.await_(part, lambda: children.tail(part.log) == "up", seconds=10)
    supervisor.stop()
    assert (said.read_text(), order, part.process.returncode) == ("program\n", ["server"], 0)


def test_stop_ends_a_server_that_was_only_starting(supervisor: Supervisor, tmp_path: Path) -> None:
    """Ctrl-C while it starts: it has a process, but is no part yet."""
    ended: list[str] = []

    class Interrupted(FakeServer):
        def start(self) -> str:
            super().start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        supervisor.serve("postgres", Interrupted(tmp_path, ended))
    supervisor.stop()
    assert ended == ["server"]
