"""What exists in the sandbox: tenants with people, meetings, calls, chats and drives, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from teams_integration.sandbox import naming

Json = dict[str, Any]

# What the README tells an administrator to grant, least privileged first.
ROLES = (
    "User.ReadBasic.All",
    "OnlineMeetings.Read.All",
    "OnlineMeetingArtifact.Read.All",
    "OnlineMeetingRecording.Read.All",
    "OnlineMeetingTranscript.Read.All",
    "CallRecords.Read.All",
    "Chat.Read.All",
    "Files.Read.All",
    "Sites.Read.All",
)


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the tenant."""

    name: str
    email: str

    @property
    def id(self) -> str:
        return naming.guid("user", self.email)


@dataclass(slots=True)
class Report:
    """One sitting. `records` may be computed on the fly; `people` is Graph's own count of them."""

    starts_at: datetime
    ends_at: datetime
    records: Sequence[Json]
    people: int

    @property
    def id(self) -> str:
        return naming.guid("report", naming.stamp(self.starts_at, 7), self.people)


@dataclass(slots=True)
class Transcript:
    """`entry` is what listings show; a cue is (starts, ends, speaker, text), seconds from the transcript's start."""

    entry: Json
    cues: Sequence[tuple[float, float, str, str]]
    starts_at: datetime


@dataclass(slots=True)
class Meeting:
    """`listed` False: an instant meeting, which the online-meetings API does not know."""

    organizer: Person
    subject: str
    thread_id: str
    join_url: str
    starts_at: datetime
    ends_at: datetime
    kind: str = "scheduled"
    digits: str = ""
    message_id: str = "0"
    listed: bool = True
    invited: Sequence[Person] = ()
    reports: list[Report] = field(default_factory=list)
    recordings: list[Json] = field(default_factory=list)
    transcripts: list[Transcript] = field(default_factory=list)

    @property
    def id(self) -> str:
        return naming.meeting_id(self.organizer.id, self.thread_id)


@dataclass
class Call:
    """A call record without its expanded parts, which page on their own."""

    entry: Json
    starts_at: datetime
    participants: Sequence[Json]
    sessions: Sequence[Json]


@dataclass
class Chat:
    """Messages in the order of their creation."""

    thread_id: str
    topic: str
    messages: Sequence[Json]
    members: Sequence[Json] = ()

    @cached_property
    def by_change(self) -> Sequence[Json]:
        """Computed histories never change, and are in this order already."""
        if not isinstance(self.messages, list):
            return self.messages
        return sorted(self.messages, key=lambda message: message["lastModifiedDateTime"])


@dataclass(slots=True)
class Drive:
    """A person's OneDrive: folders by path from the root. `refused` answers everything with accessDenied."""

    id: str
    folders: dict[str, Sequence[Json]] = field(default_factory=dict)
    refused: bool = False


@dataclass(slots=True)
class Tenant:
    """One Microsoft 365 tenant with our app registration in it. Scenarios and tests change it while it is served."""

    key: str
    name: str
    secret: str
    people: dict[str, Person] = field(default_factory=dict)
    roles: set[str] = field(default_factory=lambda: set(ROLES))
    secret_expired: bool = False
    without_policy: set[str] = field(default_factory=set)
    transcripts_open: bool = True
    speakers_named: bool = True
    chat_licensed: bool = True
    meetings: list[Meeting] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    chats: dict[str, Chat] = field(default_factory=dict)
    drives: dict[str, Drive] = field(default_factory=dict)
    # By address: the item, or the code of the refusal.
    shared: dict[str, Json | str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return naming.guid("tenant", self.key)

    @property
    def client_id(self) -> str:
        return naming.guid("app", self.key)

    def person(self, name: str, email: str) -> Person:
        person = Person(name, email)
        self.people[person.id] = person
        return person

    def find_person(self, id_or_upn: str) -> Person | None:
        wanted = id_or_upn.lower()
        return self.people.get(wanted) or next(
            (person for person in self.people.values() if person.email.lower() == wanted), None
        )

    def join_url(self, organizer: Person, thread_id: str, message_id: str = "0") -> str:
        return naming.join_url(self.id, organizer.id, thread_id, message_id)

    def hold(self, meeting: Meeting) -> Meeting:
        self.meetings.append(meeting)
        return meeting

    def keep_drive(self, person: Person, folders: dict[str, Sequence[Json]]) -> None:
        """What stands in a folder can also be found by its address."""
        self.drives[person.id] = Drive(drive_id(person), folders)
        for items in folders.values():
            self.shared.update({item["webUrl"]: item for item in items})


@dataclass(slots=True)
class World:
    """All tenants, and how long a token lives."""

    tenants: list[Tenant]
    token_seconds: int = 3_599

    def tenant(self, id_or_key: str) -> Tenant | None:
        return next((tenant for tenant in self.tenants if id_or_key.lower() in {tenant.id, tenant.key}), None)


def drive_id(person: Person) -> str:
    return f"b!{naming.guid('drive', person.email).replace('-', '')}"
