"""The client against the stand-in, over a real socket with its own certificate: sign-in, paging, limits, files."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from pytest_django.fixtures import Settings

from conferences.providers.base import Check, Link
from conferences.providers.errors import CredentialsRefused, DailyLimit, Missing, NotPermitted, ProviderError
from conferences.providers.fake_clock import FakeClock
from conferences.providers.sandbox import Options, Running, running
from zoom_integration.checks import check
from zoom_integration.client import ZoomClient
from zoom_integration.conf import Credentials
from zoom_integration.sandbox import application
from zoom_integration.sandbox.world import Account, Occurrence


class Stage:
    """Opens the stand-in with a scenario and points the settings at it."""

    def __init__(self, stack: ExitStack, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stack = stack
        self._settings = settings
        self._monkeypatch = monkeypatch
        self.accounts: list[Account] = []

    def open(self, scenario: str = "default") -> Running:
        """Without limits of the second: the clients' clock does not pass for the server."""
        zoom = application(Options(scenario, throttle=False))
        server = self._stack.enter_context(running(zoom))
        self.accounts = zoom.world.accounts
        self._settings.ZOOM_OAUTH_URL = f"{server.base_url}/oauth"
        self._settings.ZOOM_API_URL = f"{server.base_url}/v2"
        self._monkeypatch.setenv("REQUESTS_CA_BUNDLE", server.ca_bundle)
        return server

    @property
    def credentials(self) -> Credentials:
        account = self.accounts[0]
        return Credentials(account.id, account.client_id, account.secret)

    @property
    def webinars(self) -> list[Occurrence]:
        """Runs whose reports Zoom gives out, the largest first."""
        runs = [
            run for run in self.accounts[0].occurrences.values() if run.series.kind == "webinar" and not run.answers
        ]
        return sorted(runs, key=lambda run: len(run.rows), reverse=True)

    def checks(self) -> dict[str, Check]:
        return {line.operation: line for line in check(self.credentials, Link(), FakeClock().clock)}


@pytest.fixture
def stage(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(stack, settings, monkeypatch)


@contextmanager
def client(credentials: Credentials, link: Link | None = None) -> Iterator[ZoomClient]:
    zoom = ZoomClient(credentials, link or Link(), FakeClock().clock)
    try:
        yield zoom
    finally:
        zoom.close()


def test_every_row_of_every_page_arrives(stage: Stage) -> None:
    """must-beat 13."""
    stage.open()
    totals: list[int] = []
    run = stage.webinars[0]
    with client(stage.credentials) as zoom:
        rows = list(zoom.report_participants("webinar", run.uuid, totals.append))
    assert len(rows) == len(run.rows) > 300
    assert set(totals) == {len(run.rows)}


def test_runs_with_slashes_in_their_uuid_are_found(stage: Stage) -> None:
    """must-beat 14."""
    stage.open()
    hard = [run for run in stage.webinars if run.uuid.startswith("/") or "//" in run.uuid]
    with client(stage.credentials) as zoom:
        found = [zoom.report("webinar", run.uuid)["uuid"] for run in hard]
    assert found == [run.uuid for run in hard] != []


def test_stale_page_token_starts_the_list_again(stage: Stage) -> None:
    """must-beat 25."""
    stage.open("stale-pages")
    run = stage.webinars[0]
    with client(stage.credentials) as zoom:
        rows = list(zoom.report_participants("webinar", run.uuid))
    keys = [(row["user_id"], row["join_time"]) for row in rows]
    assert len(rows) == len(run.rows) + 300
    assert set(keys) == {(row["user_id"], row["join_time"]) for row in run.rows}


def test_daily_limit_tells_when_to_resume(stage: Stage) -> None:
    """must-beat 24."""
    stage.open("daily-limit")
    uuid, link = stage.webinars[0].uuid, Link()
    with client(stage.credentials, link) as zoom:
        for _ in range(40):
            zoom.report("webinar", uuid)
        with pytest.raises(DailyLimit) as caught:
            zoom.report("webinar", uuid)
    assert caught.value.resumes_at is not None
    assert link.stats.requests == 1 + 41


def test_files_of_a_recording_are_read_as_text(stage: Stage) -> None:
    stage.open()
    recorded = next(run for run in stage.webinars if run.recording and run.recording.texts)
    with client(stage.credentials) as zoom:
        files = zoom.recordings(recorded.uuid)["recording_files"]
        texts = [zoom.file_text(file["download_url"]) for file in files if file["file_type"] in {"CHAT", "TRANSCRIPT"}]
    assert texts
    assert {text.strip() for text in texts} <= {text.strip() for text in recorded.recording.texts.values()}


def test_unknown_runs_are_missing(stage: Stage) -> None:
    stage.open()
    with client(stage.credentials) as zoom, pytest.raises(Missing) as caught:
        list(zoom.report_participants("webinar", "AAAAAAAAAAAAAAAAAAAAAA=="))
    assert caught.value.code == "not_found"


def test_missing_report_scope_is_named_in_the_refusal_and_in_the_check(stage: Stage) -> None:
    stage.open("no-report-scope")
    with client(stage.credentials) as zoom, pytest.raises(NotPermitted) as caught:
        list(zoom.report_participants("webinar", stage.webinars[0].uuid))
    assert caught.value.code == "missing_scope"
    checks = stage.checks()
    assert "report:read:list_webinar_participants:admin" in checks["attendance"].missing
    assert (checks["attendance"].state, checks["registrants"].state) == ("blocked", "permitted")


@pytest.mark.parametrize("scenario", ["default", "classic-scopes"])
def test_check_permits_everything(stage: Stage, scenario: str) -> None:
    stage.open(scenario)
    assert {line.state for line in stage.checks().values()} == {"permitted"}


@pytest.mark.parametrize(
    ("scenario", "changes", "code"),
    [
        ("disabled-app", {}, "app_deactivated"),
        ("default", {"client_secret": "wrong-secret-value"}, "wrong_secret"),
        ("default", {"account_id": "WrongAccountId"}, "wrong_account"),
    ],
)
def test_sign_in_says_what_is_wrong(stage: Stage, scenario: str, changes: dict[str, str], code: str) -> None:
    stage.open(scenario)
    right = {name: getattr(stage.credentials, name) for name in ("account_id", "client_id", "client_secret")}
    with client(Credentials(**{**right, **changes})) as zoom, pytest.raises(ProviderError) as caught:
        zoom.scopes()
    assert (type(caught.value), caught.value.code) == (CredentialsRefused, code)
