"""Processes of ours that do not outlive us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from lms_project.local.accounts import Account

PR_SET_PDEATHSIG = 1


def _tie(last_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes another program: have the kernel signal it when we are gone."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:
            os._exit(1)

    return tie


def start(
    command: list[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    stdin: str = "",
    cwd: Path = Path("/"),
) -> subprocess.Popen:
    """Starts a process in a session of its own, so that Ctrl-C reaches us alone and we decide the order of stopping.

    Even when we are killed outright it gets `stop_signal`. Call it from the main thread: to the kernel, the thread is
    the parent.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_tie(stop_signal),  # noqa: PLW1509
            **(account.popen() if account else {}),
        )
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(stdin.encode())
    return process


def stop(process: subprocess.Popen, stop_signal: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
    """Asks, waits, and then insists: for whatever is left of the process's group, too."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def command_of(pid: int) -> str:
    """The command line of a running process, "" when there is none."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.parent.joinpath("self").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True)  # noqa: S603, S607
    return listed.stdout.strip()


def stop_leftover(pid: int, mark: str, stop_signal: signal.Signals, seconds: float = 10) -> None:
    """Ends what a killed predecessor of ours left behind; a process whose command line lacks `mark` is not ours."""
    for sent, patience in ((stop_signal, seconds), (signal.SIGKILL, 5.0)):
        if mark not in command_of(pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sent)
        wait_until(lambda: mark not in command_of(pid), patience)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def tail(log: Path, lines: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""
