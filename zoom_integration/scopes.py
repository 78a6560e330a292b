"""Which scope opens what, and what a token lacks.

Newer apps hold granular scopes, older ones the classic: either will do. Reports exist in the form `:admin` only.
https://developers.zoom.us/docs/integrations/oauth-scopes-granular/
https://developers.zoom.us/docs/integrations/oauth-scopes/
"""

import re
from collections.abc import Iterable, Mapping

# By the topic of the call: the granular scope, in the form that an account's own app takes.
GRANULAR: Mapping[str, str] = {
    "user": "user:read:user:admin",
    "users": "user:read:list_users:admin",
    "webinars": "webinar:read:list_webinars:admin",
    "webinar": "webinar:read:webinar:admin",
    "meetings": "meeting:read:list_meetings:admin",
    "meeting": "meeting:read:meeting:admin",
    "webinar_instances": "webinar:read:list_past_instances:admin",
    "meeting_instances": "meeting:read:list_past_instances:admin",
    "history": "report:read:list_history_meetings:admin",
    "report_users": "report:read:list_users:admin",
    "report_user_meetings": "report:read:user:admin",
    "webinar_report": "report:read:webinar:admin",
    "meeting_report": "report:read:meeting:admin",
    "webinar_report_participants": "report:read:list_webinar_participants:admin",
    "meeting_report_participants": "report:read:list_meeting_participants:admin",
    "webinar_past_participants": "webinar:read:list_past_participants:admin",
    "meeting_past_participants": "meeting:read:list_past_participants:admin",
    "webinar_registrants": "webinar:read:list_registrants:admin",
    "meeting_registrants": "meeting:read:list_registrants:admin",
    "absentees": "webinar:read:list_absentees:admin",
    "panelists": "webinar:read:list_panelists:admin",
    "webinar_questions": "report:read:webinar_qna:admin",
    "meeting_questions": "report:read:meeting_qna:admin",
    "webinar_past_questions": "webinar:read:past_qa:admin",
    "meeting_past_questions": "meeting:read:past_qa:admin",
    "webinar_polls": "report:read:list_webinar_polls:admin",
    "meeting_polls": "report:read:list_meeting_polls:admin",
    "webinar_past_polls": "webinar:read:list_past_polls:admin",
    "meeting_past_polls": "meeting:read:list_poll_results:admin",
    "webinar_survey": "report:read:webinar_survey:admin",
    "meeting_survey": "report:read:meeting_survey:admin",
    "recordings": "cloud_recording:read:list_recording_files:admin",
}

# By the granular scope's product.
_CLASSIC: Mapping[str, tuple[str, ...]] = {
    "user": ("user:read:admin", "user:read", "user:write:admin"),
    "webinar": ("webinar:read:admin", "webinar:read", "webinar:write:admin"),
    "meeting": ("meeting:read:admin", "meeting:read", "meeting:write:admin"),
    "report": ("report:read:admin",),
    "cloud_recording": ("recording:read:admin", "recording:read", "recording:write:admin"),
}

# What each operation asks for when the conference is a webinar; a meeting needs the twins of the same names.
OPERATION_TOPICS: Mapping[str, tuple[str, ...]] = {
    "attendance": (
        "webinar",
        "webinar_instances",
        "webinar_report",
        "webinar_report_participants",
        "webinar_past_participants",
        "panelists",
    ),
    "recordings": ("recordings",),
    "chat": ("recordings",),
    "registrants": ("webinar_registrants",),
    "absentees": ("absentees",),
    "questions": ("webinar_questions", "webinar_past_questions"),
    "polls": ("webinar_polls", "webinar_past_polls"),
    "survey": ("webinar_survey",),
}

# What finding one's own conferences asks for, and all of an account.
OWN_TOPICS = ("user", "webinars")
# What finding all conferences of an account asks for.
DISCOVERY_TOPICS = ("users", "history", "webinars")

_LISTED = re.compile(r"scopes?\W{0,4}\[([^\]]{1,2000})\]", re.IGNORECASE)
_SCOPE = re.compile(r"[a-z_]+(?::[a-z_]+){1,3}", re.ASCII)


def accepted(topic: str) -> tuple[str, ...]:
    """Any one of these is enough; the first is the one to grant. Empty for a topic that needs none."""
    granular = GRANULAR.get(topic)
    if granular is None:
        return ()
    older = _CLASSIC[granular.partition(":")[0]]
    if _is_of_admins(granular):
        return (granular, *(each for each in older if each.endswith(":admin")))
    narrow = granular.removesuffix(":admin")
    return (granular, narrow, f"{narrow}:master", *older)


def _is_of_admins(granular: str) -> bool:
    """Whether there is no form of it for apps that each user adds for themselves."""
    return granular.startswith("report:") or granular == GRANULAR["users"]


def is_personal(scopes: frozenset[str] | None) -> bool:
    """Whether a token is of an app that each user manages for themselves: it sees what is theirs, and no reports."""
    return bool(scopes) and not any(scope.endswith((":admin", ":master")) for scope in scopes or ())


def topics_of(operation: str, scopes: frozenset[str] | None) -> tuple[str, ...]:
    """What an operation asks for with such a token: without reports where these are closed and something stands in."""
    topics = OPERATION_TOPICS[operation]
    own = tuple(topic for topic in topics if not GRANULAR[topic].startswith("report:"))
    return own if own and is_personal(scopes) else topics


def classic(granular: str) -> str:
    """The older scope that includes a granular one; "" when there is none."""
    older = _CLASSIC.get(granular.partition(":")[0], ("", ""))
    return older[0] if granular.endswith(":admin") else older[1]


def lacking(topic: str, scopes: frozenset[str] | None) -> str:
    """The scope to grant, or "" when the token has one that will do, or does not show what it has."""
    enough = accepted(topic)
    if scopes is None or not enough or scopes.intersection(enough):
        return ""
    return _to_grant(enough, scopes)


def _to_grant(enough: tuple[str, ...], scopes: frozenset[str] | None) -> str:
    """In the form that the app can add."""
    return enough[1] if is_personal(scopes) and not _is_of_admins(enough[0]) else enough[0]


def wanted(topics: Iterable[str], scopes: frozenset[str] | None) -> tuple[str, ...]:
    """Every scope that the topics need, whether the token has it or not."""
    return tuple(dict.fromkeys(_to_grant(accepted(topic), scopes) for topic in topics if accepted(topic)))


def had(topics: Iterable[str], scopes: frozenset[str] | None) -> tuple[str, ...] | None:
    """What the token has for each topic, be it an older scope; None when it does not show what it has."""
    if scopes is None:
        return None
    found = (next((scope for scope in accepted(topic) if scope in scopes), "") for topic in topics)
    return tuple(dict.fromkeys(filter(None, found)))


def missing(topics: Iterable[str], scopes: frozenset[str] | None) -> tuple[str, ...]:
    """Every scope that the topics need and the token lacks, each once."""
    return tuple(dict.fromkeys(scope for topic in topics if (scope := lacking(topic, scopes))))


def meeting_topics(topics: Iterable[str]) -> tuple[str, ...]:
    """The same questions asked about a meeting."""
    twins = (topic.replace("webinar", "meeting", 1) for topic in topics if "webinar" in topic)
    return tuple(topic for topic in twins if topic in GRANULAR)


def permissions(operation: str) -> tuple[str, ...]:
    """What an operation is declared to need, in the granular form."""
    return tuple(dict.fromkeys(GRANULAR[topic] for topic in OPERATION_TOPICS[operation]))


def granted(told: object) -> frozenset[str] | None:
    """The scopes of a token's answer; None when it does not tell."""
    return frozenset(told.split()) if isinstance(told, str) else None


def named_in(message: str) -> tuple[str, ...]:
    """The scopes that a refusal lists: “… does not contain scopes:[a:b:c, d:e:f]”."""
    listed = _LISTED.search(message)
    return tuple(dict.fromkeys(_SCOPE.findall(listed.group(1)))) if listed else ()
