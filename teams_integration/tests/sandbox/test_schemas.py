"""Every kind of answer, held against the API's published schemas."""

from collections.abc import Callable

import pytest

from teams_integration.sandbox.stories import ethics_tutorial, meet_now, seminar
from teams_integration.sandbox.stories.cast import HARRIET, INGRID
from teams_integration.tests.sandbox import schemas
from teams_integration.tests.sandbox.asking import Asker, asking, meeting_path, segment

pytestmark = pytest.mark.skipif(
    schemas.file() is None, reason="the folder with the API's schemas is not here; GRAPH_SPECS can name it"
)

CALLS = "/communications/callRecords"
CHAT = f"/chats/{segment(seminar.THREAD)}"
DRIVE = f"/users/{INGRID.id}/drive"
NAMES = "microsoft.graph."


def _meeting(graph: Asker) -> str:
    return meeting_path(graph.meeting(seminar.THREAD))


COLLECTIONS: dict[str, tuple[str, Callable[[Asker], str]]] = {
    "reports": ("meetingAttendanceReport", lambda graph: f"{_meeting(graph)}/attendanceReports"),
    "recordings": ("callRecording", lambda graph: f"{_meeting(graph)}/recordings"),
    "transcripts": ("callTranscript", lambda graph: f"{_meeting(graph)}/transcripts"),
    "calls": ("callRecords.callRecord", lambda _graph: CALLS),
    "messages": ("chatMessage", lambda _graph: f"{CHAT}/messages?$top=50"),
    "members": ("conversationMember", lambda _graph: f"{CHAT}/members"),
    "children": ("driveItem", lambda _graph: f"{DRIVE}/root:/Recordings:/children"),
    "search": ("driveItem", lambda _graph: f"{DRIVE}/root/search(q='Ethics')"),
}


@pytest.mark.parametrize("kind", COLLECTIONS)
def test_collection_is_as_published_on_every_page(graph: Asker, kind: str) -> None:
    schema, address = COLLECTIONS[kind]
    wrong: list[str] = []
    page = graph.json(address(graph), {"Prefer": "include-unknown-enum-members"})
    while page:
        wrong += schemas.faults(page, NAMES + schema, collection=True)
        following = page.get("@odata.nextLink")
        page = graph.json(following, {"Prefer": "include-unknown-enum-members"}) if following else {}
    assert wrong == []


def test_meeting_found_by_filter_is_as_published(graph: Asker) -> None:
    params = {"filter": f"JoinWebUrl eq '{seminar.PLAN.join_url}'"}
    answer = graph.json(f"/users/{INGRID.id}/onlineMeetings", **params)
    assert len(answer["value"]) == 1
    assert schemas.faults(answer, "microsoft.graph.onlineMeeting", collection=True) == []


def test_every_report_with_its_records_is_as_published(graph: Asker) -> None:
    meeting = graph.meeting(seminar.THREAD)
    for report in meeting.reports:
        address = f"{meeting_path(meeting)}/attendanceReports/{report.id}"
        answer = graph.json(address, expand="attendanceRecords")
        assert answer["attendanceRecords"]
        assert schemas.faults(answer, "microsoft.graph.meetingAttendanceReport") == []
        records = {"value": graph.rows(f"{address}/attendanceRecords")}
        assert schemas.faults(records, "microsoft.graph.attendanceRecord", collection=True) == []


def test_every_call_with_its_parts_is_as_published(graph: Asker) -> None:
    for call in graph.tenant.calls:
        address = f"{CALLS}/{call.entry['id']}"
        answer = graph.json(address, expand="participants_v2,sessions($expand=segments)")
        assert answer["sessions"]
        assert schemas.faults(answer, "microsoft.graph.callRecords.callRecord") == []


@pytest.mark.parametrize(("kind", "schema"), [("recordings", "callRecording"), ("transcripts", "callTranscript")])
def test_single_artifact_is_as_published(graph: Asker, kind: str, schema: str) -> None:
    address = f"{_meeting(graph)}/{kind}"
    for entry in graph.rows(address):
        answer = graph.json(f"{address}/{segment(entry['id'])}")
        assert schemas.faults(answer, NAMES + schema) == []


@pytest.mark.parametrize(
    ("schema", "address"),
    [
        ("user", f"/users/{INGRID.email}"),
        ("drive", DRIVE),
        ("chat", CHAT),
    ],
)
def test_single_resource_is_as_published(graph: Asker, schema: str, address: str) -> None:
    assert schemas.faults(graph.json(address), NAMES + schema) == []


REFUSED = {
    "unknown address": "/me/drive",
    "unknown user": "/users/nobody@example.org",
    "no filter": f"/users/{INGRID.id}/onlineMeetings",
    "no policy": f"/users/{HARRIET.id}/onlineMeetings?$filter=JoinWebUrl eq '{ethics_tutorial.PLAN.join_url}'",
    "drive": f"/users/{HARRIET.id}/drive",
    "call filter": f"{CALLS}?$filter=endDateTime gt 2025-01-01T00:00:00Z",
    "chat order": f"{CHAT}/messages?$orderby=createdDateTime asc",
    "call": f"{CALLS}/{meet_now.THREAD}",
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusal_is_as_published(graph: Asker, case: str) -> None:
    answer = graph.get(REFUSED[case])
    assert answer.status_code >= 400
    assert schemas.faults(answer.json(), "ODataError") == []
    assert answer.json()["error"]["innerError"]["request-id"] == answer.headers["request-id"]


def test_throttled_answer_is_as_published() -> None:
    with asking(throttle=True) as graph:
        answers = [graph.get(f"{CHAT}/messages") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert schemas.faults(answers[1].json(), "ODataError") == []
