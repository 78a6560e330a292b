"""Promise: `make` sets up a bare clone by itself, and does nothing when all is there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_project.local import bootstrap


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout whose requirements are none."""
    for name in bootstrap.REQUIREMENTS:
        (tmp_path / name).touch()
    venv = tmp_path / ".venv"
    names = {"ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin" / "python", "STAMP": venv / "ready"}
    for name, value in names.items():
        monkeypatch.setattr(bootstrap, name, value)
    return tmp_path


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr(bootstrap, "prepare", lambda: calls.append("prepared"))
    return calls


def stamped(clone: Path) -> None:
    bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    bootstrap.PYTHON.touch()
    bootstrap.STAMP.write_text(bootstrap.fingerprint())


def test_bare_clone_gets_an_environment_that_finds_the_project(clone: Path) -> None:
    (clone / "a_module_of_ours.py").touch()
    bootstrap.main()
    found = subprocess.run([bootstrap.PYTHON, "-c", "import a_module_of_ours"], check=False, cwd="/")  # noqa: S603
    assert (found.returncode, bootstrap.in_place()) == (0, True)


def test_environment_without_ensurepip_gets_its_pip_from_the_systems(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Debian, where `python3 -m venv` alone fails."""
    ran: list[list[str]] = []

    def debian(*command: str | Path, quiet: bool = False) -> bool:
        ran.append([str(part) for part in command])
        return "venv" not in ran[-1] or "--without-pip" in ran[-1]

    monkeypatch.setattr(bootstrap, "run", debian)
    monkeypatch.setattr(bootstrap, "has_pip", lambda python: python == sys.executable or len(ran) > 2)
    assert bootstrap.make_venv() is True
    assert ran[1:] == [
        [sys.executable, "-m", "venv", "--clear", "--without-pip", str(bootstrap.VENV)],
        [sys.executable, "-m", "pip", "install", "-q", "--target", ran[2][6], "pip", "setuptools"],
    ]


def test_nothing_happens_when_all_is_there(clone: Path, prepared: list[str]) -> None:
    stamped(clone)
    bootstrap.main()
    assert prepared == []


def test_changed_requirements_are_installed(clone: Path, prepared: list[str]) -> None:
    stamped(clone)
    (clone / "requirements.txt").write_text("Django\n")
    bootstrap.main()
    assert prepared == ["prepared"]


def test_moved_checkout_is_noticed(clone: Path, prepared: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stamped(clone)
    moved = clone / "moved" / ".venv"
    moved.parent.mkdir()
    bootstrap.VENV.rename(moved)
    monkeypatch.setattr(bootstrap, "VENV", moved)
    monkeypatch.setattr(bootstrap, "STAMP", moved / "ready")
    bootstrap.main()
    assert prepared == ["prepared"]


def test_old_python_is_refused_in_a_sentence(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        bootstrap.main()


def test_failed_installation_leaves_no_stamp(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "in_place", lambda: True)
    monkeypatch.setattr(bootstrap, "run", lambda *command, quiet=False: False)
    with pytest.raises(SystemExit, match="Some packages could not be installed"):
        bootstrap.main()
    assert not bootstrap.STAMP.exists()
