"""The JSON of people and what they did, as Zoom writes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zoom_integration.sandbox.naming import short, stamp
from zoom_integration.sandbox.world import Host, Json

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in a run. `user` is the Zoom id of people of the account, `registrant` that of a registration.

    Zoom tells the address of these two only.
    """

    name: str
    email: str = ""
    user: str = ""
    registrant: str = ""

    @classmethod
    def of(cls, host: Host) -> "Attendee":
        return cls(host.name, host.email, host.id)

    @property
    def shown_email(self) -> str:
        return self.email if self.user or self.registrant else ""


def row(who: Attendee, span: Span, number: int, **changes: Any) -> Json:
    """One join of the participants report. `number` is unique within the run."""
    joined_at, left_at = span
    answer: Json = {
        "id": who.user,
        "user_id": str(16_778_240 + 1_024 * number),
        "participant_user_id": who.user,
        "name": who.name,
        "user_email": who.shown_email,
        "join_time": stamp(joined_at),
        "leave_time": stamp(left_at),
        "duration": int((left_at - joined_at).total_seconds()),
        "registrant_id": who.registrant,
        "failover": False,
        "status": "in_meeting",
        "customer_key": "",
    }
    return {**answer, **changes}


def registrant(who: Attendee, created_at: datetime, status: str = "approved", **changes: Any) -> Json:
    first, _, last = who.name.rpartition(" ")
    answer: Json = {
        "id": who.registrant or short("registrant", who.email),
        "email": who.email,
        "first_name": first or last,
        "last_name": last if first else "",
        "address": "",
        "city": "",
        "country": "",
        "zip": "",
        "state": "",
        "phone": "",
        "industry": "",
        "org": "",
        "job_title": "",
        "purchasing_time_frame": "",
        "role_in_purchase_process": "",
        "no_of_employees": "",
        "comments": "",
        "custom_questions": [],
        "status": status,
        "create_time": stamp(created_at),
        "join_url": f"https://northfield.zoom.us/w/1?tk={short('join', who.email)}",
    }
    return {**answer, **changes}


def panelist(who: Attendee) -> Json:
    url = f"https://northfield.zoom.us/w/1?tk={short('panelist', who.email)}"
    return {"id": who.user or short("panelist", who.email), "email": who.email, "name": who.name, "join_url": url}
