"""Processes that live and die together."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lms_project.local import children
from lms_project.local.errors import LocalError
from lms_project.local.guardian import Guardian


class Server(Protocol):
    """A server that knows itself how to start and stop."""

    log: Path
    process: subprocess.Popen | None

    def start(self) -> str: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One process under supervision."""

    name: str
    process: subprocess.Popen
    log: Path
    ends: bool = False

    @property
    def died(self) -> bool:
        """A program that is meant to end may do so, if it says that all went well."""
        code = self.process.poll()
        return code is not None and not (self.ends and code == 0)


class Supervisor:
    """Starts programs and servers; `watch` returns only through an exception, and `stop` leaves nothing running."""

    def __init__(self, logs: Path, environment: Mapping[str, str], folder: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.logs = logs
        self.environment = dict(environment)
        self.folder = folder
        self.parts: list[Part] = []
        self._servers: list[Server] = []
        self._guardian = Guardian()

    def serve(self, name: str, server: Server) -> str:
        """Starts a server and returns its address."""
        self._servers.append(server)
        address = server.start()
        if server.process is not None:
            self.parts.append(Part(name, server.process, server.log))
            self._guardian.watch(server.process.pid)
        return address

    def launch(self, name: str, command: list[str], **extra: str) -> Part:
        """Starts a program that is to go on; `extra` are variables beside the common environment."""
        part = self._started(name, command, extra, ends=False)
        self._guardian.watch(part.process.pid)
        return part

    def begin(self, name: str, command: list[str], **extra: str) -> Part:
        """Starts a program that is to end; `finish` waits for it."""
        return self._started(name, command, extra, ends=True)

    def finish(self, part: Part) -> None:
        while part.process.poll() is None:
            self._check()
            time.sleep(0.05)
        self._check()
        self.parts.remove(part)

    def await_(self, part: Part, ready: Callable[[], bool], seconds: float) -> None:
        """Waits until a program does what it is there for."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._check()
            if time.monotonic() > deadline:
                raise LocalError(
                    f"{part.name} is not ready after {seconds:.0f} seconds. Its log {part.log} ends:\n"
                    f"{children.tail(part.log)}"
                )
            time.sleep(0.05)

    def watch(self) -> None:
        while True:
            self._check()
            time.sleep(0.3)

    def stop(self) -> None:
        """Programs first and all at once, then the servers that they use."""
        servers = {server.process for server in self._servers}
        programs = [part.process for part in reversed(self.parts) if part.process not in servers]
        for process in programs:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in programs:
            children.stop(process)
        for server in reversed(self._servers):
            server.stop()
        self._guardian.dismiss()

    def _started(self, name: str, command: list[str], extra: Mapping[str, str], *, ends: bool) -> Part:
        log = self.logs / f"{name}.log"
        log.unlink(missing_ok=True)
        process = children.start(command, log, env={**self.environment, **extra}, cwd=self.folder)
        self.parts.append(Part(name, process, log, ends))
        return self.parts[-1]

    def _check(self) -> None:
        for part in self.parts:
            if part.died:
                raise LocalError(
                    f"{part.name} has ended (exit code {part.process.returncode}). Its log {part.log} ends:\n"
                    f"{children.tail(part.log)}"
                )
