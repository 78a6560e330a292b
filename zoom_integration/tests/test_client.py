"""Every endpoint as the socket sees it: path, parameters, pace; and what becomes of refusals, limits, odd answers."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from pytest_django.fixtures import Settings

from conferences.providers.base import Link
from conferences.providers.errors import (
    Cancelled,
    CredentialsRefused,
    DailyLimit,
    LicenceMissing,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    Rejected,
    ServerTrouble,
)
from conferences.providers.fake_clock import FakeClock
from zoom_integration.client import ZoomClient
from zoom_integration.limits import pace
from zoom_integration.tests.account import (
    ALL_SCOPES,
    ANY,
    API,
    CREDENTIALS,
    SECRET,
    SIGN_IN,
    TOKEN,
    no_scope,
    page,
    sign_in,
    zoom_error,
)

RUN = "Bznyg8KZTdCVbQxvS/oZ7w=="
WRITTEN = "Bznyg8KZTdCVbQxvS%2FoZ7w%3D%3D"
HARD_RUN = "/ab//KZTdCVbQ+xvSoZ7w=="
HARD_WRITTEN = "%252Fab%252F%252FKZTdCVbQ%252BxvSoZ7w%253D%253D"
SERIES = "81234567890"
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
SPAN = {"from": "2026-03-01", "to": "2026-03-31"}
SIZE = {"page_size": "300"}
DOCUMENTED = json.loads((Path(__file__).parent / "payloads" / "scopes_documented.json").read_text())

# One endpoint each: its topic, the path and parameters asked for.
OBJECTS: list[tuple[Callable[[ZoomClient], Any], str, str, dict[str, str]]] = [
    (lambda zoom: zoom.user("ann@example.org"), "user", "/users/ann%40example.org", {}),
    (lambda zoom: zoom.webinar(SERIES), "webinar", f"/webinars/{SERIES}", {"show_previous_occurrences": "true"}),
    (lambda zoom: zoom.meeting(8123), "meeting", "/meetings/8123", {"show_previous_occurrences": "true"}),
    (lambda zoom: zoom.report("webinar", RUN), "webinar_report", f"/report/webinars/{WRITTEN}", {}),
    (lambda zoom: zoom.report("meeting", RUN), "meeting_report", f"/report/meetings/{WRITTEN}", {}),
    (lambda zoom: zoom.survey("webinar", RUN), "webinar_survey", f"/report/webinars/{WRITTEN}/survey", {}),
    (lambda zoom: zoom.survey("meeting", RUN), "meeting_survey", f"/report/meetings/{WRITTEN}/survey", {}),
    (lambda zoom: zoom.recordings(RUN), "recordings", f"/meetings/{WRITTEN}/recordings", {}),
]
LISTS: list[tuple[Callable[[ZoomClient], Iterator[Any]], str, str, str, dict[str, str]]] = [
    (lambda zoom: zoom.users("inactive"), "users", "users", "/users", {**SIZE, "status": "inactive"}),
    (lambda zoom: zoom.webinars("u1"), "webinars", "webinars", "/users/u1/webinars", {**SIZE, "type": "scheduled"}),
    (
        lambda zoom: zoom.meetings("u1", "upcoming"),
        "meetings",
        "meetings",
        "/users/u1/meetings",
        {**SIZE, "type": "upcoming"},
    ),
    (
        lambda zoom: zoom.past_instances("webinar", SERIES),
        "webinar_instances",
        "webinars",
        f"/past_webinars/{SERIES}/instances",
        {},
    ),
    (
        lambda zoom: zoom.past_instances("meeting", SERIES),
        "meeting_instances",
        "meetings",
        f"/past_meetings/{SERIES}/instances",
        {},
    ),
    (
        lambda zoom: zoom.history(*MARCH, "webinar"),
        "history",
        "history_meetings",
        "/report/history_meetings",
        {**SIZE, **SPAN, "date_type": "start_time", "meeting_type": "webinar"},
    ),
    (
        lambda zoom: zoom.report_users(*MARCH, "inactive"),
        "report_users",
        "users",
        "/report/users",
        {**SIZE, **SPAN, "type": "inactive"},
    ),
    (
        lambda zoom: zoom.report_user_meetings("u1", *MARCH, "pastOne"),
        "report_user_meetings",
        "meetings",
        "/report/users/u1/meetings",
        {**SIZE, **SPAN, "type": "pastOne"},
    ),
    (
        lambda zoom: zoom.absentees(RUN),
        "absentees",
        "registrants",
        f"/past_webinars/{WRITTEN}/absentees",
        SIZE,
    ),
    (lambda zoom: zoom.panelists(SERIES), "panelists", "panelists", f"/webinars/{SERIES}/panelists", {}),
    *(
        (
            lambda zoom, kind=kind: zoom.report_participants(kind, RUN),
            f"{kind}_report_participants",
            "participants",
            f"/report/{kind}s/{WRITTEN}/participants",
            {**SIZE, "include_fields": "registrant_id"},
        )
        for kind in ("webinar", "meeting")
    ),
    *(
        (
            lambda zoom, kind=kind: zoom.past_participants(kind, RUN),
            f"{kind}_past_participants",
            "participants",
            f"/past_{kind}s/{WRITTEN}/participants",
            {**SIZE, "include_fields": "registrant_id"},
        )
        for kind in ("webinar", "meeting")
    ),
    *(
        (
            lambda zoom, kind=kind: zoom.registrants(kind, SERIES, "denied", "1767225600000"),
            f"{kind}_registrants",
            "registrants",
            f"/{kind}s/{SERIES}/registrants",
            {**SIZE, "status": "denied", "occurrence_id": "1767225600000"},
        )
        for kind in ("webinar", "meeting")
    ),
    *(
        (
            lambda zoom, kind=kind: zoom.questions(kind, RUN),
            f"{kind}_questions",
            "questions",
            f"/report/{kind}s/{WRITTEN}/qa",
            {},
        )
        for kind in ("webinar", "meeting")
    ),
    *(
        (
            lambda zoom, kind=kind: zoom.past_questions(kind, RUN),
            f"{kind}_past_questions",
            "questions",
            f"/past_{kind}s/{WRITTEN}/qa",
            {},
        )
        for kind in ("webinar", "meeting")
    ),
    *(
        (
            lambda zoom, kind=kind: zoom.polls(kind, RUN),
            f"{kind}_polls",
            "questions",
            f"/report/{kind}s/{WRITTEN}/polls",
            {},
        )
        for kind in ("webinar", "meeting")
    ),
    *(
        (
            lambda zoom, kind=kind: zoom.past_polls(kind, RUN),
            f"{kind}_past_polls",
            "questions",
            f"/past_{kind}s/{WRITTEN}/polls",
            {},
        )
        for kind in ("webinar", "meeting")
    ),
]


@pytest.fixture
def api(api: responses.RequestsMock) -> responses.RequestsMock:
    sign_in(api)
    return api


def asked(api: responses.RequestsMock, at: int = -1) -> tuple[str, dict[str, str]]:
    """The path below the API's address, as it went over the wire, and the parameters."""
    parts = urlsplit(str(api.calls[at].request.url).removeprefix(API))
    return parts.path, dict(parse_qsl(parts.query))


def paths(api: responses.RequestsMock) -> list[str]:
    return [urlsplit(str(call.request.url)).path for call in api.calls]


def test_constructor_asks_nobody() -> None:
    with responses.RequestsMock() as mock:
        client = ZoomClient(CREDENTIALS, Link())
        assert len(mock.calls) == 0
        client.close()


@pytest.mark.parametrize(("call", "topic", "path", "params"), OBJECTS, ids=[row[1] for row in OBJECTS])
def test_object_is_asked_at_its_address(
    api: responses.RequestsMock,
    zoom: ZoomClient,
    call: Callable[[ZoomClient], Any],
    topic: str,
    path: str,
    params: dict[str, str],
) -> None:
    api.get(ANY, json={"id": 5, "topic": "Algebra"})
    assert call(zoom) == {"id": 5, "topic": "Algebra"}
    assert asked(api) == (path, params)
    assert api.calls[-1].request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(("call", "topic", "key", "path", "params"), LISTS, ids=[row[1] for row in LISTS])
def test_list_is_read_through_all_its_pages(
    api: responses.RequestsMock,
    zoom: ZoomClient,
    call: Callable[[ZoomClient], Iterator[Any]],
    topic: str,
    key: str,
    path: str,
    params: dict[str, str],
) -> None:
    """must-beat 13."""
    api.get(ANY, json=page(key, "1", "2", token="t=1&"))
    api.get(ANY, json=page(key, "3"))
    assert [row["id"] for row in call(zoom)] == ["1", "2", "3"]
    assert asked(api, 1) == (path, params)
    assert asked(api, 2) == (path, {**params, "next_page_token": "t=1&"})


CALLS = [(row[0], row[1]) for row in OBJECTS] + [
    ((lambda zoom, call=row[0]: list(call(zoom))), row[1]) for row in LISTS
]


@pytest.mark.parametrize(("call", "topic"), CALLS, ids=[row[1] for row in CALLS])
def test_each_call_keeps_the_pace_of_its_label(
    api: responses.RequestsMock, zoom: ZoomClient, time: FakeClock, call: Callable[[ZoomClient], Any], topic: str
) -> None:
    body = {key: [] for key in ("users", "webinars", "meetings", "history_meetings", "registrants", "panelists")}
    for _ in range(3):
        api.get(ANY, json={**body, "participants": [], "questions": [], "id": 5})
    for _ in range(3):
        call(zoom)
    assert time.seconds == pytest.approx(2 * pace(CREDENTIALS, DOCUMENTED[topic]["label"])[1])


def test_every_documented_call_can_be_made() -> None:
    assert sorted(topic for _, topic in CALLS) == sorted(DOCUMENTED)


def test_budgets_of_labels_are_apart(api: responses.RequestsMock, zoom: ZoomClient, time: FakeClock) -> None:
    for _ in range(2):
        api.get(ANY, json={"id": 5})
    zoom.user("u1")
    zoom.report("webinar", RUN)
    assert time.seconds == 0.0


def test_hard_uuids_are_encoded_twice(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    """must-beat 14."""
    api.get(ANY, json=page("participants", "1"))
    list(zoom.report_participants("webinar", HARD_RUN))
    assert asked(api)[0] == f"/report/webinars/{HARD_WRITTEN}/participants"


def test_total_is_handed_over(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    totals: list[int] = []
    api.get(ANY, json=page("participants", "1", total_records=301, token="t"))
    api.get(ANY, json=page("participants", "2", total_records=301))
    assert len(list(zoom.past_participants("webinar", RUN, totals.append))) == 2
    assert totals == [301]


def test_registrants_of_a_series_name_no_occurrence(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    api.get(ANY, json=page("registrants"))
    assert list(zoom.registrants("webinar", SERIES, "pending")) == []
    assert asked(api)[1] == {**SIZE, "status": "pending"}


def test_region_of_the_account_is_asked(time: FakeClock) -> None:
    with responses.RequestsMock() as mock:
        sign_in(mock, api_url="https://api-eu.zoom.us")
        mock.get("https://api-eu.zoom.us/v2/users/u1", json={"id": "u1"})
        assert ZoomClient(CREDENTIALS, Link(), time.clock).user("u1") == {"id": "u1"}


@pytest.mark.parametrize("told", ["https://evil.example", "http://api.zoom.us", "https://zoom.us.evil.example"])
def test_token_never_follows_a_foreign_api_url(time: FakeClock, told: str) -> None:
    with responses.RequestsMock() as mock:
        sign_in(mock, api_url=told)
        mock.get(f"{API}/users/u1", json={"id": "u1"})
        ZoomClient(CREDENTIALS, Link(), time.clock).user("u1")
        assert [urlsplit(str(call.request.url)).hostname for call in mock.calls] == ["zoom.us", "api.zoom.us"]


def test_stand_in_gets_the_token_that_its_sign_in_gave(settings: Settings, time: FakeClock) -> None:
    settings.ZOOM_OAUTH_URL, settings.ZOOM_API_URL = "http://127.0.0.1:9/oauth", "http://127.0.0.1:9/v2"
    with responses.RequestsMock() as mock:
        mock.post("http://127.0.0.1:9/oauth/token", json={"access_token": "t", "api_url": "https://api.zoom.us"})
        mock.get("http://127.0.0.1:9/v2/users/u1", json={"id": "u1"})
        assert ZoomClient(CREDENTIALS, Link(), time.clock).user("u1") == {"id": "u1"}


def test_redirects_are_not_followed(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    api.get(ANY, status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(Malformed):
        zoom.user("u1")
    assert len(api.calls) == 2


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_token_is_renewed_and_the_call_replayed_once(
    api: responses.RequestsMock, zoom: ZoomClient, status: int
) -> None:
    api.get(ANY, status=status, json=zoom_error(124, "Invalid access token."))
    sign_in(api, "token-2")
    api.get(ANY, json={"id": "u1"})
    assert zoom.user("u1") == {"id": "u1"}
    assert [call.request.headers["Authorization"] for call in api.calls][1::2] == [f"Bearer {TOKEN}", "Bearer token-2"]


def test_a_token_that_is_refused_twice_is_given_up(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    api.get(ANY, status=401, json=zoom_error(124, "Invalid access token."))
    sign_in(api, "token-2")
    api.get(ANY, status=401, json=zoom_error(124, "Invalid access token."))
    with pytest.raises(CredentialsRefused) as caught:
        zoom.user("u1")
    assert (caught.value.code, len(api.calls)) == ("token_refused", 4)


def test_a_deactivated_app_ends_with_its_sentence(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    api.get(ANY, status=401, json=zoom_error(124, "Invalid access token."))
    api.post(SIGN_IN, status=400, json={"reason": "The app has been disabled", "error": "invalid_client"})
    with pytest.raises(CredentialsRefused) as caught:
        zoom.user("u1")
    assert caught.value.code == "app_deactivated"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, no_scope("user:read:user:admin"), NotPermitted),
        (401, no_scope("user:read:user:admin"), NotPermitted),
        (400, zoom_error(200, "No permission."), NotPermitted),
        (400, zoom_error(200, "Webinar plan is missing."), LicenceMissing),
        (404, zoom_error(1001, "User does not exist."), Missing),
        (400, zoom_error(300, "Invalid."), Rejected),
        (200, zoom_error(200, "Webinar plan is missing."), LicenceMissing),
        (200, zoom_error(1001, "User does not exist."), Missing),
        (404, zoom_error(9999), Missing),
        (422, {}, Rejected),
    ],
)
def test_a_refusal_is_asked_once(
    api: responses.RequestsMock, zoom: ZoomClient, status: int, body: dict[str, Any], kind: type[ProviderError]
) -> None:
    api.get(ANY, status=status, json=body)
    with pytest.raises(ProviderError) as caught:
        zoom.user("u1")
    assert type(caught.value) is kind


@pytest.mark.parametrize("body", ["<html>404</html>", "", "{}", '{"code": 404, "message": "Not found"}'])
def test_that_something_is_not_there_only_zoom_can_say(
    api: responses.RequestsMock, zoom: ZoomClient, body: str
) -> None:
    """facts 3.3: only its own 404 is a reason for a fallback; a gateway's may pass."""
    api.get(ANY, status=404, body=body)
    api.get(ANY, json={"participants": [{"user_id": "1"}]})
    assert list(zoom.report_participants("webinar", RUN)) == [{"user_id": "1"}]


def test_a_gateway_that_knows_nothing_is_trouble(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    for _ in range(5):
        api.get(ANY, status=404, body="<html>404</html>")
    with pytest.raises(ServerTrouble):
        list(zoom.report_participants("webinar", RUN))


def test_a_forbidden_call_names_the_scope_that_the_token_lacks(time: FakeClock) -> None:
    with responses.RequestsMock() as mock:
        sign_in(mock, scope=" ".join(scope for scope in ALL_SCOPES if scope != "user:read:user:admin"))
        mock.get(ANY, status=403, json={})
        with pytest.raises(NotPermitted) as caught:
            ZoomClient(CREDENTIALS, Link(), time.clock).user("u1")
    assert caught.value.code == "missing_scope"
    assert "add user:read:user:admin." in caught.value.advice


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [(None, 1.0), ("2", 2.0), ("2026-03-02T09:00:03Z", 3.0), ("Mon, 02 Mar 2026 09:00:04 GMT", 4.0)],
)
def test_per_second_limit_is_waited_out(
    api: responses.RequestsMock, zoom: ZoomClient, time: FakeClock, retry_after: str | None, seconds: float, link: Link
) -> None:
    """must-beat 24."""
    headers = {"X-RateLimit-Type": "QPS", **({"Retry-After": retry_after} if retry_after else {})}
    api.get(ANY, status=429, headers=headers, json=zoom_error(429, "You have reached the maximum per-second limit."))
    api.get(ANY, json={"id": "u1"})
    assert zoom.user("u1") == {"id": "u1"}
    assert time.seconds == pytest.approx(seconds)
    stats = link.stats
    assert (stats.requests, stats.retries, stats.throttled, stats.waited_seconds) == (3, 1, 1, pytest.approx(seconds))


def test_daily_limit_ends_at_once_with_the_moment_to_go_on(
    api: responses.RequestsMock, zoom: ZoomClient, time: FakeClock
) -> None:
    """must-beat 24."""
    headers = {"X-RateLimit-Type": "Daily-limit", "Retry-After": "2026-03-03T00:00:00Z"}
    api.get(ANY, json=page("participants", "1", token="t1"))
    api.get(ANY, status=429, headers=headers, json=zoom_error(429, "You have reached the maximum daily rate limit."))
    rows = zoom.report_participants("webinar", RUN)
    assert next(rows)["id"] == "1"
    with pytest.raises(DailyLimit) as caught:
        next(rows)
    assert caught.value.resumes_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert time.seconds < 1


def test_limits_that_never_end_are_given_up(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    for _ in range(9):
        api.get(ANY, status=429, json=zoom_error(429, "You have reached the maximum per-second limit."))
    with pytest.raises(RateLimited) as caught:
        zoom.user("u1")
    assert caught.value.permanent


@pytest.mark.parametrize("answer", [{"status": 502, "body": "<html>"}, {"body": ""}, {"body": '{"id": '}])
def test_passing_trouble_is_tried_again(api: responses.RequestsMock, zoom: ZoomClient, answer: dict[str, Any]) -> None:
    api.get(ANY, **answer)
    api.get(ANY, json={"id": "u1"})
    assert zoom.user("u1") == {"id": "u1"}


def test_trouble_that_lasts_is_never_an_empty_list(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    for _ in range(5):
        api.get(ANY, status=500, json=zoom_error(3001, "Webinar does not exist."))
    with pytest.raises(ServerTrouble):
        list(zoom.report_participants("webinar", RUN))


def test_cancel_is_heard_between_pages(api: responses.RequestsMock, time: FakeClock) -> None:
    link = Link()
    api.get(ANY, json=page("participants", "1", token="t1"))
    rows = ZoomClient(CREDENTIALS, link, time.clock).report_participants("webinar", RUN)
    next(rows)
    link.stop.set()
    with pytest.raises(Cancelled):
        next(rows)


def test_an_expired_page_starts_the_list_again(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    """must-beat 25."""
    api.get(ANY, json=page("participants", "1", token="t1"))
    api.get(ANY, status=400, json=zoom_error(300, "The next page token is invalid or expired."))
    api.get(ANY, json=page("participants", "1", token="t2"))
    api.get(ANY, json=page("participants", "2"))
    assert [row["id"] for row in zoom.report_participants("webinar", RUN)] == ["1", "1", "2"]


def test_scopes_are_the_tokens(api: responses.RequestsMock, zoom: ZoomClient) -> None:
    assert zoom.scopes() == frozenset(ALL_SCOPES)


def test_scopes_that_are_not_told_are_unknown(time: FakeClock) -> None:
    with responses.RequestsMock() as mock:
        mock.post(SIGN_IN, json={"access_token": "t"})
        assert ZoomClient(CREDENTIALS, Link(), time.clock).scopes() is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, zoom_error(9999, f"Bearer {TOKEN} of {SECRET}")),
        (403, zoom_error(200, f"Bearer {TOKEN}")),
        (404, zoom_error(3001, f"access_token={TOKEN}")),
    ],
)
def test_no_secret_is_in_errors_or_logs(
    api: responses.RequestsMock,
    zoom: ZoomClient,
    caplog: pytest.LogCaptureFixture,
    status: int,
    body: dict[str, Any],
) -> None:
    caplog.set_level(logging.DEBUG, logger="conferences.providers.transport")
    api.get(ANY, status=status, json=body)
    with pytest.raises(ProviderError) as caught:
        zoom.webinar(SERIES)
    error = caught.value
    shown = f"{error} {error.advice} {error.detail} {error!r} {zoom!r} {caplog.text}"
    assert f"/webinars/••• → {status}" in caplog.text
    assert TOKEN not in shown
    assert SECRET not in caplog.text
