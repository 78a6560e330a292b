"""Recordings and transcripts as Graph's meetings list them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from conferences.providers import shape
from conferences.providers.shape import Raw

# Teams ends every meeting after 30 hours; ends that lie years off have been seen, and would touch every later class.
LONGEST = timedelta(hours=30)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One recording or transcript. Graph gives it neither a name nor a size nor a link that a browser could open."""

    id: str
    starts_at: datetime
    ends_at: datetime | None
    call_id: str = ""

    @property
    def length(self) -> timedelta | None:
        return self.ends_at - self.starts_at if self.ends_at else None


def artifact(raw: Raw) -> Artifact:
    """https://learn.microsoft.com/graph/api/resources/callrecording and …/calltranscript"""
    starts_at = shape.moment(raw, "createdDateTime")
    ends_at = shape.optional_moment(raw, "endDateTime")
    return Artifact(
        id=shape.text(raw, "id"),
        starts_at=starts_at,
        ends_at=ends_at if ends_at and timedelta() <= ends_at - starts_at <= LONGEST else None,
        call_id=shape.optional_text(raw, "callId"),
    )
