"""What Zoom's error codes mean; the code is Zoom's own, not the HTTP status, and some have several meanings.

Read from the top: the first row that fits decides.
https://developers.zoom.us/docs/api/errors/
"""

from dataclasses import dataclass

from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Missing,
    NotPermitted,
    ProviderError,
    Rejected,
)
from zoom_integration import advice
from zoom_integration.zoom_error import ZoomError

_ANY: frozenset[str] = frozenset()
_REGISTRATION = frozenset({"webinar_registrants", "meeting_registrants", "absentees"})
_PEOPLE = frozenset({"user", "users", "webinars", "meetings", "report_users", "report_user_meetings"})


@dataclass(frozen=True, slots=True)
class Row:
    """`codes` are Zoom's, as text; one of `says` (lower case) stands in the message, unless it is empty."""

    codes: frozenset[str]
    kind: type[ProviderError]
    code: str
    message: str
    advice: str = ""
    says: tuple[str, ...] = ()
    topics: frozenset[str] = _ANY

    def fits(self, error: ZoomError, topic: str) -> bool:
        return (
            error.code in self.codes
            and (not self.topics or topic in self.topics)
            and (not self.says or any(fragment in error.text for fragment in self.says))
        )


def _codes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


# A good status with an error inside often comes without a code.
_PLAN_CODES = _codes("200", "")
_WEBINAR_PLAN = ("webinar plan", "webinar subscription", "webinar license", "webinar licence", "webinar add-on")
_PAID = ("paid", "plan", "subscription", "licens", "licenc", "upgrade", "pro account", "business account")

TABLE = (
    Row(
        _PLAN_CODES,
        LicenceMissing,
        "webinar_licence_missing",
        "The host has no webinar licence in Zoom, so Zoom gives nothing out about their webinars.",
        advice.PLAN,
        _WEBINAR_PLAN,
    ),
    Row(
        _PLAN_CODES,
        LicenceMissing,
        "licence_missing",
        "Zoom gives this out to accounts with a higher plan only.",
        advice.PLAN,
        _PAID,
    ),
    Row(
        _codes("200"),
        NotPermitted,
        "not_permitted",
        "Zoom does not allow the connection's app to look at this. An admin of the Zoom account must allow it.",
        advice.ROLE,
    ),
    Row(
        _codes("124"),
        CredentialsRefused,
        "token_refused",
        "Zoom does not accept our sign-in any more. An admin must check the connection's app.",
        advice.APP,
    ),
    Row(
        _codes("4717", "4738"),
        CredentialsRefused,
        "app_deactivated",
        "The connection's app has been deactivated in Zoom. An admin must activate it again.",
        advice.ACTIVATE,
    ),
    Row(
        _codes("4735", "4737", "4740", "4741", "4700"),
        CredentialsRefused,
        "token_refused",
        "Zoom does not accept our sign-in any more. An admin must check the connection's app.",
        advice.APP,
    ),
    Row(
        _codes("300"),
        Rejected,
        "page_token_expired",
        "Zoom forgot where we were in a long list, again and again. What was read is kept: sync again for the rest.",
        "",
        ("page token", "page_token", "next page"),
    ),
    Row(
        _codes("300"),
        Rejected,
        "invalid_parameter",
        "Zoom did not accept an id or a date that it was asked for.",
        "Compare the conference's id with Zoom. If it is right, report it with the technical detail.",
    ),
    Row(
        _codes("1001", "1010", "1120"),
        Missing,
        "user_not_found",
        "Zoom does not know this person in the connection's account.",
        advice.USER,
    ),
    Row(
        _codes("3000"),
        Missing,
        "registration_off",
        "This session was held without registration, so nobody registered.",
        topics=_REGISTRATION,
    ),
    Row(_codes("3000"), Missing, "not_available", "Zoom has no information on this session."),
    Row(
        _codes("3001"),
        Missing,
        "not_found",
        "Zoom does not know this session: it has not ended yet, never took place, or was deleted.",
    ),
    Row(
        _codes("3161", "2306", "2305"),
        NotPermitted,
        "host_restricted",
        "Zoom does not give this out for this host.",
        advice.HOST,
    ),
    Row(_codes("3301"), Missing, "no_recording", "Zoom has no cloud recording of this session."),
    Row(_codes("3322"), Missing, "no_transcript", "Zoom has no transcript of this session."),
    Row(_codes("4400"), Missing, "polls_off", "Polls are switched off for this session."),
    Row(
        _codes("12702"),
        Missing,
        "report_expired",
        "This session is so long ago that Zoom no longer reports on it.",
    ),
    Row(
        _codes("12703"),
        NotPermitted,
        "group_not_permitted",
        "The connection's app may not look at this group of users.",
        advice.ROLE,
    ),
    Row(
        _codes("2300"),
        Rejected,
        "endpoint_unknown",
        "Zoom did not understand what it was asked for.",
        "This is a fault of this system: report it with the technical detail.",
    ),
    Row(
        _codes("404", "1102"),
        Missing,
        "user_not_found",
        "Zoom does not know this person in the connection's account.",
        advice.USER,
        topics=_PEOPLE,
    ),
)
