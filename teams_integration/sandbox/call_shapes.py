"""The JSON of call records in its present form; the deprecated properties are there and empty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from teams_integration.sandbox.naming import guid, stamp
from teams_integration.sandbox.shapes import Attendee, Span
from teams_integration.sandbox.world import Call, Json

_KINDS = (
    "acsUser",
    "spoolUser",
    "phone",
    "guest",
    "encrypted",
    "onPremises",
    "acsApplicationInstance",
    "spoolApplicationInstance",
    "applicationInstance",
    "application",
    "device",
    "user",
)


@dataclass(frozen=True, slots=True)
class Leg:
    """One device of one person, from joining to leaving. `dialled_out`: the person is the callee."""

    who: Attendee
    span: Span
    dialled_out: bool = False


def call_record(
    key: str, organizer: Attendee, join_url: str | None, legs: Sequence[Leg], tenant_id: str, kind: str = "groupCall"
) -> Call:
    starts_at = min(leg.span[0] for leg in legs)
    ends_at = max(leg.span[1] for leg in legs)
    entry = {
        "id": key,
        "version": 1,
        "type": kind,
        "modalities": ["audio", "video"],
        "lastModifiedDateTime": stamp(ends_at + timedelta(minutes=20), 6),
        "startDateTime": stamp(starts_at, 7),
        "endDateTime": stamp(ends_at, 7),
        "joinWebUrl": join_url,
        "organizer": None,
        "participants": [],
        "organizer_v2": participant(organizer, tenant_id),
    }
    people = {leg.who: None for leg in legs}
    return Call(
        entry,
        starts_at,
        [participant(who, tenant_id) for who in people],
        [session(key, index, leg, tenant_id) for index, leg in enumerate(legs)],
    )


def participant(who: Attendee, tenant_id: str) -> Json:
    """Names of guests are withheld by design."""
    identity = {
        "@odata.type": f"#microsoft.graph.{'userIdentity' if who.kind == 'user' else 'identity'}",
        "id": _identity_id(who),
        "displayName": who.name if who.kind == "user" else None,
        "tenantId": who.tenant_id or (tenant_id if who.kind == "user" else None),
    }
    if who.kind == "user":
        identity["userPrincipalName"] = who.email or None
    return {"id": _identity_id(who), "identity": {**dict.fromkeys(_KINDS), who.kind: identity}}


def _identity_id(who: Attendee) -> str:
    return who.id or f"teamsvisitor:{guid('visitor', who.name, who.visitor).replace('-', '')}"


def session(call: str, index: int, leg: Leg, tenant_id: str) -> Json:
    starts_at, ends_at = (stamp(moment, 7) for moment in leg.span)
    person, service = _person_endpoint(leg.who, tenant_id), _service_endpoint()
    key = guid("session", call, index)
    caller, callee = (service, person) if leg.dialled_out else (person, service)
    return {
        "id": key,
        "modalities": ["audio"],
        "startDateTime": starts_at,
        "endDateTime": ends_at,
        "isTest": False,
        "failureInfo": None,
        "caller": caller,
        "callee": callee,
        "segments": [{"id": key, "startDateTime": starts_at, "endDateTime": ends_at, "media": []}],
    }


def _person_endpoint(who: Attendee, tenant_id: str) -> Json:
    """`associatedIdentity` is a flat identity, unlike the old `identity`."""
    return {
        "@odata.type": "#microsoft.graph.callRecords.participantEndpoint",
        "name": None,
        "userAgent": {
            "@odata.type": "#microsoft.graph.callRecords.clientUserAgent",
            "headerValue": None,
            "platform": "windows",
            "productFamily": "teams",
        },
        "identity": None,
        "associatedIdentity": {
            "id": _identity_id(who),
            "displayName": who.name if who.kind == "user" else None,
            "tenantId": who.tenant_id or tenant_id,
            "userPrincipalName": who.email or None,
        },
        "feedback": None,
    }


def _service_endpoint() -> Json:
    return {
        "@odata.type": "#microsoft.graph.callRecords.serviceEndpoint",
        "userAgent": {
            "@odata.type": "#microsoft.graph.callRecords.serviceUserAgent",
            "headerValue": None,
            "role": "mediationServer",
        },
    }


def legs(who: Attendee, spans: Iterable[Span]) -> list[Leg]:
    return [Leg(who, span) for span in spans]
