"""Zoom's API v2: endpoints, pace, paging. Raw dicts, lists lazily through all pages; nothing is interpreted here.

Every method raises the tree of `conferences.providers.errors`, with Zoom's own refusals told apart by `refusals`.
`kind` is "webinar" or "meeting". A uuid names one run of it; a numeric id the series.
"""

import threading
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from conferences.providers.base import Link
from conferences.providers.errors import Blocked, ProviderError
from conferences.providers.http import Call, HttpClient
from conferences.providers.transport import Answer, Transport
from conferences.providers.waiting import Clock
from zoom_integration import closed, listing
from zoom_integration.addresses import PLURAL, past_path, report_path, segment, uuid_segment
from zoom_integration.auth import AccountTokens
from zoom_integration.conf import PERSON, WHO, Credentials
from zoom_integration.downloads import Downloads
from zoom_integration.grants import Tokens
from zoom_integration.limits import limited, pace
from zoom_integration.listing import PAGE_SIZE, OnTotal, ignore
from zoom_integration.person import PersonTokens
from zoom_integration.refusals import not_zooms, refuse

Raw = dict[str, Any]

# Zoom's labels of what a call costs: https://developers.zoom.us/docs/api/rate-limits/
LIGHT, MEDIUM, HEAVY = "light", "medium", "heavy"


class ZoomClient:
    """No network before the first call. Safe between the threads of one session."""

    def __init__(
        self, credentials: Credentials, link: Link, clock: Clock | None = None, *, fresh: bool = False
    ) -> None:
        """`fresh` signs an account in anew, so that the scopes are those of this moment."""
        self._credentials = credentials
        self._link = link
        self._clock = clock
        self._tokens: Tokens = (
            PersonTokens(credentials, link, clock)
            if credentials.sign_in == PERSON
            else AccountTokens(credentials, link, clock, fresh=fresh)
        )
        self._lock = threading.Lock()
        self._opened: HttpClient | None = None

    def close(self) -> None:
        if self._opened:
            self._opened.close()

    def scopes(self) -> frozenset[str] | None:
        """What the token may; None when the sign-in did not tell."""
        return self._tokens.grant().scopes

    # https://developers.zoom.us/docs/api/users/#tag/users/GET/users/{userId}
    def user(self, user_id: str) -> Raw:
        return self._get(f"/users/{segment(user_id)}", "user", LIGHT)

    # https://developers.zoom.us/docs/api/users/#tag/users/GET/users
    def users(self, status: str = "active") -> Iterator[Raw]:
        """`status` is active, inactive or pending; pending users have no id."""
        return self._list("/users", "users", "users", MEDIUM, {"status": status})

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/users/{userId}/webinars
    def webinars(self, user_id: str) -> Iterator[Raw]:
        """Those that have not expired; the past is in `history`."""
        return self._list(f"/users/{segment(user_id)}/webinars", "webinars", "webinars", MEDIUM, {"type": "scheduled"})

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}
    def webinar(self, webinar_id: str | int) -> Raw:
        return self._get(f"/webinars/{segment(webinar_id)}", "webinar", LIGHT, {"show_previous_occurrences": "true"})

    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/users/{userId}/meetings
    def meetings(self, user_id: str, kind: str = "scheduled") -> Iterator[Raw]:
        """`kind` is Zoom's type: scheduled, live, upcoming, upcoming_meetings or previous_meetings."""
        return self._list(f"/users/{segment(user_id)}/meetings", "meetings", "meetings", MEDIUM, {"type": kind})

    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}
    def meeting(self, meeting_id: str | int) -> Raw:
        return self._get(f"/meetings/{segment(meeting_id)}", "meeting", LIGHT, {"show_previous_occurrences": "true"})

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/instances
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/past_meetings/{meetingId}/instances
    def past_instances(self, kind: str, numeric_id: str | int) -> Iterator[Raw]:
        """The runs of a series, in no promised order."""
        path = f"/past_{PLURAL[kind]}/{segment(numeric_id)}/instances"
        label = LIGHT if kind == "webinar" else MEDIUM
        return self._list(path, PLURAL[kind], f"{kind}_instances", label, page_size=False)

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/history_meetings
    def history(self, from_date: date, to_date: date, kind: str = "all") -> Iterator[Raw]:
        """One row for each run of the whole account, a month at most; `kind` may also be "all"."""
        asked = {**_span(from_date, to_date), "date_type": "start_time", "meeting_type": kind}
        return self._list("/report/history_meetings", "history_meetings", "history", HEAVY, asked)

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/users
    def report_users(self, from_date: date, to_date: date, kind: str = "active") -> Iterator[Raw]:
        """Who hosted within a month (`kind` active), or did not (inactive)."""
        return self._list("/report/users", "users", "report_users", HEAVY, {**_span(from_date, to_date), "type": kind})

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/users/{userId}/meetings
    def report_user_meetings(self, user_id: str, from_date: date, to_date: date, kind: str = "past") -> Iterator[Raw]:
        """`kind` is Zoom's type: past (two people or more), pastOne or pastJoined. A month at most, of the last six."""
        path = f"/report/users/{segment(user_id)}/meetings"
        return self._list(path, "meetings", "report_user_meetings", HEAVY, {**_span(from_date, to_date), "type": kind})

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}
    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}
    def report(self, kind: str, uuid: str) -> Raw:
        return self._get(report_path(kind, uuid), f"{kind}_report", HEAVY)

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/participants
    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/participants
    def report_participants(self, kind: str, uuid: str, on_total: OnTotal = ignore) -> Iterator[Raw]:
        """Join sessions, not people. `on_total` gets Zoom's own `total_records`."""
        path, topic = f"{report_path(kind, uuid)}/participants", f"{kind}_report_participants"
        return self._list(path, "participants", topic, HEAVY, {"include_fields": "registrant_id"}, on_total)

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/participants
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/past_meetings/{meetingId}/participants
    def past_participants(self, kind: str, uuid: str, on_total: OnTotal = ignore) -> Iterator[Raw]:
        """With fewer fields than the report, and open to apps that may not read reports."""
        path, topic = f"{past_path(kind, uuid)}/participants", f"{kind}_past_participants"
        return self._list(path, "participants", topic, MEDIUM, {"include_fields": "registrant_id"}, on_total)

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}/registrants
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}/registrants
    def registrants(
        self,
        kind: str,
        numeric_id: str | int,
        status: str = "approved",
        occurrence_id: str = "",
        on_total: OnTotal = ignore,
    ) -> Iterator[Raw]:
        """Of one `status` at a time: approved, pending or denied. Without an occurrence those of the whole series."""
        asked = {"status": status, **({"occurrence_id": occurrence_id} if occurrence_id else {})}
        path = f"/{PLURAL[kind]}/{segment(numeric_id)}/registrants"
        return self._list(path, "registrants", f"{kind}_registrants", MEDIUM, asked, on_total)

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/absentees
    def absentees(self, uuid: str, on_total: OnTotal = ignore) -> Iterator[Raw]:
        return self._list(
            f"{past_path('webinar', uuid)}/absentees", "registrants", "absentees", HEAVY, on_total=on_total
        )

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/webinars/{webinarId}/panelists
    def panelists(self, webinar_id: str | int) -> Iterator[Raw]:
        path = f"/webinars/{segment(webinar_id)}/panelists"
        return self._list(path, "panelists", "panelists", MEDIUM, page_size=False)

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/qa
    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/qa
    def questions(self, kind: str, uuid: str) -> Iterator[Raw]:
        """One row for each asker, with ids, times and answers."""
        return self._list(f"{report_path(kind, uuid)}/qa", "questions", f"{kind}_questions", HEAVY, page_size=False)

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/qa
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/past_meetings/{meetingId}/qa
    def past_questions(self, kind: str, uuid: str) -> Iterator[Raw]:
        """One row for each asker, without ids and times."""
        return self._list(f"{past_path(kind, uuid)}/qa", "questions", f"{kind}_past_questions", MEDIUM, page_size=False)

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/polls
    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/polls
    def polls(self, kind: str, uuid: str) -> Iterator[Raw]:
        """One row for each person who answered."""
        return self._list(f"{report_path(kind, uuid)}/polls", "questions", f"{kind}_polls", HEAVY, page_size=False)

    # https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/polls
    # https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/past_meetings/{meetingId}/polls
    def past_polls(self, kind: str, uuid: str) -> Iterator[Raw]:
        return self._list(f"{past_path(kind, uuid)}/polls", "questions", f"{kind}_past_polls", MEDIUM, page_size=False)

    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/survey
    # https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/survey
    def survey(self, kind: str, uuid: str) -> Raw:
        """With `survey_name` and, one for each person, `survey_answers`."""
        return self._get(f"{report_path(kind, uuid)}/survey", f"{kind}_survey", HEAVY)

    # https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording/GET/meetings/{meetingId}/recordings
    def recordings(self, uuid: str) -> Raw:
        """Serves webinars too."""
        return self._get(f"/meetings/{uuid_segment(uuid)}/recordings", "recordings", LIGHT)

    # https://developers.zoom.us/docs/api/rest/using-zoom-apis/#download-files
    def file_text(self, download_url: str) -> str:
        """A chat or transcript file as UTF-8 text."""
        return Downloads(self._tokens, self._link, self._clock).text(download_url)

    def _get(self, path: str, topic: str, label: str, params: Mapping[str, str] | None = None) -> Raw:
        return self._ask(self._call(path, topic, label, params or {}))

    def _ask(self, call: Call) -> Raw:
        http, token = self._http(), self._tokens.current()
        closed.insist_open(token, call.topic)
        try:
            return http.get_object(call)
        except Blocked as error:
            closed.note(token, call.topic, error)
            raise

    def _list(
        self,
        path: str,
        key: str,
        topic: str,
        label: str,
        params: Mapping[str, str] | None = None,
        on_total: OnTotal = ignore,
        *,
        page_size: bool = True,
    ) -> Iterator[Raw]:
        first = {**({"page_size": PAGE_SIZE} if page_size else {}), **(params or {})}

        def fetch(asked: Mapping[str, str]) -> Raw:
            return self._ask(self._call(path, topic, label, asked))

        return listing.rows(fetch, first, key, on_total)

    def _call(self, path: str, topic: str, label: str, params: Mapping[str, str]) -> Call:
        headers = {"Accept": "application/json"}
        return Call(path, topic, params, headers, pace(self._credentials, label, self._link.authorization))

    def _http(self) -> HttpClient:
        """Where the API is to be found is told by the sign-in."""
        with self._lock:
            if self._opened is None:
                base = self._tokens.grant().api_url
                transport = Transport(base, who=WHO, request_id_header="x-zm-trackingid", link=self._link)
                self._opened = HttpClient(
                    transport, self._link, tokens=self._tokens, examine=self._examine, clock=self._clock
                )
            return self._opened

    def _examine(self, answer: Answer, call: Call) -> ProviderError | None:
        refusal = refuse(answer, call, self._tokens.known_scopes)
        return limited(answer, self._clock or Clock()) or refusal or not_zooms(answer)


def _span(from_date: date, to_date: date) -> dict[str, str]:
    return {"from": f"{from_date:%Y-%m-%d}", "to": f"{to_date:%Y-%m-%d}"}
