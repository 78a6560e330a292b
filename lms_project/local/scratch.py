"""Throw-away servers: a folder below the system's temporary one, gone when the session that made it is."""

import fcntl
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self

from lms_project.local.accounts import can_enter, server_account, shelter
from lms_project.local.broker import Broker
from lms_project.local.postgres import Postgres

PREFIX = "lms-scratch-"


class Scratch:
    """A context in which the servers run that `given` does not already name; `environment` tells where."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.environment: dict[str, str] = {}
        self.folder: Path | None = None
        self._lock: IO[str] | None = None
        self._servers: list[Postgres | Broker] = []

    def __enter__(self) -> Self:
        try:
            for name, kind in (("REDIS_URL", Broker), ("DATABASE_URL", Postgres)):
                if not self.given.get(name):
                    server = kind(self._make_folder() / kind.__name__.lower(), durable=False)
                    self._servers.append(server)
                    self.environment[name] = server.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        for server in self._servers:
            server.destroy()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def _make_folder(self) -> Path:
        if self.folder is None:
            place = _place()
            sweep(place)
            self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
            self.folder.chmod(0o711)
            self._lock = (self.folder / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self.folder


def _place() -> Path:
    usual, account = Path(tempfile.gettempdir()), server_account()
    return usual if can_enter(usual, account) else shelter(account)


def sweep(place: Path) -> None:
    """Removes what sessions left that were killed: nobody holds the lock any more."""
    for lock in place.glob(f"{PREFIX}*/lock"):
        try:
            with lock.open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _end_leftovers(lock.parent)
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:  # in use, or somebody else's
            continue


def _end_leftovers(folder: Path) -> None:
    for kind in (Broker, Postgres):
        if (folder / kind.__name__.lower()).exists():
            kind(folder / kind.__name__.lower()).stop_leftover()
