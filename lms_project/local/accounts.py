"""Whose rights a server runs with, and which folders those rights reach.

PostgreSQL refuses to run as root. Root therefore starts it as an unprivileged user, who may not be able to enter
the checkout (one below /root, say). Permissions of folders that are not ours are never loosened; what that user
needs is put below a folder of our own instead.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms_project.local.errors import LocalError

CANDIDATES = ("postgres", "nobody", "daemon")
# The first survives a restart of the machine.
PLACES = (Path("/var/tmp"), Path(tempfile.gettempdir()))  # noqa: S108


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine, by number."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """The arguments that make subprocess drop root's rights."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_account() -> Account | None:
    """None when we are not root: then servers run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise LocalError(
        "PostgreSQL does not run as root, and this machine has none of the users "
        f"{', '.join(CANDIDATES)}. Run this as an ordinary user."
    )


def succeeds(command: list[str], account: Account | None) -> bool:
    """Whether the account can run this, tried rather than guessed from modes."""
    try:
        done = subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, cwd="/", timeout=30, **(account.popen() if account else {})
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def can_enter(folder: Path, account: Account | None) -> bool:
    return account is None or succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], account)


def shelter(account: Account | None) -> Path:
    """A folder of ours outside the checkout that the account can enter and nobody else can write to."""
    for parent in PLACES:
        if not can_enter(parent, account) or not os.access(parent, os.W_OK):
            continue
        folder = parent / f"lms-local-{os.geteuid()}"
        folder.mkdir(mode=0o711, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            folder.chmod(0o711)
            return folder
    raise LocalError(
        "Neither /var/tmp nor TMPDIR has room for PostgreSQL. Set TMPDIR to a folder that all users can enter."
    )


def home_for(wanted: Path, account: Account | None) -> Path:
    """`wanted`, made; or its stand-in, always the same one, where the account cannot get to it.

    A note in `wanted` says that the stand-in belongs to it: whoever removes `wanted` starts afresh.
    """
    wanted.mkdir(parents=True, exist_ok=True)
    if can_enter(wanted, account):
        return wanted
    home = shelter(account) / hashlib.sha256(str(wanted.resolve()).encode()).hexdigest()[:16]
    note = wanted / "is-elsewhere"
    if not note.exists():
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o711, exist_ok=True)
    home.chmod(0o711)
    note.write_text(f"{home}\n")
    return home
