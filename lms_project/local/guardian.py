"""Outlives a supervisor that was killed outright, just long enough to end what that one had started.

The kernel tells every part of its parent's death, but a part may hang while it ends: a Celery worker does when its
broker goes first. Run by path with the standard library alone, so that it is small.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

GRACE_SECONDS = 8.0


class Guardian:
    """The supervisor's side: a process that reads our pipe and acts when it closes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-IS", str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd="/",
        )

    def watch(self, group: int) -> None:
        """Adds a process group to those that must not outlive us."""
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.write(f"{group}\n")
        self.process.stdin.flush()

    def dismiss(self) -> None:
        """Everything has been stopped in good order."""
        self.process.kill()
        self.process.communicate()


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def guard(lines: Iterable[str], grace_seconds: float = GRACE_SECONDS) -> None:
    """Reads process groups until the supervisor is gone, gives them time, and then ends what is left of them."""
    groups = [int(line) for line in lines]
    deadline = time.monotonic() + grace_seconds
    while any_left(groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def any_left(groups: Sequence[int]) -> bool:
    return any(lives(group) for group in groups)


if __name__ == "__main__":
    guard(sys.stdin)
