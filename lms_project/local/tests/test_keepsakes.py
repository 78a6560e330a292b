from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from lms_project.local.keepsakes import invented, read_values, write_private


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets"


def test_write_private_is_for_the_owner_alone(path: Path) -> None:
    path.touch(mode=0o644)
    write_private(path, {"NAME": "value"})
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("NAME=value\n", 0o600)


def test_write_private_leaves_no_draft(path: Path) -> None:
    write_private(path, {"NAME": "value"})
    assert list(path.parent.iterdir()) == [path]


def test_read_values_keeps_what_follows_the_first_equals_sign(path: Path) -> None:
    path.write_text("KEY=a=b=\n\nnonsense\n")
    assert read_values(path) == {"KEY": "a=b="}


def test_invented_is_found_again(path: Path) -> None:
    assert invented(path) == invented(path)


def test_invented_differs_between_checkouts(path: Path) -> None:
    assert invented(path)["DEMO_PASSWORD"] != invented(path.with_name("other"))["DEMO_PASSWORD"]


def test_invented_completes_an_older_file(path: Path) -> None:
    write_private(path, {"SECRET_KEY": "from-before"})
    values = invented(path)
    assert (values["SECRET_KEY"], sorted(read_values(path))) == (
        "from-before",
        ["DEMO_PASSWORD", "FIELD_ENCRYPTION_KEYS", "SECRET_KEY"],
    )


def test_invented_key_encrypts(path: Path) -> None:
    cipher = Fernet(invented(path)["FIELD_ENCRYPTION_KEYS"])
    assert cipher.decrypt(cipher.encrypt(b"secret")) == b"secret"
