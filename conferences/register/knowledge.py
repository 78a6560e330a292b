"""What may be said at all? Nobody is absent, or present, on the strength of an answer that came too early."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.conf import settings
from django.db.models import Max, Q

from conferences.models import Conference, SyncStep

ATTENDANCE = "attendance"
NOT_READY = "not_ready"  # what there is has been stored, and more is to come
NONE_FOUND = "none_found"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How far the provider has told us about a class that ends at `ends_at`.

    answered_at  its last complete answer: a listing that did not end cleanly proves nobody absent
    seen_at      when anything was last stored, complete or not
    """

    ends_at: datetime
    answered_at: datetime | None
    seen_at: datetime | None

    @property
    def as_of(self) -> datetime | None:
        return max(filter(None, [self.answered_at, self.seen_at]), default=None)

    @property
    def is_final(self) -> bool:
        """Asked so long after the class that nobody was still in it: whose leave time is not known by then has left."""
        after = timedelta(minutes=settings.SYNC_WINDOW_AFTER_MINUTES)
        return self.as_of is not None and self.as_of >= self.ends_at + after

    @property
    def open_until(self) -> datetime:
        """Up to when somebody without a leave time may have been in, as far as anybody knows."""
        return self.ends_at if self.is_final else self.as_of or self.ends_at

    def why_unknown(self, zone: tzinfo, *, seen: bool) -> str:
        """Why the presence of somebody who was seen, or was not, cannot be told; "" where it can."""
        asked_at = self.as_of if seen else self.answered_at
        if asked_at is None:
            return "Attendance has not been fetched completely yet, so nobody is marked absent."
        if asked_at < self.ends_at:
            ends = self.ends_at.astimezone(zone)
            return f"Attendance was fetched before the class was over. Sync again after {ends:%H:%M on %Y-%m-%d}."
        return ""


def knowledge(conference: Conference, seen_at: datetime | None) -> Knowledge:
    steps = SyncStep.objects.filter(item__conference=conference, operation=ATTENDANCE)
    complete = Q(outcome=SyncStep.Outcome.SYNCED) & ~Q(code=NOT_READY)
    answers = steps.filter(complete | Q(outcome=SyncStep.Outcome.NO_DATA, code=NONE_FOUND))
    answered_at = answers.aggregate(last=Max("finished_at"))["last"]
    return Knowledge(conference.ends_at, answered_at, seen_at)
