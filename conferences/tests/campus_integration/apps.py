"""An imaginary classroom system. What it answers is scripted by name, so that a worker process can play it too."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import (
    Check,
    CredentialField,
    InvalidInput,
    Link,
    MeetingReference,
    Operation,
    ProviderConfig,
    Session,
    Span,
    Target,
)
from conferences.providers.records import Record
from conferences.providers.window import Window
from conferences.tests.campus_integration import gate, terms  # noqa: F401 - adds its scripts to the others
from conferences.tests.campus_integration.scripts import SCRIPTS, TIMETABLES


@dataclass(frozen=True)
class CampusSession:
    script: str
    target: Target
    link: Link

    def fetch(self, operation: str) -> Iterator[Record]:
        return SCRIPTS[self.script](operation, self.target, self.link)


class CampusConfig(ProviderConfig):
    name = "conferences.tests.campus_integration"
    label = "campus_integration"
    verbose_name = "Campus"
    slug = "campus"
    operations = (
        Operation("attendance", "Attendance", ("doors",)),
        Operation("recordings", "Recordings", ("cameras",)),
        Operation("chat", "Chat", ("walls",)),
        Operation("files", "Files", ("shelves",)),
        Operation("polls", "Polls", ("hands",)),
    )
    credential_fields = (
        CredentialField("script", "Script"),
        CredentialField("key", "Key", secret=True),
    )
    attendance_sources = ("door_report", "camera_guess")
    discovers = True

    def refer(self, *, join_url: str, external_id: str, organizer: str, window: Window) -> MeetingReference:
        if join_url and not join_url.startswith("https://campus.example.org/"):
            raise InvalidInput("That is not a campus address.", "join_url")
        room = join_url.rsplit("/", 1)[-1]
        when = f"{window.starts_at:%Y-%m-%dT%H:%MZ}"
        return MeetingReference(external_id or f"{room}@{when}", room, join_url, organizer)

    @contextmanager
    def open(self, credentials: Mapping[str, str], target: Target, link: Link) -> Iterator[Session]:
        yield CampusSession(credentials["script"], target, link)

    def discover(self, credentials: Mapping[str, str], span: Span, link: Link) -> Iterator[Record]:
        return TIMETABLES[credentials["script"]](span, link)

    def check(self, credentials: Mapping[str, Any], link: Link) -> Iterable[Check]:
        allowed = link.authorization.current()["scopes"] if link.authorization else gate.EVERYTHING
        for operation in self.operations:
            missing = tuple(name for name in operation.permissions if name not in allowed)
            if missing:
                yield Check(operation.name, "blocked", f"{operation.label} may not be read.", missing)
            else:
                yield Check(operation.name, "permitted", f"{operation.label} may be read.")

    def authorizes(self, credentials: Mapping[str, str]) -> bool:
        return credentials.get("script") == gate.SCRIPT

    def authorization_url(
        self, credentials: Mapping[str, str], *, redirect_uri: str, state: str, challenge: str
    ) -> str:
        return gate.GATE.address(redirect_uri, state, challenge)

    def redeem(
        self, credentials: Mapping[str, str], *, code: str, verifier: str, redirect_uri: str, link: Link
    ) -> Granted:
        return gate.GATE.redeem(code, verifier, redirect_uri)

    def revoke(self, credentials: Mapping[str, str], tokens: Tokens, link: Link) -> None:
        gate.GATE.revoke(tokens)
