"""Which process holds an item, and whether it still lives. A death on this very machine need not be waited out."""

import os
import socket
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.db.models import QuerySet
from django.db.models.functions import Now

from conferences.models import SyncItem

ENDED = {"Z", "X"}  # a zombie is dead, only its parent has not asked yet


def this_process() -> str:
    return f"{_place()}:{os.getpid()}:{_life(os.getpid())[1]}"


def free_the_dead(items: "QuerySet[SyncItem]") -> None:
    """Lets the leases of processes that are gone run out now. Of other machines nothing is known."""
    held = items.filter(state=SyncItem.State.RUNNING, lease_until__gte=Now(), worker__startswith=f"{_place()}:")
    for item in held:
        number, began = item.worker.split(":")[-2:]
        if _is_dead(int(number), began):
            over = Now() - timedelta(seconds=1)
            held.filter(pk=item.pk, token=item.token).update(lease_until=over)


@cache
def _place() -> str:
    """Within one place a number means one process. Containers may share a host's name, but not its numbers."""
    return ":".join([socket.gethostname()[:64], *_kernel()])


def _kernel() -> list[str]:
    """Which boot of which machine, and which of its containers; nothing where the system does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        return [boot[:8], Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")]
    except OSError:
        return []


def _is_dead(number: int, began: str) -> bool:
    """A number is given out again: whoever has it now, but began at another time, is somebody else."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return bool(_kernel())
    except PermissionError:
        pass
    state, now_began = _life(number)
    return state in ENDED or bool(began and now_began and began != now_began)


def _life(number: int) -> tuple[str, str]:
    """A process' state and when it began, in ticks since the boot; both "" where the system does not tell.

    https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    try:
        # The name, in brackets, may hold anything; what follows it are the fields from the third on.
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", ""
    return fields[0], fields[19]
