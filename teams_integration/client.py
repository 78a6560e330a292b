"""Microsoft Graph v1.0 for one meeting: endpoints, headers, paging. Raw dicts, lazily; nothing is interpreted here.

Every method raises the tree of `conferences.providers.errors`, with Graph's own refusals told apart by `refusals`.
"""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin

from conferences.providers.base import Link
from conferences.providers.errors import ProviderError
from conferences.providers.http import Call, HttpClient
from conferences.providers.paging import Page, Repeats, entries, pages
from conferences.providers.transport import Answer, Transport
from conferences.providers.waiting import Clock
from teams_integration.addresses import instant, literal, meeting_path, path_literal, segment, share_id
from teams_integration.auth import AppTokens
from teams_integration.conf import WHO, Credentials, graph_url
from teams_integration.permissions import token_roles
from teams_integration.refusals import refuse

Raw = dict[str, Any]

# Without it, system messages and newer kinds of callers arrive as "unknownFutureValue".
# https://learn.microsoft.com/en-us/graph/best-practices-concept#handling-future-members-in-evolvable-enumerations
_ALL_KINDS = {"Prefer": "include-unknown-enum-members"}
_VTT = {"Accept": "text/vtt"}
_WORDS = {"Accept": "application/vnd.microsoft.graph.transcript+text"}
# https://learn.microsoft.com/en-us/graph/throttling-limits#microsoft-teams-service-limits
# A little more than the second that is allowed: the way there is not always equally long.
_CHAT_SECONDS = 1.05
# Pre-authenticated addresses are as good as the file itself: they are dropped before anybody can store them.
_SECRET_LINKS = ("@microsoft.graph.downloadUrl", "@content.downloadUrl")


class GraphClient:
    """No network before the first call. Safe between the threads of one session."""

    def __init__(self, credentials: Credentials, link: Link, *, clock: Clock | None = None) -> None:
        self._credentials = credentials
        self._clock = clock or Clock()
        self._tokens = AppTokens(credentials, link, self._clock)
        self._http = HttpClient(
            Transport(graph_url(), who=WHO, link=link),
            link,
            tokens=self._tokens,
            refuse=self._refuse,
            clock=clock,  # one of its own would come with a pace of its own
        )

    def close(self) -> None:
        self._http.close()

    def roles(self) -> frozenset[str] | None:
        """The application permissions in the token; None when it cannot be read."""
        return token_roles(self._tokens.current())

    # https://learn.microsoft.com/en-us/graph/api/user-get
    def user(self, id_or_upn: str) -> Raw:
        return self._get(f"/users/{segment(id_or_upn)}", "user", {"$select": "id,displayName,mail,userPrincipalName"})

    # https://learn.microsoft.com/en-us/graph/api/onlinemeeting-get#example-3-retrieve-an-online-meeting-by-joinweburl
    def meetings_by_join_url(self, organizer_id: str, join_url: str) -> list[Raw]:
        return self._meetings(organizer_id, f"JoinWebUrl eq {literal(join_url)}")

    # https://learn.microsoft.com/en-us/graph/api/onlinemeeting-get#example-4-retrieve-an-online-meeting-by-joinmeetingid
    def meetings_by_digits(self, organizer_id: str, digits: str) -> list[Raw]:
        return self._meetings(organizer_id, f"joinMeetingIdSettings/joinMeetingId eq {literal(digits)}")

    # https://learn.microsoft.com/en-us/graph/api/onlinemeeting-get
    def meeting(self, organizer_id: str, meeting_id: str) -> Raw:
        return self._get(meeting_path(organizer_id, meeting_id), "meeting")

    # https://learn.microsoft.com/en-us/graph/api/meetingattendancereport-list
    def attendance_reports(self, organizer_id: str, meeting_id: str) -> Iterator[Raw]:
        return self._list(f"{meeting_path(organizer_id, meeting_id)}/attendanceReports", "attendance")

    # https://learn.microsoft.com/en-us/graph/api/meetingattendancereport-get
    def attendance_report(self, organizer_id: str, meeting_id: str, report_id: str) -> Raw:
        """With the first page of its `attendanceRecords`; `attendance_records` gives all of them."""
        path = f"{meeting_path(organizer_id, meeting_id)}/attendanceReports/{segment(report_id)}"
        return self._get(path, "attendance", {"$expand": "attendanceRecords"})

    def attendance_records(self, organizer_id: str, meeting_id: str, report_id: str) -> Iterator[Raw]:
        """An expanded collection pages with a link of its own, to pages that are plain collections."""
        path = f"{meeting_path(organizer_id, meeting_id)}/attendanceReports/{segment(report_id)}"
        return self._list(path, "attendance", {"$expand": "attendanceRecords"}, expanded="attendanceRecords")

    # https://learn.microsoft.com/en-us/graph/api/attendancerecord-list
    def attendance_records_apart(self, organizer_id: str, meeting_id: str, report_id: str) -> Iterator[Raw]:
        """The same records as a listing of their own: the expanded one is empty for some reports that have people."""
        path = f"{meeting_path(organizer_id, meeting_id)}/attendanceReports/{segment(report_id)}/attendanceRecords"
        return self._list(path, "attendance")

    # https://learn.microsoft.com/en-us/graph/api/callrecords-cloudcommunications-list-callrecords
    def call_records(self, since: datetime, until: datetime) -> Iterator[Raw]:
        """Calls that began in `[since, until)`, of the whole tenant. Graph refuses bounds in the future."""
        until = min(until, self._clock.now())
        if since >= until:
            return iter(())
        asked = f"startDateTime ge {instant(since)} and startDateTime lt {instant(until)}"
        return self._list("/communications/callRecords", "call_records", {"$filter": asked}, _ALL_KINDS)

    # https://learn.microsoft.com/en-us/graph/api/callrecords-session-list
    def call_sessions(self, call_id: str) -> Iterator[Raw]:
        return self._list(f"/communications/callRecords/{segment(call_id)}/sessions", "call_records", {}, _ALL_KINDS)

    # https://learn.microsoft.com/en-us/graph/api/callrecords-callrecord-list-participants_v2
    def call_participants(self, call_id: str) -> Iterator[Raw]:
        return self._list(
            f"/communications/callRecords/{segment(call_id)}/participants_v2", "call_records", {}, _ALL_KINDS
        )

    # https://learn.microsoft.com/en-us/graph/api/onlinemeeting-list-recordings
    def recordings(self, organizer_id: str, meeting_id: str) -> Iterator[Raw]:
        return self._list(f"{meeting_path(organizer_id, meeting_id)}/recordings", "recordings")

    # https://learn.microsoft.com/en-us/graph/api/onlinemeeting-list-transcripts
    def transcripts(self, organizer_id: str, meeting_id: str) -> Iterator[Raw]:
        return self._list(f"{meeting_path(organizer_id, meeting_id)}/transcripts", "transcripts")

    # https://learn.microsoft.com/en-us/graph/api/calltranscript-get
    def transcript_metadata(self, organizer_id: str, meeting_id: str, transcript_id: str) -> str:
        """WebVTT whose cues are JSON objects."""
        return self._transcript(organizer_id, meeting_id, transcript_id, "metadataContent")

    def transcript_content(self, organizer_id: str, meeting_id: str, transcript_id: str) -> str:
        """WebVTT with `<v Name>` tags."""
        return self._transcript(organizer_id, meeting_id, transcript_id, "content")

    def transcript_words(self, organizer_id: str, meeting_id: str, transcript_id: str) -> str:
        """WebVTT without speakers, which is all there is where a tenant does not let them be named."""
        return self._transcript(organizer_id, meeting_id, transcript_id, "content", _WORDS)

    # https://learn.microsoft.com/en-us/graph/api/driveitem-list-children
    def drive_folder(self, organizer_id: str, path: str) -> Iterator[Raw]:
        """`path` from the root of the organiser's OneDrive, plain text with slashes."""
        folder = "/".join(segment(part) for part in path.strip("/").split("/"))
        return self._items(f"/users/{segment(organizer_id)}/drive/root:/{folder}:/children", {"$top": "200"})

    # https://learn.microsoft.com/en-us/graph/api/driveitem-search
    def drive_search(self, organizer_id: str, text: str) -> Iterator[Raw]:
        return self._items(f"/users/{segment(organizer_id)}/drive/root/search(q={path_literal(text)})")

    # https://learn.microsoft.com/en-us/graph/api/shares-get#encoding-sharing-urls
    def shared_item(self, url: str) -> Raw:
        return _without_secret_links(self._get(f"/shares/{share_id(url)}/driveItem", "shared_item"))

    # https://learn.microsoft.com/en-us/graph/api/chat-list-messages
    def chat_messages(self, thread_id: str, before: datetime) -> Iterator[Raw]:
        """Newest first. The filter counts only when the order names the same property."""
        params = {"$top": "50", "$orderby": "createdDateTime desc", "$filter": f"createdDateTime lt {instant(before)}"}
        return self._chat(thread_id, "messages", "chat", params)

    # https://learn.microsoft.com/en-us/graph/api/chat-list-members
    def chat_members(self, thread_id: str) -> Iterator[Raw]:
        return self._chat(thread_id, "members", "chat_members", {})

    def _meetings(self, organizer_id: str, asked: str) -> list[Raw]:
        return list(self._list(f"/users/{segment(organizer_id)}/onlineMeetings", "meeting", {"$filter": asked}))

    def _transcript(
        self, organizer_id: str, meeting_id: str, transcript_id: str, part: str, headers: Mapping[str, str] = _VTT
    ) -> str:
        url = f"{meeting_path(organizer_id, meeting_id)}/transcripts/{segment(transcript_id)}/{part}"
        return self._http.get_text(self._call(url, "transcripts", {}, headers))

    def _items(self, url: str, params: Mapping[str, str] | None = None) -> Iterator[Raw]:
        return (_without_secret_links(item) for item in self._list(url, "drive", params or {}))

    def _chat(self, thread_id: str, what: str, topic: str, params: Mapping[str, str]) -> Iterator[Raw]:
        pace = (f"{self._credentials.client_id} {thread_id}", _CHAT_SECONDS)
        return self._list(f"/chats/{segment(thread_id)}/{what}", topic, params, _ALL_KINDS, pace=pace)

    def _get(self, url: str, topic: str, params: Mapping[str, str] | None = None) -> Raw:
        return self._http.get_object(self._call(url, topic, params or {}))

    def _list(
        self,
        url: str,
        topic: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        expanded: str = "",
        pace: tuple[str, float] | None = None,
    ) -> Iterator[Raw]:
        """Next links are used as they are, with the same headers; only the first page has our parameters."""

        def fetch(link: str) -> Page:
            return self._http.get_object(self._call(link or url, topic, {} if link else params or {}, headers, pace))

        def key(page: Page) -> str:
            return expanded if expanded in page else "value"

        repeats = Repeats()
        for page in pages(
            fetch,
            lambda page: _next_link(page, expanded),
            who=WHO,
            listed=lambda page: page.get(key(page)),
            first=f"{graph_url().rstrip('/')}{url}?{urlencode(params or {})}",
        ):
            yield from repeats.without(entries(page, key(page), WHO))

    def _call(
        self,
        url: str,
        topic: str,
        params: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        pace: tuple[str, float] | None = None,
    ) -> Call:
        named = {"Accept": "application/json", "client-request-id": str(uuid.uuid4()), **(headers or {})}
        return Call(url, topic, params, named, pace)

    def _refuse(self, answer: Answer, call: Call) -> ProviderError | None:
        return refuse(answer, call, client_id=self._credentials.client_id, roles=self.roles())


def _next_link(page: Page, expanded: str) -> object:
    """A link may be relative to the host; below our base it would name something else."""
    link = (page.get(f"{expanded}@odata.nextLink") if expanded else None) or page.get("@odata.nextLink")
    return urljoin(graph_url(), link) if isinstance(link, str) and link.startswith("/") else link


def _without_secret_links(item: Raw) -> Raw:
    return {key: value for key, value in item.items() if key not in _SECRET_LINKS}
