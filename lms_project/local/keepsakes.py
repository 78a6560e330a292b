"""Files with secrets: what a checkout invents once and finds again, and what it tells other commands."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def write_private(path: Path, values: Mapping[str, str]) -> None:
    """NAME=value lines that only their owner can read, put in place at once."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    unfinished.rename(path)


def read_values(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines if "=" in line)


def invented(path: Path) -> dict[str, str]:
    """The keys and the password of this checkout's demonstration; made at its first start."""
    known = read_values(path)
    fresh = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": secrets.token_urlsafe(9),
    }
    values = {**fresh, **known}
    if values != known:
        write_private(path, values)
    return values
