"""The client against the stand-in, over a real socket, with its own certificate: msal, paging, refusals, renewal."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from pytest_django.fixtures import Settings

from conferences.providers.base import Link
from conferences.providers.errors import CredentialsRefused, Malformed, NotPermitted, RateLimited
from conferences.providers.sandbox import Options, Running, running
from conferences.providers.waiting import Clock
from teams_integration.checks import check
from teams_integration.client import GraphClient
from teams_integration.conf import Credentials
from teams_integration.sandbox import application
from teams_integration.sandbox.stories import seminar
from teams_integration.sandbox.stories.cast import HARRIET, NORTHFIELD, WRONG_SECRET
from teams_integration.sandbox.world import Meeting

CREDENTIALS = Credentials(NORTHFIELD.id, NORTHFIELD.client_id, NORTHFIELD.secret)


class Stage:
    """Opens the stand-in with a scenario and points the settings at it."""

    def __init__(self, stack: ExitStack, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stack = stack
        self._settings = settings
        self._monkeypatch = monkeypatch
        self.meetings: list[Meeting] = []

    def open(self, scenario: str = "default", *faults: str) -> Running:
        microsoft = application(Options(scenario))
        server = self._stack.enter_context(running(microsoft, faults=faults))
        self.meetings = list(microsoft.world.tenants[0].meetings)
        self._settings.MICROSOFT_LOGIN_URL = server.base_url
        self._settings.GRAPH_API_URL = f"{server.base_url}/v1.0"
        self._monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        return server


@pytest.fixture
def stage(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(stack, settings, monkeypatch)


@contextmanager
def client(credentials: Credentials = CREDENTIALS, link: Link | None = None) -> Iterator[GraphClient]:
    graph = GraphClient(credentials, link or Link(), clock=Clock(chance=lambda: 0.0))
    try:
        yield graph
    finally:
        graph.close()


def seminar_of(stage: Stage) -> Meeting:
    return next(meeting for meeting in stage.meetings if meeting.join_url == seminar.PLAN.join_url)


def test_meeting_is_found_by_its_join_url_and_its_reports_are_whole(stage: Stage) -> None:
    """must-beat 13: the rows of every page, two devices of one person included."""
    stage.open()
    meeting = seminar_of(stage)
    organizer = meeting.organizer.id
    with client() as graph:
        [found] = graph.meetings_by_join_url(organizer, meeting.join_url)
        reports = list(graph.attendance_reports(organizer, found["id"]))
        held = {report.id: report.records for report in meeting.reports}
        counts = [len(list(graph.attendance_records(organizer, found["id"], report["id"]))) for report in reports]
    assert found["subject"] == meeting.subject
    assert counts == [len(held[report["id"]]) for report in reports]
    assert max(counts) > 50


def test_transcripts_come_as_text(stage: Stage) -> None:
    stage.open()
    meeting = seminar_of(stage)
    with client() as graph:
        [found] = graph.meetings_by_join_url(meeting.organizer.id, meeting.join_url)
        transcript = next(graph.transcripts(meeting.organizer.id, found["id"]))
        texts = [
            method(meeting.organizer.id, found["id"], transcript["id"])
            for method in (graph.transcript_metadata, graph.transcript_content)
        ]
    assert [text.startswith("WEBVTT") for text in texts] == [True, True]


def test_token_that_expires_in_mid_sync_is_renewed(stage: Stage) -> None:
    server = stage.open("default", "401:attendanceReports:1")
    meeting = seminar_of(stage)
    with client() as graph:
        [found] = graph.meetings_by_join_url(meeting.organizer.id, meeting.join_url)
        assert len(list(graph.attendance_reports(meeting.organizer.id, found["id"]))) == len(meeting.reports)
    signed_in = [seen for seen in server.seen if seen.method == "POST"]
    assert len(signed_in) == 2


def test_missing_policy_and_closed_drive_are_told_apart(stage: Stage) -> None:
    stage.open()
    meeting = next(meeting for meeting in stage.meetings if meeting.organizer == HARRIET)
    with client() as graph:
        with pytest.raises(NotPermitted) as policy:
            graph.meetings_by_join_url(HARRIET.id, meeting.join_url)
        with pytest.raises(NotPermitted) as drive:
            list(graph.drive_folder(HARRIET.id, "Recordings"))
    assert (policy.value.code, drive.value.code) == ("missing_access_policy", "onedrive_denied")
    assert f'-AppIds "{NORTHFIELD.client_id}"' in policy.value.advice
    assert f'-Identity "{HARRIET.id}"' in policy.value.advice


def test_wrong_secret_is_refused_and_never_shown(stage: Stage) -> None:
    stage.open()
    wrong = Credentials(NORTHFIELD.id, NORTHFIELD.client_id, WRONG_SECRET)
    with client(wrong) as graph, pytest.raises(CredentialsRefused) as caught:
        graph.user(HARRIET.email)
    error = caught.value
    assert error.provider_code == "AADSTS7000215"
    assert WRONG_SECRET not in f"{error!r} {error.message} {error.advice} {error.detail}"


@pytest.mark.parametrize(
    "fault", ["reset:/users/:2", "truncate:/users/:2", "html:/users/:2", "429:/users/:2:retry-after=0.1"]
)
def test_passing_faults_are_outlasted(stage: Stage, fault: str) -> None:
    link = Link()
    stage.open("default", fault)
    with client(link=link) as graph:
        assert graph.user(HARRIET.email)["id"] == HARRIET.id
    assert link.stats.retries == 2


def test_day_of_throttling_is_not_waited_for(stage: Stage) -> None:
    stage.open("default", "429:/users/:retry-after=86400")
    with client() as graph, pytest.raises(RateLimited):
        graph.user(HARRIET.email)


@pytest.mark.parametrize(("fault", "code"), [("foreign", "foreign_host"), ("loop", "paging_loop")])
def test_broken_links_end_a_listing_and_send_no_token_elsewhere(stage: Stage, fault: str, code: str) -> None:
    server = stage.open("default", f"{fault}:attendanceReports")
    meeting = seminar_of(stage)
    with client() as graph:
        [found] = graph.meetings_by_join_url(meeting.organizer.id, meeting.join_url)
        got = []
        with pytest.raises(Malformed) as caught:
            got.extend(graph.attendance_reports(meeting.organizer.id, found["id"]))
    assert caught.value.code == code
    assert {seen.url.split("/")[2] for seen in server.seen if seen.authorized} == {server.base_url.split("/")[2]}


@pytest.mark.parametrize(
    ("scenario", "states"),
    [
        ("default", ["permitted"] * 4),
        ("missing-permissions", ["blocked"] * 4),
        ("expired-secret", ["failed"] * 4),
    ],
)
def test_check_says_what_the_connection_may_do(stage: Stage, scenario: str, states: list[str]) -> None:
    stage.open(scenario)
    assert [line.state for line in check(CREDENTIALS, Link())] == states
