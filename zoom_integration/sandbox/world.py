"""What exists in the sandbox: accounts with hosts, series, and the runs of each, as plain data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zoom_integration.sandbox import naming

Json = dict[str, Any]
WEBINAR, MEETING = "webinar", "meeting"


class Computed(Sequence[Json]):
    """Rows that are a function of their number; none is kept."""

    def __init__(self, count: int, row: Callable[[int], Json]) -> None:
        self._count = count
        self._row = row

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: "int | slice") -> "Json | list[Json]":  # type: ignore[override]
        if isinstance(index, slice):
            return [self._row(each) for each in range(*index.indices(self._count))]
        return self._row(range(self._count)[index])


@dataclass(frozen=True, slots=True)
class Host:
    """A user of the account. `licensed` False: without the webinar add-on."""

    name: str
    email: str
    licensed: bool = True
    status: str = "active"

    @property
    def id(self) -> str:
        return naming.short("user", self.email)


@dataclass(slots=True)
class Series:
    """What a numeric id names. `deleted`: Zoom has dropped it, only reports are left.

    registrants  rows with their own `status`; None when registration is off
    changes      replaces properties of the detail; those of `settings` are merged
    """

    kind: str
    id: int
    topic: str
    host: Host
    starts_at: datetime
    minutes: int = 60
    type: int = 5
    timezone: str = "Europe/Berlin"
    agenda: str = ""
    deleted: bool = False
    registrants: Sequence[Json] | None = None
    panelists: list[Json] = field(default_factory=list)
    polls: list[Json] = field(default_factory=list)
    tracking_sources: list[Json] = field(default_factory=list)
    upcoming: list[datetime] = field(default_factory=list)
    recurrence: Json | None = None
    changes: Json = field(default_factory=dict)

    @property
    def created_at(self) -> datetime:
        return self.starts_at - timedelta(days=14)

    @property
    def join_url(self) -> str:
        return f"https://northfield.zoom.us/j/{self.id}"

    @property
    def next_starts_at(self) -> datetime:
        return self.upcoming[0] if self.upcoming else self.starts_at

    @property
    def planned_uuid(self) -> str:
        """A finished run keeps its uuid; the series goes on under a new one."""
        return naming.uuid("planned", self.id)


@dataclass(slots=True)
class Recording:
    """`files` are Zoom's rows without addresses, `texts` the content of the readable ones by kind and beginning."""

    files: list[Json]
    texts: dict[str, str] = field(default_factory=dict)
    audio: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Occurrence:
    """One run of a series.

    rows      what the participants report lists; `total` is what it says of their number
    people    Zoom's count of different people
    answers   by name (`report`, `participants`, `fallback`, `absentees`, …) what is refused: (status, code, message)
    """

    series: Series
    uuid: str
    starts_at: datetime
    ends_at: datetime
    rows: Sequence[Json] = ()
    people: int | None = None
    total: int | None = None
    questions: list[Json] = field(default_factory=list)
    polls: list[Json] = field(default_factory=list)
    survey: list[Json] = field(default_factory=list)
    recording: Recording | None = None
    history: Json = field(default_factory=dict)
    answers: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """Wall time, rounded up."""
        return -(-int((self.ends_at - self.starts_at).total_seconds()) // 60)

    @property
    def total_minutes(self) -> int:
        """Computed rows are not added up: a large webinar must not cost as much for one line of a list."""
        if isinstance(self.rows, Computed):
            return len(self.rows) * self.minutes
        return sum(max(row.get("duration", 0), 0) for row in self.rows) // 60


@dataclass(slots=True)
class Account:
    """One Zoom account with our app in it. Scenarios and tests change it while it is served.

    is_general  the app is none of Server-to-Server OAuth, but one that a person of the account connects
    redirects   where that person may be sent back to; anywhere if there are none
    """

    key: str
    name: str
    secret: str
    scopes: set[str]
    hosts: list[Host] = field(default_factory=list)
    series: dict[int, Series] = field(default_factory=dict)
    occurrences: dict[str, Occurrence] = field(default_factory=dict)
    app_enabled: bool = True
    # Whether the list of webinars pages by token; it always pages by number.
    list_tokens: bool = True
    is_general: bool = False
    redirects: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return naming.short("account", self.key)

    @property
    def client_id(self) -> str:
        return naming.short("client", self.key)

    def host(self, id_or_email: str) -> Host | None:
        return next((host for host in self.hosts if id_or_email in {host.id, host.email}), None)

    def plan(self, series: Series) -> Series:
        self.series[series.id] = series
        return series

    def hold(self, occurrence: Occurrence) -> Occurrence:
        self.series.setdefault(occurrence.series.id, occurrence.series)
        self.occurrences[occurrence.uuid] = occurrence
        return occurrence

    def runs_of(self, series: Series) -> list[Occurrence]:
        """Oldest first."""
        found = [each for each in self.occurrences.values() if each.series is series]
        return sorted(found, key=lambda each: each.starts_at)


@dataclass(frozen=True, slots=True)
class Member:
    """A user with their account, which need not be that of the app that they allow."""

    account: Account
    host: Host


@dataclass(slots=True)
class World:
    """All accounts, how long a token lives, and whether an account's newest one ends the older ones."""

    accounts: list[Account]
    token_seconds: int = 3_599
    newest_token_only: bool = False

    def app(self, client_id: str) -> Account | None:
        return next((account for account in self.accounts if account.client_id == client_id), None)

    def people(self, app: Account) -> list[Member]:
        """Who may come to allow an app: those of its own account first."""
        accounts = sorted(self.accounts, key=lambda each: each is not app)
        return [Member(account, host) for account in accounts for host in account.hosts if host.status == "active"]

    def account(self, id_or_key: str) -> Account | None:
        return next((account for account in self.accounts if id_or_key in {account.id, account.key}), None)
