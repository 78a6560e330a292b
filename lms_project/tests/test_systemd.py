"""Promises of deploy/systemd: everything is started, hardened, told to end in time, and looked after."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from lms_project import gunicorn
from lms_project.local.children import wait_until

FOLDER = Path(settings.BASE_DIR, "deploy", "systemd")
UNITS = sorted(path.name for path in FOLDER.glob("lms*.*") if path.is_file())
SERVICES = [name for name in UNITS if name.endswith(".service")]
TIMERS = [name for name in UNITS if name.endswith(".timer")]
INSTALLED_AT = "/srv/lms/current"
MOST_EXPOSED = "20"  # tenths: 1.7 of 10 is what services have that talk to the network

with_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")


def values(unit: str) -> dict[str, list[str]]:
    """Of each setting of a unit what it says, whatever the section."""
    found = defaultdict(list)
    for line in (FOLDER / unit).read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found[name].append(value)
    return found


def one(unit: str, name: str) -> str:
    (value,) = values(unit)[name]
    return value


def seconds(span: str) -> int:
    return int(span.removesuffix("s"))


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as if this checkout were the installed one."""
    folder = shutil.copytree(FOLDER, tmp_path / "units")
    for path in [*folder.glob("*.service"), *folder.glob("*/*.conf")]:
        path.write_text(path.read_text().replace(INSTALLED_AT, str(settings.BASE_DIR)))
    return folder


def analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"}
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603


@with_systemd
def test_systemd_finds_nothing_wrong(installed: Path) -> None:
    done = analyze(installed, "verify", "--man=no", *(str(installed / name) for name in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@with_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_service_is_hardened(installed: Path, name: str) -> None:
    done = analyze(installed, "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", name.replace("@", "@1"))
    assert done.returncode == 0, done.stdout


def test_every_service_gets_the_hardening() -> None:
    assert [name for name in SERVICES if not name.startswith("lms-")] == []
    common = values("lms-.service.d/common.conf")
    assert (common["User"], common["NoNewPrivileges"], common["ProtectSystem"]) == (["lms"], ["yes"], ["strict"])


def test_target_starts_everything() -> None:
    wanted = {
        name.replace("@1", "@").replace("@2", "@") for line in values("lms.target")["Wants"] for name in line.split()
    }
    by_timers = {name.replace(".timer", ".service") for name in TIMERS}
    assert wanted == set(UNITS) - by_timers - {"lms.target"}


@pytest.mark.parametrize("name", TIMERS)
def test_timer_has_its_service(name: str) -> None:
    assert one(name.replace(".timer", ".service"), "Type") == "oneshot"


def test_worker_hands_its_work_back_when_told_to_end_and_is_given_the_time() -> None:
    unit = "lms-worker@.service"
    assert "REMAP_SIGTERM=SIGQUIT" in values(unit)["Environment"]
    assert one(unit, "KillMode") == "mixed"  # its pool must not be told as well
    assert seconds(one(unit, "TimeoutStopSec")) > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_web_server_is_given_the_time_to_answer_what_it_was_asked() -> None:
    assert seconds(one("lms-web.service", "TimeoutStopSec")) > gunicorn.graceful_timeout
    assert one("lms-web.service", "KillMode") == "mixed"


@pytest.mark.parametrize("name", TIMERS)
def test_timer_runs_a_command_that_starts_no_sync(name: str) -> None:
    """Promise: nothing syncs by itself."""
    python, manage, command, *arguments = one(name.replace(".timer", ".service"), "ExecStart").split()
    assert (python, manage) == (f"{INSTALLED_AT}/.venv/bin/python", "manage.py")
    assert command in {"check_stale_syncs", "check_alerts", "cleanup_sync_data"}
    load_command_class(str(get_commands()[command]), command).create_parser("manage.py", command).parse_args(arguments)


def test_guide_names_units_that_exist() -> None:
    guide = Path(settings.BASE_DIR, "docs", "deploy.md").read_text()
    named = set(re.findall(r"lms-[a-z-]+\.(?:timer|socket|service)", guide))
    assert (named - set(UNITS), set(TIMERS) - named) == (set(), set())


def test_no_request_is_refused_while_the_web_server_restarts() -> None:
    """Systemd holds the socket; what arrives in between is answered by the next one."""
    with socket.create_server(("127.0.0.1", 0)) as held, ThreadPoolExecutor(1) as visitor:
        address = f"http://127.0.0.1:{held.getsockname()[1]}/healthz"
        with served(held):
            assert wait_until(lambda: _status(address) == 200, 60)
        asked = visitor.submit(_status, address, 60)
        with served(held):
            assert asked.result(60) == 200


@contextmanager
def served(held: socket.socket) -> Iterator[None]:
    """As systemd hands an open socket over, as the third file, named by number and process; and ends a service."""
    program, _, arguments = one("lms-web.service", "ExecStart").partition(" ")
    assert program == f"{INSTALLED_AT}/.venv/bin/gunicorn"
    handed = f"exec 3<&{held.fileno()}; export LISTEN_FDS=1 LISTEN_PID=$$"
    server = subprocess.Popen(  # noqa: S603
        ["/bin/bash", "-c", f"{handed}; exec {sys.executable} -m gunicorn {arguments}"],
        pass_fds=[held.fileno()],
        cwd=settings.BASE_DIR,
        env={**os.environ, "WEB_CONCURRENCY": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        server.terminate()
        assert server.wait(30) == 0


def _status(address: str, timeout: float = 5) -> int:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=timeout) as answer:
            return int(answer.status)
    except OSError:
        return 0
