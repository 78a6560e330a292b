import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

_BASE = re.compile(r"https://127\.0\.0\.1:\d+")


@pytest.fixture
def started(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """The command in a process of its own, with nothing configured but DEBUG, and a database that is not there."""
    environment = {
        "PATH": os.environ["PATH"],
        "DEBUG": "1",
        "ENV_FILE": os.devnull,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    }
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--certificate", str(tmp_path / "ca.pem")]
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def _exported(process: "subprocess.Popen[str]") -> dict[str, str]:
    assert process.stdout is not None
    exported: dict[str, str] = {}
    while "REQUESTS_CA_BUNDLE" not in exported and (line := process.stdout.readline()):
        name, _, value = line.strip().removeprefix("export ").partition("=")
        exported[name] = value
    return exported


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_sandbox_needs_no_database_says_where_it_is_and_ends_cleanly(
    started: "subprocess.Popen[str]", tmp_path: Path, number: signal.Signals
) -> None:
    exported = _exported(started)
    base = exported["MICROSOFT_LOGIN_URL"]
    assert _BASE.fullmatch(base)
    installed = {"MICROSOFT_LOGIN_URL": "", "GRAPH_API_URL": "/v1.0", "ZOOM_OAUTH_URL": "/oauth", "ZOOM_API_URL": "/v2"}
    expected = {name: f"{base}{path}" for name, path in installed.items() if name in exported}
    assert exported == {**expected, "REQUESTS_CA_BUNDLE": str(tmp_path / "ca-bundle.pem")}
    assert requests.get(f"{base}/v1.0/me", verify=exported["REQUESTS_CA_BUNDLE"], timeout=10).status_code == 401
    started.send_signal(number)
    _, errors = started.communicate(timeout=20)
    assert started.returncode == 0
    assert re.sub(r"\d+ ms", "N ms", errors) == "GET /v1.0/me 401 N ms\nThe sandbox has ended.\n"


def test_scenarios_are_listed_with_what_they_are() -> None:
    out = StringIO()
    call_command("sandbox", "--list-scenarios", stdout=out)
    names = [line.split()[0] for line in out.getvalue().splitlines()]
    assert names[:3] == ["default", "policy-granted", "missing-permissions"]


def test_unknown_scenario_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="There is no scenario “nope”") as refused:
        call_command("sandbox", "--scenario", "nope")
    assert refused.value.returncode == 2


def test_fault_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="“explode” is no fault") as refused:
        call_command("sandbox", "--fault", "explode:/x", "--port", "0", "--certificate", str(tmp_path / "ca.pem"))
    assert refused.value.returncode == 2
