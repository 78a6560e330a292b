"""How a step ended: exactly one outcome, from everything that was said while it ran."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conferences.providers.errors import CredentialsRefused, DailyLimit, LicenceMissing, NotPermitted, ProviderError
from conferences.providers.records import NothingFound, Problem, ProviderTotal, Record
from conferences.sync.errors import Trouble, of_our_own, told_by
from conferences.sync.outcome import RANKS, counted


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome with its code, its sentence and its advice."""

    outcome: str
    code: str
    message: str
    advice: str = ""


def _next_day() -> datetime:
    """Providers that do not say when their day ends are asked again after midnight, UTC."""
    return datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(), UTC)


def _finding(error: ProviderError) -> Finding:
    return Finding(error.outcome, error.code, error.message, error.advice)


def senseless(flaws: int) -> str:
    return f"{flaws} {'entry' if flaws == 1 else 'entries'} made no sense"


def _is_all(nothing: NothingFound) -> bool:
    """Whether nothing more is to come, as far as the provider knows."""
    return nothing.code == "none_found"


@dataclass
class Verdict:
    """Collects refusals, totals and explanations while the records of one step go by.

    refused_rights  whether a check of the connection may tell more
    troubles        the errors that ended it; those of its parts are kept along with the records
    """

    findings: list[Finding] = field(default_factory=list)
    provider_total: int | None = None
    nothing: NothingFound | None = None
    logged: int = 0
    refused_rights: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    _resumes_at: datetime | None = None

    @property
    def in_the_log(self) -> bool:
        """Whether each finding has already had a line of its own while the step ran."""
        return bool(self.findings) and self.logged == len(self.findings)

    @property
    def clean(self) -> bool:
        """Whether the listing proves what is there: it ended by itself, no part refused, broken or to come."""
        return not self.findings and (self.nothing is None or (_is_all(self.nothing) and self.nothing.proven))

    def hear(self, records: Iterable[Record]) -> None:
        for record in records:
            if isinstance(record, Problem):
                self._found(record.error)
                self.logged += 1
            elif isinstance(record, ProviderTotal):
                self.provider_total = (self.provider_total or 0) + record.count
            elif isinstance(record, NothingFound):
                self.nothing = record

    @property
    def paused_until(self) -> datetime | None:
        """When the provider lets us go on, once its budget for the day is used up."""
        return self._resumes_at

    def refused(self, error: ProviderError) -> None:
        self.troubles.append(told_by(error))
        self._found(error)

    def _found(self, error: ProviderError) -> None:
        self.findings.append(_finding(error))
        self.refused_rights |= isinstance(error, CredentialsRefused | NotPermitted | LicenceMissing)
        if isinstance(error, DailyLimit):
            self._resumes_at = error.resumes_at or _next_day()

    def broke(self, code: str, message: str, error: BaseException) -> None:
        self.troubles.append(of_our_own(code, message, error))
        self.findings.append(Finding("failed", code, message))

    def decide(
        self, operation: str, items: int, starts_at: datetime, now: datetime, zone: str, flaws: int = 0
    ) -> Finding:
        """The one outcome. A refused or broken part outweighs whatever else was found; the worst such part speaks.

        flaws  how many entries failed validation: as long as something could be stored they are told, no more
        """
        found = self._decide(operation, items, starts_at, now, zone, flaws)
        if not flaws:
            return found
        where = "it is listed below" if flaws == 1 else "they are listed below"
        return replace(found, message=f"{found.message} {senseless(flaws)}; {where}.")

    def _decide(self, operation: str, items: int, starts_at: datetime, now: datetime, zone: str, flaws: int) -> Finding:
        if self.findings:
            return self._worst(items)
        if items:
            return self._synced(counted(operation, items), zone)
        if flaws and self.clean:
            return Finding("failed", "unstorable", "Nothing that was listed could be stored.")
        if self.nothing is not None:
            return Finding("no_data", self.nothing.code, self._explained(self.nothing, zone), self.nothing.advice)
        if now < starts_at:
            return Finding("no_data", "not_started", "The meeting has not taken place yet.")
        return Finding("no_data", "none_found", f"No {operation} found.")

    def _synced(self, what: str, zone: str) -> Finding:
        """The code tells a listing that is complete from one of which more is to come."""
        sentence = f"{what} synced."
        if self.nothing is None or _is_all(self.nothing):
            return Finding("synced", "synced", sentence)
        return Finding("synced", self.nothing.code, f"{sentence} {self._explained(self.nothing, zone)}")

    def _worst(self, items: int) -> Finding:
        worst = max(self.findings, key=lambda finding: RANKS.index(finding.outcome))
        advice = "\n\n".join(dict.fromkeys(finding.advice for finding in self.findings if finding.advice))
        sentences = " ".join(dict.fromkeys([worst.message, *(finding.message for finding in self.findings)]))
        kept = f" What could be read ({items}) is stored." if items else ""
        return Finding(worst.outcome, worst.code, sentences + kept, advice)

    @staticmethod
    def _explained(nothing: NothingFound, zone: str) -> str:
        if nothing.retry_at is None:
            return nothing.message
        when = nothing.retry_at.astimezone(ZoneInfo(zone))
        return f"{nothing.message} Try again after {when:%d %B %Y, %H:%M} ({zone})."
