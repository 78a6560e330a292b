"""Promise: browser tests run in a real Chromium, and are never skipped in silence where CI runs."""

import os
from pathlib import Path

import pytest

from lms_project.local import chromium


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "MAC", str(tmp_path / "Google Chrome"))
    return tmp_path


@pytest.fixture
def without_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def program(folder: Path, name: str) -> str:
    (folder / name).touch(mode=0o755)
    return str(folder / name)


def test_find_takes_debians_name_first(empty_path: Path) -> None:
    program(empty_path, "google-chrome")
    program(empty_path, "chromium")
    assert chromium.find() == str(empty_path / "chromium")


def test_find_takes_what_it_is_given(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(empty_path, "chromium")
    monkeypatch.setenv("CHROMIUM", program(empty_path, "my-chromium"))
    assert chromium.find() == str(empty_path / "my-chromium")


def test_find_does_not_replace_a_given_one_that_is_missing(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(empty_path, "chromium")
    monkeypatch.setenv("CHROMIUM", str(empty_path / "missing"))
    assert chromium.find() is None


@pytest.mark.usefixtures("empty_path", "without_apt")
def test_main_fails_in_ci_without_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit) as raised:
        chromium.main()
    assert raised.value.code == chromium.MISSING


@pytest.mark.usefixtures("empty_path", "without_apt")
def test_main_says_what_will_be_skipped_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    chromium.main()
    assert capsys.readouterr().err == f"{chromium.MISSING} The browser tests will be skipped.\n"


def test_install_asks_apt_as_root(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt = empty_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {empty_path}/asked\n')
    apt.chmod(0o755)
    chromium.install()
    assert (empty_path / "asked").read_text().splitlines() == [
        "update -q",
        "install -y -q --no-install-recommends chromium fonts-liberation libatomic1",
    ]


def test_browser_that_cannot_be_driven_is_as_good_as_none(
    empty_path: Path, without_apt: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(empty_path, "chromium")
    python = empty_path / "python"
    python.write_text("#!/bin/sh\nexit 127\n")
    python.chmod(0o755)
    monkeypatch.setattr(chromium.sys, "executable", str(python))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit) as raised:
        chromium.main()
    assert raised.value.code == chromium.NOT_DRIVABLE
