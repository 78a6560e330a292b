"""The JSON of attendance and chat, as Graph writes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from teams_integration.sandbox.naming import epoch_milliseconds, stamp
from teams_integration.sandbox.world import Json, Person

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in a meeting, account or not. `id` None is an anonymous guest whom Graph does not identify.

    kind     user, guest, phone or application: the key under which call records list the identity
    visitor  tells anonymous guests of one name apart where Graph does so
    """

    id: str | None
    name: str | None
    email: str = ""
    role: str = "Attendee"
    kind: str = "user"
    tenant_id: str | None = None
    visitor: str = ""

    @classmethod
    def of(cls, person: Person, role: str = "Attendee") -> "Attendee":
        return cls(person.id, person.name, person.email, role)


def attendance_record(who: Attendee, spans: Sequence[Span]) -> Json:
    """Graph's total is the plain sum of the intervals."""
    intervals = [_interval(*span) for span in spans]
    return {
        "emailAddress": who.email,
        "totalAttendanceInSeconds": sum(interval["durationInSeconds"] for interval in intervals),
        "role": who.role,
        "identity": {"id": who.id, "displayName": who.name, "tenantId": who.tenant_id},
        "attendanceIntervals": intervals,
    }


def _interval(joined: datetime, left: datetime) -> Json:
    return {
        "joinDateTime": stamp(joined, 7),
        "leaveDateTime": stamp(left, 7),
        "durationInSeconds": round((left - joined).total_seconds()),
    }


def message(sent_at: datetime, sender: Attendee | None, content: str, thread_id: str, **changes: Any) -> Json:
    """A chat message. `changes` replace any of its properties."""
    made = stamp(sent_at)
    return {
        "id": epoch_milliseconds(sent_at),
        "replyToId": None,
        "etag": epoch_milliseconds(sent_at),
        "messageType": "message",
        "createdDateTime": made,
        "lastModifiedDateTime": made,
        "lastEditedDateTime": None,
        "deletedDateTime": None,
        "subject": None,
        "summary": None,
        "chatId": thread_id,
        "importance": "normal",
        "locale": "en-us",
        "webUrl": None,
        "channelIdentity": None,
        "policyViolation": None,
        "eventDetail": None,
        "from": sender_identity(sender) if sender else None,
        "body": {"contentType": "html" if content.startswith("<") else "text", "content": content},
        "attachments": [],
        "mentions": [],
        "reactions": [],
        "messageHistory": [],
        **changes,
    }


def sender_identity(sender: Attendee) -> Json:
    if sender.kind == "application":
        application = {"id": sender.id, "displayName": sender.name, "applicationIdentityType": "bot"}
        return {"application": application, "device": None, "user": None}
    kinds = {"guest": "anonymousGuest", "phone": "phoneUser"}
    kind = "federatedUser" if sender.tenant_id else kinds.get(sender.kind, "aadUser")
    user = {"id": sender.id, "displayName": sender.name, "userIdentityType": kind}
    return {"application": None, "device": None, "user": user}


def event(sent_at: datetime, kind: str, thread_id: str, initiator: Person, **detail: Any) -> Json:
    """A system message; `kind` is the type's name without prefix and suffix."""
    who = {"id": initiator.id, "displayName": None, "userIdentityType": "aadUser"}
    said = {
        "@odata.type": f"#microsoft.graph.{kind}EventMessageDetail",
        **detail,
        "initiator": {"application": None, "device": None, "user": who},
    }
    return message(
        sent_at, None, "<systemEventMessage/>", thread_id, messageType="systemEventMessage", eventDetail=said
    )


def file_reference(key: str, name: str, url: str) -> Json:
    """An attachment that is a file in somebody's drive."""
    return {
        "id": key,
        "contentType": "reference",
        "contentUrl": url,
        "content": None,
        "name": name,
        "thumbnailUrl": None,
    }


def mention(index: int, person: Person) -> Json:
    user = {"id": person.id, "displayName": person.name, "userIdentityType": "aadUser"}
    return {
        "id": index,
        "mentionText": person.name,
        "mentioned": {"application": None, "device": None, "conversation": None, "user": user},
    }


def reaction(kind: str, by: Person, at: datetime) -> Json:
    user = {
        "application": None,
        "device": None,
        "user": {"id": by.id, "displayName": None, "userIdentityType": "aadUser"},
    }
    return {"reactionType": kind, "displayName": "Like", "createdDateTime": stamp(at), "user": user}


def members(people: Iterable[Person], tenant_id: str, owner: Person) -> list[Json]:
    return [_member(person, tenant_id, ["owner"] if person == owner else []) for person in people]


def _member(person: Person, tenant_id: str, roles: Sequence[str]) -> Json:
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "id": person.id,
        "roles": list(roles),
        "displayName": person.name,
        "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
        "userId": person.id,
        "email": person.email,
        "tenantId": tenant_id,
    }
