"""`make demo`: everything that a demonstration needs on this machine, started and stopped together."""

import contextlib
import fcntl
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from lms_project.local.demo_stack import Demonstration, Stack
from lms_project.local.errors import LocalError

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("LOCAL_HOME", ROOT / ".local")).resolve()


class Stopped(BaseException):
    """Somebody pressed Ctrl-C, or asked this process to end."""


def _stop_once(*_: object) -> NoReturn:
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, signal.SIG_IGN)  # stopping takes a moment, and must not be stopped
    raise Stopped


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[Path]:
    """Raises when another demonstration of this checkout runs; the yielded file is to tell its address."""
    home.mkdir(parents=True, exist_ok=True)
    note = home / "demo.lock"
    with note.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = note.read_text().strip() or "it is just starting"
            raise LocalError(f"A demo of this checkout is already running: {where}.") from None
        note.write_text("")
        yield note


def say(text: str) -> None:
    print(text, flush=True)


def announce(demonstration: Demonstration, started_at: float) -> None:
    # A variable of the shell would win over the file.
    unset = "env -u REQUESTS_CA_BUNDLE " if os.environ.get("REQUESTS_CA_BUNDLE") else ""
    say(f"""
Ready after {time.monotonic() - started_at:.0f} seconds.

    {demonstration.address}

    user name    password         sees
    admin        {demonstration.password:<14}   everything, also {demonstration.address}admin/
    operator     {demonstration.password:<14}   how syncs go, and nobody's attendance or chat
    instructor   {demonstration.password:<14}   the courses that they teach
    learner      {demonstration.password:<14}   their own attendance

Commands:  {unset}ENV_FILE={_shown(demonstration.env_file)} {_shown(Path(sys.executable))} manage.py …
Logs:      {_shown(demonstration.logs)}
Stop:      Ctrl-C. The data is kept; to start afresh, stop and remove {_shown(HOME)}.
""")


def _shown(path: Path) -> str:
    """As one would type it in the checkout."""
    return shlex.quote(str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path))


def run() -> None:
    started_at = time.monotonic()
    with only_one(HOME) as note:
        stack = Stack(ROOT, HOME, say)
        try:
            demonstration = stack.start()
            note.write_text(
                f"open {demonstration.address}, or stop it with Ctrl-C where it runs (process {os.getpid()})"
            )
            announce(demonstration, started_at)
            stack.supervisor.watch()
        finally:
            say("Stopping …")
            stack.supervisor.stop()
            stack.env_file.unlink(missing_ok=True)
            say("Stopped.")


def main() -> int:
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, _stop_once)
    try:
        run()
    except Stopped:
        return 0
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
