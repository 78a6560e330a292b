"""The provider's own count beside ours, in the same unit.

For attendance a provider counts entries: who came to two sittings is counted twice, and with some whoever joined
twice, too. We count people.
"""

from dataclasses import dataclass

from conferences.models import AttendanceSession, Conference, SyncStep

ATTENDANCE = "attendance"


@dataclass(frozen=True, slots=True)
class Counts:
    """`stated` by the provider; `held` by us in the provider's unit; `items` in ours."""

    stated: int
    held: int
    items: int

    @property
    def differ(self) -> bool:
        return self.stated not in {self.held, self.items}


def counts(conference: Conference, step: SyncStep) -> Counts | None:
    """None when the provider stated nothing."""
    if step.provider_total is None:
        return None
    differs = step.provider_total != step.items
    held = _entries(conference, step.provider_total) if differs and step.operation == ATTENDANCE else step.items
    return Counts(step.provider_total, held, step.items)


def newest_counts(conference: Conference) -> Counts | None:
    """Of the newest finished attendance step for which the provider gave a count."""
    steps = SyncStep.objects.filter(item__conference=conference, operation=ATTENDANCE).exclude(outcome="")
    step = steps.filter(provider_total__isnull=False).order_by("-id").first()
    return counts(conference, step) if step else None


def _entries(conference: Conference, stated: int) -> int:
    """People per sitting, added up; or joins, where that is what the provider counted."""
    sessions = AttendanceSession.objects.filter(
        participant__conference=conference, superseded=False, gone_at__isnull=True
    )
    if sessions.count() == stated:
        return stated
    return sessions.order_by().values("participant", "sitting").distinct().count()
