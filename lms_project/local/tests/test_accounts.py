"""Promise: servers run without root's rights, and no folder that is not ours is opened for that."""

import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from lms_project.local import accounts
from lms_project.local.accounts import Account, can_enter, home_for, server_account, shelter, succeeds
from lms_project.local.errors import LocalError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder that only its owner can enter, as /root is."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


@pytest.fixture
def shelters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of this test in which stand-ins are made."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == pwd.getpwuid(os.geteuid()).pw_name and "pytest-of-" in str(folder):
            folder.chmod(0o755)
    place = tmp_path / "shelters"
    place.mkdir(mode=0o755)
    monkeypatch.setattr(accounts, "shelter", lambda account: place)
    return place


def test_server_account_is_ourselves_without_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_account() is None


def test_server_account_of_root_is_the_first_known_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(name: str) -> SimpleNamespace:
        if name == "postgres":
            raise KeyError(name)
        return SimpleNamespace(pw_uid=65534, pw_gid=65533)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", known)
    assert server_account() == Account(65534, 65533)


def test_server_account_says_what_to_do_when_there_is_no_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(accounts, "CANDIDATES", ("no-such-user",))
    with pytest.raises(LocalError, match="Run this as an ordinary user"):
        server_account()


@as_root
def test_account_drops_all_rights(nobody: Account) -> None:
    assert succeeds(["/bin/sh", "-c", f'test "$(id -u) $(id -G)" = "{nobody.uid} {nobody.gid}"'], nobody)


def test_succeeds_is_false_for_what_cannot_be_run(closed: Path) -> None:
    assert succeeds([str(closed / "missing")], None) is False


@as_root
def test_can_enter_a_closed_folder(closed: Path, nobody: Account) -> None:
    assert (can_enter(closed, None), can_enter(closed, nobody)) == (True, False)


def test_home_is_where_it_was_wanted(tmp_path: Path) -> None:
    wanted = tmp_path / "deep" / "postgres"
    assert home_for(wanted, None) == wanted
    assert wanted.is_dir()


@as_root
def test_home_below_a_closed_folder_is_elsewhere(closed: Path, nobody: Account, shelters: Path) -> None:
    home = home_for(closed / "postgres", nobody)
    assert home.parent == shelters
    assert (closed / "postgres" / "is-elsewhere").read_text() == f"{home}\n"


@as_root
def test_home_elsewhere_leaves_the_closed_folder_closed(closed: Path, nobody: Account, shelters: Path) -> None:
    home_for(closed / "postgres", nobody)
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_home_elsewhere_is_found_again(closed: Path, nobody: Account, shelters: Path) -> None:
    (home_for(closed / "postgres", nobody) / "kept").touch()
    assert (home_for(closed / "postgres", nobody) / "kept").exists()


@as_root
def test_home_elsewhere_starts_afresh_when_the_wanted_one_was_removed(
    closed: Path, nobody: Account, shelters: Path
) -> None:
    (home_for(closed / "postgres", nobody) / "old").touch()
    (closed / "postgres" / "is-elsewhere").unlink()
    assert list(home_for(closed / "postgres", nobody).iterdir()) == []


def test_shelter_can_be_listed_and_written_by_us_alone() -> None:
    folder = shelter(server_account())
    assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (os.geteuid(), 0o711)


@as_root
def test_shelter_refuses_a_folder_of_somebody_else(
    tmp_path: Path, nobody: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / f"lms-local-{os.geteuid()}"
    foreign.mkdir()
    nobody.own(foreign)
    monkeypatch.setattr(accounts, "PLACES", (tmp_path,))
    with pytest.raises(LocalError, match="Set TMPDIR"):
        shelter(None)
