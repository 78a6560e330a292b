"""People and online meetings, with attendance.

https://learn.microsoft.com/en-us/graph/api/onlinemeeting-get and …/meetingattendancereport-list
"""

import re
from urllib.parse import unquote

from teams_integration.sandbox import odata
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.naming import stamp
from teams_integration.sandbox.refusals import Refusal, bad_request, not_found
from teams_integration.sandbox.world import Json, Meeting, Person, Report

READ_USERS = ("User.ReadBasic.All", "User.Read.All", "Directory.Read.All")
READ_MEETINGS = ("OnlineMeetings.Read.All", "OnlineMeetings.ReadWrite.All")
READ_ATTENDANCE = ("OnlineMeetingArtifact.Read.All",)
MOST_REPORTS = 50
RECORDS_PER_PAGE = 50
_FILTER = re.compile(r"(?P<property>[\w/]+)\s+eq\s+(?P<literal>'.*')", re.DOTALL)


def user(asking: Asking, user: str) -> Json:
    asking.need(READ_USERS, "directory")
    query = odata.allow(asking.request, "$select")
    person = asking.person(user)
    given, _, family = person.name.rpartition(" ")
    answer = {
        "id": person.id,
        "displayName": person.name,
        "givenName": given,
        "surname": family,
        "mail": person.email,
        "userPrincipalName": person.email,
    }
    context = {"@odata.context": odata.METADATA + "users/$entity"}
    return {**context, **odata.select(answer, query.get("$select", ""))}


def find(asking: Asking, user: str) -> Json:
    """Without a filter, or with another one than the documented two, there is no listing."""
    asking.need(READ_MEETINGS, "directory")
    asked = odata.allow(asking.request, "$filter", "$select").get("$filter")
    person = asking.under_policy(user)
    if not asked:
        raise bad_request("The request is invalid: a filter on JoinWebUrl or joinMeetingId is required.")
    found = _by_filter(asking, person, asked)
    return {
        "@odata.context": f"{odata.METADATA}users('{person.id}')/onlineMeetings",
        "value": [_shown(asking, meeting) for meeting in found],
    }


def _by_filter(asking: Asking, person: Person, asked: str) -> list[Meeting]:
    match = _FILTER.fullmatch(asked.strip())
    if match is None:
        raise bad_request("Invalid filter clause.")
    wanted = odata.literal(match["literal"])
    match match["property"].lower():
        case "joinweburl":
            return _by_url(asking, person, wanted)
        case "joinmeetingidsettings/joinmeetingid":
            return [each for each in asking.tenant.meetings if each.organizer == person and each.digits == wanted]
        case name:
            raise bad_request(f"Filter on property '{name}' is not supported.")


def _by_url(asking: Asking, person: Person, url: str) -> list[Meeting]:
    """The literal must be the stored link, letter by letter; one that was encoded twice or decoded finds nothing."""
    for meeting in asking.tenant.meetings:
        if unquote(meeting.join_url) != unquote(url):
            continue
        if meeting.organizer != person:
            raise Refusal(403, "Forbidden", "3003: User does not have access to lookup meeting.")
        if not meeting.listed:
            raise not_found("The meeting could not be found.")
        return [meeting] if meeting.join_url == url else []
    return []


def get(asking: Asking, user: str, meeting: str) -> Json:
    asking.need(READ_MEETINGS, "directory")
    odata.allow(asking.request, "$select")
    found = meeting_of(asking, user, meeting, invited=True)
    return {"@odata.context": f"{odata.METADATA}users('{user}')/onlineMeetings/$entity", **_shown(asking, found)}


def meeting_of(asking: Asking, user: str, meeting: str, *, invited: bool = False) -> Meeting:
    """Artifacts are the organiser's; the meeting itself is open to those who were invited."""
    person = asking.under_policy(user)
    if meeting.startswith(("AAMk", "AQMk")):
        raise bad_request("Invalid meeting id.", "InvalidArgument")
    found = next((each for each in asking.tenant.meetings if each.id == meeting and each.listed), None)
    if found is None:
        raise not_found("The meeting could not be found.")
    if person != found.organizer and not (invited and person in found.invited):
        raise Refusal(403, "Forbidden", "3003: User does not have access to lookup meeting.")
    return found


def _shown(asking: Asking, meeting: Meeting) -> Json:
    """Names are withheld and the list of invited people is empty, as it mostly is."""
    organizer = {"id": meeting.organizer.id, "displayName": None, "tenantId": asking.tenant.id}
    return {
        "id": meeting.id,
        "creationDateTime": stamp(meeting.starts_at, 7),
        "startDateTime": stamp(meeting.starts_at, 7),
        "endDateTime": stamp(meeting.ends_at, 7),
        "joinWebUrl": meeting.join_url,
        "subject": meeting.subject,
        "meetingType": meeting.kind,
        "allowRecording": True,
        "allowTranscription": True,
        "chatInfo": {"threadId": meeting.thread_id, "messageId": meeting.message_id, "replyChainMessageId": None},
        "participants": {
            "organizer": {
                "upn": meeting.organizer.email,
                "role": "presenter",
                "identity": {"application": None, "device": None, "user": organizer},
            },
            "attendees": [],
        },
        "joinMeetingIdSettings": {
            "isPasscodeRequired": False,
            "joinMeetingId": meeting.digits or None,
            "passcode": None,
        },
    }


def reports(asking: Asking, user: str, meeting: str) -> Json:
    """Newest first, without their records. A channel's meetings have none."""
    asking.need(READ_ATTENDANCE, "directory")
    odata.allow(asking.request)
    found = meeting_of(asking, user, meeting)
    newest = sorted(found.reports, key=lambda report: report.starts_at, reverse=True)[:MOST_REPORTS]
    path = f"users('{user}')/onlineMeetings('{meeting}')/attendanceReports"
    return {"@odata.context": odata.METADATA + path, "value": [_report(report) for report in newest]}


def _report(report: Report) -> Json:
    return {
        "id": report.id,
        "totalParticipantCount": report.people,
        "meetingStartDateTime": stamp(report.starts_at),
        "meetingEndDateTime": stamp(report.ends_at),
        "attendanceRecords": [],
    }


def report(asking: Asking, user: str, meeting: str, report: str) -> Json:
    """An expanded collection pages with a link of its own, which leads to a plain collection."""
    found = _find_report(asking, user, meeting, report)
    answer = _report(found)
    odata.allow(asking.request, "$expand")
    if odata.expansions(asking.request, {"attendanceRecords"}):
        path = f"{asking.request.path.rstrip('/')}/attendanceRecords"
        first = odata.page(asking.request, found.records, RECORDS_PER_PAGE, context="", at=path)
        answer["attendanceRecords"] = first["value"]
        if "@odata.nextLink" in first:
            answer["attendanceRecords@odata.nextLink"] = first["@odata.nextLink"]
    context = f"users('{user}')/onlineMeetings('{meeting}')/attendanceReports/$entity"
    return {"@odata.context": odata.METADATA + context, **answer}


def records(asking: Asking, user: str, meeting: str, report: str) -> Json:
    found = _find_report(asking, user, meeting, report)
    odata.allow(asking.request)
    context = f"users('{user}')/onlineMeetings('{meeting}')/attendanceReports('{report}')/attendanceRecords"
    return odata.page(asking.request, found.records, RECORDS_PER_PAGE, context=context)


def _find_report(asking: Asking, user: str, meeting: str, report: str) -> Report:
    asking.need(READ_ATTENDANCE, "directory")
    for each in meeting_of(asking, user, meeting).reports:
        if each.id == report:
            return each
    raise not_found("The attendance report could not be found.")


_USER = "/v1.0/users/{user}"
_MEETING = f"{_USER}/onlineMeetings/{{meeting}}"
ROUTES = (
    (_USER, user),
    (f"{_USER}/onlineMeetings", find),
    (_MEETING, get),
    (f"{_MEETING}/attendanceReports", reports),
    (f"{_MEETING}/attendanceReports/{{report}}", report),
    (f"{_MEETING}/attendanceReports/{{report}}/attendanceRecords", records),
)
