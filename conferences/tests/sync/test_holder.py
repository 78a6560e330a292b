"""Who holds an item: a process that is gone is not waited for."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from conferences.models import Conference, SyncItem, SyncRun
from conferences.sync import holder, pausing, runs
from conferences.sync.lease import claim
from conferences.sync.room import is_abandoned

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/ns/pid").exists(), reason="only Linux tells one kernel from another"
)


@pytest.fixture
def run(conference: Conference) -> SyncRun:
    return runs.request(conference, via="command", ring=False)


def of_process(number: int, began: str | None = None) -> str:
    """As that process would call itself; `began` only where it is not the present holder of the number."""
    place = holder.this_process().rsplit(":", 2)[0]
    return f"{place}:{number}:{holder._life(number)[1] if began is None else began}"


@pytest.fixture
def dead() -> int:
    """The number of a process that has just ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def still_held(run: SyncRun, worker: str) -> bool:
    assert claim(run.pk, worker) is not None
    runs.settle(run.pk)
    lease_until = SyncItem.objects.values_list("lease_until", flat=True).get()
    assert lease_until is not None
    return lease_until > timezone.now()


def test_item_of_a_dead_process_is_free_at_once(run: SyncRun, dead: int) -> None:
    assert still_held(run, of_process(dead)) is False
    assert is_abandoned(run.pk) is True
    assert claim(run.pk, holder.this_process()) is not None


@pytest.mark.parametrize("number", [os.getpid(), 1], ids=["own", "first"])
def test_item_of_a_living_process_stays_its_own(run: SyncRun, number: int) -> None:
    """Also of one that is not ours to signal."""
    assert still_held(run, of_process(number)) is True


def test_number_that_was_given_out_again_protects_nobody(run: SyncRun) -> None:
    """After a restart of everything the numbers of the dead soon belong to others."""
    assert still_held(run, of_process(os.getpid(), began="1")) is False


def test_process_that_nobody_has_buried_yet_is_dead(run: SyncRun) -> None:
    """A container's first process often does not ask what became of its children."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = of_process(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert still_held(run, name) is False
    finally:
        process.communicate()


def test_nothing_is_concluded_about_other_machines(run: SyncRun, dead: int) -> None:
    assert still_held(run, f"elsewhere:0123abcd:4026531836:{dead}:1") is True


def test_machine_that_tells_nothing_of_itself_waits_for_leases(
    run: SyncRun, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holder, "_kernel", list)
    assert still_held(run, of_process(dead)) is True


def test_resume_notices_the_death(run: SyncRun, dead: int) -> None:
    """It once refused for as long as the lease, where a new request went on at once."""
    claim(run.pk, of_process(dead))
    with pytest.raises(runs.AlreadyActive):
        pausing.resume(run, ring=False)
    assert is_abandoned(run.pk) is True


def test_death_counts_as_an_attempt(run: SyncRun, dead: int) -> None:
    """So that poison is found out, and sooner."""
    for _ in range(3):
        assert still_held(run, of_process(dead)) is False
    runs.settle(run.pk)
    run.refresh_from_db()
    assert (run.state, SyncItem.objects.get().message.split(".")[0]) == ("failed", "3 workers were lost at this")


def test_name_of_a_process_fits_its_column() -> None:
    assert len(holder.this_process()) <= SyncItem._meta.get_field("worker").max_length
    assert holder.this_process() == of_process(os.getpid())
    assert f":{os.getpid()}:" in holder.this_process()


def test_long_wait_of_a_living_lease_is_no_abandonment(run: SyncRun) -> None:
    assert still_held(run, "elsewhere") is True
    SyncRun.objects.update(created_at=timezone.now() - timedelta(hours=3))
    assert is_abandoned(run.pk) is False
