"""Every endpoint as the socket sees it: encoding, headers, paging, pace; and no token leaves Graph's own origin."""

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unittest.mock import Mock, call

import pytest
import responses
from responses.registries import OrderedRegistry

from conferences.providers import http
from conferences.providers.base import Link
from conferences.providers.errors import (
    CredentialsRefused,
    LicenceMissing,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    Rejected,
    ServerTrouble,
)
from conferences.providers.fake_clock import STARTS_AT, FakeClock
from conferences.providers.pacing import Pacer
from conferences.providers.paging import MANY_EMPTY_PAGES, MANY_KNOWN_PAGES
from conferences.providers.stats import Stats
from teams_integration.client import GraphClient
from teams_integration.tests.microsoft import (
    ALL_ROLES,
    CREDENTIALS,
    GRAPH,
    ORGANIZER,
    SECRET,
    graph_error,
    sign_in,
    token_with,
)

CHAT = "19:meeting_YmM3@thread.v2"
JOIN_URL = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_YmM3%40thread.v2/0"
    "?context=%7b%22Tid%22%3a%22t%22%2c%22Oid%22%3a%22o%22%7d"
)
CALL = "e523d2ed-2966-4b6b-925b-754a88034cc5"
RECORD_LINKS = {
    "attendance_reports": f"/users/{ORGANIZER}/onlineMeetings/m1/attendanceReports",
    "recordings": f"/users/{ORGANIZER}/onlineMeetings/m1/recordings",
    "transcripts": f"/users/{ORGANIZER}/onlineMeetings/m1/transcripts",
}
LISTINGS: dict[str, Callable[[GraphClient], Iterator[dict[str, Any]]]] = {
    "attendance_reports": lambda graph: graph.attendance_reports(ORGANIZER, "m1"),
    "recordings": lambda graph: graph.recordings(ORGANIZER, "m1"),
    "transcripts": lambda graph: graph.transcripts(ORGANIZER, "m1"),
    "call_records": lambda graph: graph.call_records(STARTS_AT - timedelta(hours=1), STARTS_AT),
    "call_sessions": lambda graph: graph.call_sessions(CALL),
    "call_participants": lambda graph: graph.call_participants(CALL),
    "drive_folder": lambda graph: graph.drive_folder(ORGANIZER, "Recordings"),
    "drive_search": lambda graph: graph.drive_search(ORGANIZER, "Algebra"),
    "chat_messages": lambda graph: graph.chat_messages(CHAT, STARTS_AT),
    "chat_members": lambda graph: graph.chat_members(CHAT),
}


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        sign_in(mock, token_with({"roles": ALL_ROLES}))
        yield mock


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stats() -> Stats:
    return Stats()


@pytest.fixture
def graph(time: FakeClock, stats: Stats) -> Iterator[GraphClient]:
    client = GraphClient(CREDENTIALS, Link(stats=stats), clock=time.clock)
    yield client
    client.close()


def asked(api: responses.RequestsMock, at: int = -1) -> str:
    """The address that went over the wire, below Graph's."""
    return str(api.calls[at].request.url).removeprefix(GRAPH)


def page(*ids: str, link: str = "", key: str = "@odata.nextLink") -> dict[str, Any]:
    return {"value": [{"id": each} for each in ids], **({key: link} if link else {})}


def ids(listing: Iterator[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in listing]


def any_path(api: responses.RequestsMock, answer: object, **options: Any) -> None:
    """The path is asserted afterwards, on what was really sent."""
    api.get(re.compile(re.escape(GRAPH)), json=answer, **options)


def test_constructor_asks_nobody() -> None:
    with responses.RequestsMock() as mock:
        GraphClient(CREDENTIALS, Link()).close()
        assert len(mock.calls) == 0


def test_user_asks_by_id_or_address(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, {"id": ORGANIZER})
    assert graph.user("ann#ext@example.org")["id"] == ORGANIZER
    assert asked(api) == "/users/ann%23ext%40example.org?%24select=id%2CdisplayName%2Cmail%2CuserPrincipalName"


def test_join_url_travels_encoded_exactly_once_more(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page("m1"))
    assert graph.meetings_by_join_url(ORGANIZER, f"{JOIN_URL}'") == [{"id": "m1"}]
    path, query = asked(api).split("?")
    assert path == f"/users/{ORGANIZER}/onlineMeetings"
    assert query.startswith("%24filter=JoinWebUrl+eq+%27https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2F19%253a")
    assert query.endswith("%257d%27%27%27")
    assert api.calls[-1].request.params == {"$filter": f"JoinWebUrl eq '{JOIN_URL}'''"}


def test_digits_are_asked_by_filter(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page())
    assert graph.meetings_by_digits(ORGANIZER, "235471654321") == []
    assert api.calls[-1].request.params == {"$filter": "joinMeetingIdSettings/joinMeetingId eq '235471654321'"}


def test_meeting_ids_are_one_segment_whatever_they_hold(api: responses.RequestsMock, graph: GraphClient) -> None:
    """must-beat 14: base64 has slashes, pluses and equals signs."""
    any_path(api, {"id": "m"})
    graph.meeting(ORGANIZER, "MSo1/N+2==*19:x@thread.v2")
    assert asked(api) == f"/users/{ORGANIZER}/onlineMeetings/MSo1%2FN%2B2%3D%3D%2A19%3Ax%40thread.v2"


@pytest.mark.parametrize("odd", ["", ".", "..", " "])
def test_ids_that_would_change_the_path_are_rejected(graph: GraphClient, odd: str) -> None:
    with pytest.raises(Rejected) as caught:
        graph.meeting(ORGANIZER, odd)
    assert caught.value.code == "invalid_id"


def test_call_records_are_asked_by_time(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page(CALL))
    since = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=1)))
    assert ids(graph.call_records(since, datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC))) == [CALL]
    assert api.calls[-1].request.params == {
        "$filter": "startDateTime ge 2026-03-02T06:30:00.000Z and startDateTime lt 2026-03-02T08:00:00.123Z"
    }
    assert api.calls[-1].request.headers["Prefer"] == "include-unknown-enum-members"


def test_call_records_are_not_asked_for_in_the_future(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page())
    list(graph.call_records(STARTS_AT - timedelta(hours=1), STARTS_AT + timedelta(days=1)))
    assert api.calls[-1].request.params["$filter"].endswith("startDateTime lt 2026-03-02T09:00:00.000Z")


def test_call_records_of_the_future_are_none(graph: GraphClient) -> None:
    assert list(graph.call_records(STARTS_AT, STARTS_AT + timedelta(hours=1))) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *RECORD_LINKS.items(),
        ("call_sessions", f"/communications/callRecords/{CALL}/sessions"),
        ("call_participants", f"/communications/callRecords/{CALL}/participants_v2"),
        ("drive_folder", f"/users/{ORGANIZER}/drive/root:/Recordings:/children?%24top=200"),
        ("drive_search", f"/users/{ORGANIZER}/drive/root/search(q='Algebra')"),
        (
            "chat_messages",
            "/chats/19%3Ameeting_YmM3%40thread.v2/messages?%24top=50&%24orderby=createdDateTime+desc"
            "&%24filter=createdDateTime+lt+2026-03-02T09%3A00%3A00.000Z",
        ),
        ("chat_members", "/chats/19%3Ameeting_YmM3%40thread.v2/members"),
    ],
)
def test_listing_has_its_address(api: responses.RequestsMock, graph: GraphClient, name: str, path: str) -> None:
    any_path(api, page("a"))
    assert ids(LISTINGS[name](graph)) == ["a"]
    assert asked(api) == path


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_follows_every_next_link_as_it_is(api: responses.RequestsMock, graph: GraphClient, name: str) -> None:
    """must-beat 13."""
    any_path(api, page("a", "b", link=f"{GRAPH}/next?$skiptoken=one%2Ftwo"))
    any_path(api, page(link=f"{GRAPH}/next?$skiptoken=three"))
    any_path(api, page("c"))
    assert ids(LISTINGS[name](graph)) == ["a", "b", "c"]
    assert [asked(api, 3), asked(api, 4)] == ["/next?$skiptoken=one%2Ftwo", "/next?$skiptoken=three"]
    sent = [call.request.headers for call in api.calls][2:]
    assert [headers.get("Prefer") for headers in sent] == [sent[0].get("Prefer")] * 3
    assert len({headers["client-request-id"] for headers in sent}) == 3


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_is_lazy(api: responses.RequestsMock, graph: GraphClient, name: str) -> None:
    any_path(api, page("a", "b", link=f"{GRAPH}/next"))
    assert next(LISTINGS[name](graph))["id"] == "a"
    assert len(api.calls) == 3


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/next",
        "http://graph.microsoft.com/v1.0/next",
        "https://graph.microsoft.com:8443/v1.0/next",
        "https://user@graph.microsoft.com/v1.0/next",
        "https://graph.microsoft.com@evil.example/next",
        "https://169.254.169.254/",
        "//evil.example/v1.0/next",
    ],
)
def test_token_never_leaves_graphs_own_host(
    api: responses.RequestsMock, graph: GraphClient, name: str, link: str
) -> None:
    any_path(api, page("a", link=link))
    got: list[str] = []
    with pytest.raises(Malformed) as caught:
        collect(got, LISTINGS[name](graph))
    assert (got, caught.value.code, len(api.calls)) == (["a"], "foreign_host", 3)


def test_link_that_has_expired_starts_the_list_again(api: responses.RequestsMock, graph: GraphClient) -> None:
    """must-beat 25."""
    any_path(api, page("a", link=f"{GRAPH}/next?old"))
    any_path(api, graph_error("BadRequest", "Skip token is null or expired."), status=400)
    any_path(api, page("a", link=f"{GRAPH}/next?new"))
    any_path(api, page("b"))
    assert ids(graph.recordings(ORGANIZER, "m1")) == ["a", "b"]


def test_next_link_may_be_relative_to_the_host(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page("a", link="/v1.0/next?2"))
    any_path(api, page("b"))
    assert ids(graph.recordings(ORGANIZER, "m1")) == ["a", "b"]
    assert asked(api) == "/next?2"


def collect(got: list[str], listing: Iterator[dict[str, Any]]) -> None:
    for entry in listing:
        got.append(entry["id"])  # noqa: PERF401


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_stops_at_a_loop_and_keeps_what_it_read(
    api: responses.RequestsMock, graph: GraphClient, name: str
) -> None:
    for each, link in (("a", "1"), ("b", "2"), ("c", "1")):
        any_path(api, page(each, link=f"{GRAPH}/next?{link}"))
    got: list[str] = []
    with pytest.raises(Malformed) as caught:
        collect(got, LISTINGS[name](graph))
    assert (got, caught.value.code) == (["a", "b", "c"], "paging_loop")


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_that_repeats_itself_under_ever_new_links_is_a_loop_and_listed_once(
    api: responses.RequestsMock, graph: GraphClient, name: str
) -> None:
    for number in range(MANY_KNOWN_PAGES + 1):
        any_path(api, page("a", "b", link=f"{GRAPH}/next?{number}"))
    got: list[str] = []
    with pytest.raises(Malformed) as caught:
        collect(got, LISTINGS[name](graph))
    assert (got, caught.value.code) == (["a", "b"], "paging_loop")


@pytest.mark.parametrize("name", LISTINGS)
@pytest.mark.parametrize(
    "body", [{}, {"value": None}, {"value": {}}, {"value": "x"}, {"value": [7]}, {"value": [None]}]
)
def test_page_of_the_wrong_shape_ends_a_listing_after_the_good_ones(
    api: responses.RequestsMock, graph: GraphClient, name: str, body: dict[str, Any]
) -> None:
    any_path(api, page("a", link=f"{GRAPH}/next"))
    any_path(api, body)
    got: list[str] = []
    with pytest.raises(Malformed) as caught:
        collect(got, LISTINGS[name](graph))
    assert (got, caught.value.code) == (["a"], "malformed_answer")


@pytest.mark.parametrize("value", [7, True, [f"{GRAPH}/next"], {"href": "x"}])
def test_next_link_of_the_wrong_type_is_malformed(
    api: responses.RequestsMock, graph: GraphClient, value: object
) -> None:
    any_path(api, {"value": [{"id": "a"}], "@odata.nextLink": value})
    got: list[str] = []
    with pytest.raises(Malformed):
        collect(got, graph.recordings(ORGANIZER, "m1"))
    assert got == ["a"]


def test_attendance_report_is_expanded(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, {"id": "r/1", "attendanceRecords": [{"id": "a"}]})
    assert graph.attendance_report(ORGANIZER, "m1", "r/1")["attendanceRecords"] == [{"id": "a"}]
    assert asked(api) == f"/users/{ORGANIZER}/onlineMeetings/m1/attendanceReports/r%2F1?%24expand=attendanceRecords"


def test_attendance_records_follow_the_link_of_the_expanded_list(
    api: responses.RequestsMock, graph: GraphClient
) -> None:
    link = "attendanceRecords@odata.nextLink"
    any_path(api, {"id": "r1", "attendanceRecords": [{"id": "a"}], link: f"{GRAPH}/records?2"})
    any_path(api, page("b", link=f"{GRAPH}/records?3"))
    any_path(api, {"attendanceRecords": [{"id": "c"}], link: f"{GRAPH}/records?4"})
    any_path(api, page("d"))
    assert ids(graph.attendance_records(ORGANIZER, "m1", "r1")) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("body", [{"id": "r1"}, {"id": "r1", "attendanceRecords": None}])
def test_report_without_its_records_is_not_an_empty_report(
    api: responses.RequestsMock, graph: GraphClient, body: dict[str, Any]
) -> None:
    any_path(api, body)
    with pytest.raises(Malformed):
        list(graph.attendance_records(ORGANIZER, "m1", "r1"))


@pytest.mark.parametrize(
    ("part", "method", "accept"),
    [
        ("metadataContent", "transcript_metadata", "text/vtt"),
        ("content", "transcript_content", "text/vtt"),
        ("content", "transcript_words", "application/vnd.microsoft.graph.transcript+text"),
    ],
)
def test_transcripts_are_text(
    api: responses.RequestsMock, graph: GraphClient, part: str, method: str, accept: str
) -> None:
    path = f"/users/{ORGANIZER}/onlineMeetings/m1/transcripts/t%3D/{part}"
    api.get(f"{GRAPH}{path}", body="WEBVTT\n\n<v Zoë>Hi</v>")
    assert getattr(graph, method)(ORGANIZER, "m1", "t=") == "WEBVTT\n\n<v Zoë>Hi</v>"
    assert (asked(api), api.calls[-1].request.headers["Accept"]) == (path, accept)


def test_folder_path_is_encoded_segment_by_segment(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page())
    list(graph.drive_folder(ORGANIZER, "/Aufnahmen & mehr/100% #1/"))
    assert asked(api).split("?")[0] == f"/users/{ORGANIZER}/drive/root:/Aufnahmen%20%26%20mehr/100%25%20%231:/children"


def test_search_doubles_quotes(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page())
    list(graph.drive_search(ORGANIZER, "Ann's / class"))
    assert asked(api) == f"/users/{ORGANIZER}/drive/root/search(q='Ann''s%20%2F%20class')"


@pytest.mark.parametrize(
    "url",
    ["https://contoso.sharepoint.com/a b/ü?.docx", "https://contoso.sharepoint.com/x/~~~", "https://c/%20already%23"],
)
def test_shared_item_is_asked_by_its_encoded_address(api: responses.RequestsMock, graph: GraphClient, url: str) -> None:
    any_path(api, {"id": "i", "name": "x"})
    assert graph.shared_item(url) == {"id": "i", "name": "x"}
    token = asked(api).removeprefix("/shares/u!").removesuffix("/driveItem")
    assert base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode() == url
    assert "=" not in token


@pytest.mark.parametrize("key", ["@microsoft.graph.downloadUrl", "@content.downloadUrl"])
def test_addresses_that_carry_their_own_key_are_dropped(
    api: responses.RequestsMock, graph: GraphClient, key: str
) -> None:
    item = {"id": "i", key: "https://contoso.sharepoint.com/download?tempauth=canary"}
    any_path(api, item)
    any_path(api, {"value": [item]})
    any_path(api, {"value": [item]})
    got = [graph.shared_item("https://c/x"), *graph.drive_folder(ORGANIZER, "x"), *graph.drive_search(ORGANIZER, "x")]
    assert got == [{"id": "i"}] * 3


def test_chat_is_paced_to_one_request_a_second(
    api: responses.RequestsMock, graph: GraphClient, time: FakeClock
) -> None:
    for number in range(4):
        any_path(api, page(str(number), link=f"{GRAPH}/next?{number}" if number < 3 else ""))
    any_path(api, page("member"))
    assert ids(graph.chat_messages(CHAT, STARTS_AT)) == ["0", "1", "2", "3"]
    assert time.seconds == pytest.approx(3 * 1.05)
    list(graph.chat_members(CHAT))
    assert time.seconds == pytest.approx(4 * 1.05)


def test_pace_of_a_chat_is_that_of_all_workers(api: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check and the sync behind it, and another worker, draw on Graph's one limit for a chat."""
    monkeypatch.setattr(http, "PACER", pacer := Mock(Pacer, reserve=Mock(return_value=0.0)))
    for number in range(2):
        if number:
            sign_in(api, "token-2")
        any_path(api, page("a"))
        list(GraphClient(CREDENTIALS, Link()).chat_messages(CHAT, STARTS_AT))
    assert pacer.reserve.call_args_list == [call(f"{CREDENTIALS.client_id} {CHAT}", 1.05)] * 2


@pytest.mark.parametrize("name", sorted(set(LISTINGS) - {"chat_messages", "chat_members"}))
def test_other_listings_are_not_slowed_down(
    api: responses.RequestsMock, graph: GraphClient, time: FakeClock, name: str
) -> None:
    any_path(api, page("a", link=f"{GRAPH}/next"))
    any_path(api, page("b"))
    list(LISTINGS[name](graph))
    assert time.seconds == 0


def test_expired_token_is_renewed_once_in_mid_list(api: responses.RequestsMock, graph: GraphClient) -> None:
    """F62: one refresh, one replay, nothing lost or doubled."""
    any_path(api, page("a", link=f"{GRAPH}/next"))
    any_path(api, graph_error("InvalidAuthenticationToken", "Access token has expired."), status=401)
    sign_in(api, "token-2")
    any_path(api, page("b"))
    assert ids(graph.recordings(ORGANIZER, "m1")) == ["a", "b"]
    assert api.calls[-1].request.headers["Authorization"] == "Bearer token-2"


def test_token_that_stays_refused_is_refused(api: responses.RequestsMock, graph: GraphClient) -> None:
    body = graph_error("InvalidAuthenticationToken", "Access token validation failure.")
    any_path(api, body, status=401)
    sign_in(api, "token-2")
    any_path(api, body, status=401)
    with pytest.raises(CredentialsRefused) as caught:
        graph.meeting(ORGANIZER, "m1")
    assert caught.value.code == "token_refused"


def test_missing_licence_is_not_taken_for_an_old_token(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, graph_error("Unauthorized", "Invoked API requires a valid license for the user."), status=401)
    with pytest.raises(LicenceMissing):
        list(graph.chat_messages(CHAT, STARTS_AT))
    assert len(api.calls) == 3


def test_throttling_with_fractions_is_waited_for(
    api: responses.RequestsMock, graph: GraphClient, time: FakeClock, stats: Stats
) -> None:
    any_path(
        api, graph_error("TooManyRequests", "Please retry again later."), status=429, headers={"Retry-After": "2.128"}
    )
    any_path(api, {"id": "m1"})
    graph.meeting(ORGANIZER, "m1")
    assert time.seconds == pytest.approx(2.128)
    assert (stats.requests, stats.retries, stats.throttled) == (4, 1, 1)


@pytest.mark.parametrize(
    ("status", "times", "kind"),
    [(404, 1, Missing), (403, 1, NotPermitted), (400, 1, Rejected), (500, 5, ServerTrouble), (429, 1, RateLimited)],
)
@pytest.mark.parametrize("name", LISTINGS)
def test_failures_are_never_an_empty_list(
    api: responses.RequestsMock, graph: GraphClient, name: str, status: int, times: int, kind: type[ProviderError]
) -> None:
    for _ in range(times):
        any_path(
            api, graph_error("Whatever", "No."), status=status, headers={"Retry-After": "400"} if times == 1 else {}
        )
    with pytest.raises(kind):
        list(LISTINGS[name](graph))


def test_no_secret_shows_in_errors_or_repr(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, graph_error("Forbidden", f"client_secret={SECRET} Bearer {token_with({'roles': []})}"), status=403)
    with pytest.raises(NotPermitted) as caught:
        graph.meeting(ORGANIZER, "m1")
    error = caught.value
    text = f"{error!r} {error.message} {error.advice} {error.detail} {error.provider_code} {graph!r}"
    assert SECRET not in text
    assert "eyJ" not in text


GUEST = {"identity": {"displayName": "Guest"}, "totalAttendanceInSeconds": 600}


def test_attendance_record_that_overlapping_pages_list_twice_is_one(
    api: responses.RequestsMock, graph: GraphClient
) -> None:
    link = "attendanceRecords@odata.nextLink"
    any_path(api, {"id": "r1", "attendanceRecords": [{"id": "a"}, GUEST], link: f"{GRAPH}/records?2"})
    any_path(api, {"value": [dict(reversed(GUEST.items())), {"id": "b"}]})
    assert list(graph.attendance_records(ORGANIZER, "m1", "r1")) == [{"id": "a"}, GUEST, {"id": "b"}]


def test_attendance_records_that_are_equal_on_one_page_are_two_guests(
    api: responses.RequestsMock, graph: GraphClient
) -> None:
    any_path(api, {"id": "r1", "attendanceRecords": [GUEST, GUEST]})
    assert list(graph.attendance_records(ORGANIZER, "m1", "r1")) == [GUEST, GUEST]


def test_attendance_records_whose_link_leads_back_to_the_report_are_read_once(
    api: responses.RequestsMock, graph: GraphClient
) -> None:
    back = f"{GRAPH}/users/{ORGANIZER}/onlineMeetings/m1/attendanceReports/r1?$expand=attendanceRecords"
    body = {"id": "r1", "attendanceRecords": [{"id": "a"}], "attendanceRecords@odata.nextLink": back}
    any_path(api, body)
    got: list[dict[str, Any]] = []
    with pytest.raises(Malformed) as caught:
        _into(got, graph.attendance_records(ORGANIZER, "m1", "r1"))
    times = sum(str(call.request.url).startswith(GRAPH) for call in api.calls)
    assert (got, caught.value.code, times) == ([{"id": "a"}], "paging_loop", 1)


def test_attendance_records_are_also_a_listing_of_their_own(api: responses.RequestsMock, graph: GraphClient) -> None:
    any_path(api, page("a"))
    assert ids(graph.attendance_records_apart(ORGANIZER, "m1", "r/1")) == ["a"]
    assert asked(api) == f"/users/{ORGANIZER}/onlineMeetings/m1/attendanceReports/r%2F1/attendanceRecords"


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_whose_further_page_is_missing_is_broken_and_not_unknown(
    api: responses.RequestsMock, graph: GraphClient, name: str
) -> None:
    any_path(api, page("a", link=f"{GRAPH}/next"))
    any_path(api, graph_error("itemNotFound", "gone"), status=404)
    got: list[dict[str, Any]] = []
    with pytest.raises(Malformed) as caught:
        _into(got, LISTINGS[name](graph))
    assert (got, caught.value.code) == ([{"id": "a"}], "broken_listing")


@pytest.mark.parametrize("name", LISTINGS)
def test_listing_of_empty_pages_with_ever_new_links_ends(
    api: responses.RequestsMock, graph: GraphClient, name: str
) -> None:
    for number in range(MANY_EMPTY_PAGES):
        any_path(api, page(link=f"{GRAPH}/next?{number}"))
    with pytest.raises(Malformed) as caught:
        list(LISTINGS[name](graph))
    assert caught.value.code == "paging_loop"


def _into(got: list[dict[str, Any]], listing: Iterator[dict[str, Any]]) -> None:
    """Keeps what came before an error."""
    for entry in listing:
        got.append(entry)  # noqa: PERF402
