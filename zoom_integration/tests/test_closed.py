"""facts 3.3: an account that may not read reports is not asked for them again and again."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import responses

from conferences.providers.base import Link
from conferences.providers.errors import Blocked, LicenceMissing, NotPermitted
from conferences.providers.fake_clock import FakeClock
from zoom_integration import closed
from zoom_integration.client import ZoomClient
from zoom_integration.grants import Keep
from zoom_integration.tests.account import CREDENTIALS, no_scope, sign_in, zoom_error

RUNS = ("Bznyg8KZTdCVbQxvS/oZ7w==", "Cznyg8KZTdCVbQxvS/oZ7w==", "Dznyg8KZTdCVbQxvS/oZ7w==")
REPORTS: dict[str, Callable[[ZoomClient, str], Any]] = {
    "participants": lambda zoom, run: list(zoom.report_participants("webinar", run)),
    "qa": lambda zoom, run: list(zoom.questions("webinar", run)),
    "polls": lambda zoom, run: list(zoom.polls("meeting", run)),
    "survey": lambda zoom, run: zoom.survey("webinar", run),
}


class Account:
    """Each of its occurrences is asked about in a session of its own, all of them with one token."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock
        self.time = FakeClock()
        self.link = Link(tokens=Keep())

    def ask(self, question: Callable[[ZoomClient, str], Any], *, fresh: bool = False) -> list[type | None]:
        return [self._outcome(question, run, fresh=fresh) for run in RUNS]

    def requests(self) -> int:
        return sum("/v2/" in str(call.request.url) for call in self.mock.calls)

    def _outcome(self, question: Callable[[ZoomClient, str], Any], run: str, *, fresh: bool) -> type | None:
        client = ZoomClient(CREDENTIALS, self.link, self.time.clock, fresh=fresh)
        try:
            question(client, run)
        except Blocked as error:
            return type(error)
        finally:
            client.close()
        return None


@pytest.fixture
def account() -> Iterator[Account]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        sign_in(mock)
        yield Account(mock)


def refuse(account: Account, status: int, body: object) -> None:
    account.mock.get(re.compile("https://api.zoom.us/v2/.*"), status=status, json=body)


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, no_scope("report:read:admin"), NotPermitted),
        (400, zoom_error(200, "No permission."), NotPermitted),
        (400, zoom_error(200, "Only available for Paid account"), LicenceMissing),
    ],
)
def test_refused_report_is_asked_for_once(
    account: Account, report: str, status: int, body: dict[str, Any], kind: type[Blocked]
) -> None:
    refuse(account, status, body)
    assert account.ask(REPORTS[report]) == [kind] * 3
    assert account.requests() == 1


def test_other_reports_are_asked_for_all_the_same(account: Account) -> None:
    """Each has a scope of its own."""
    refuse(account, 400, no_scope("report:read:list_webinar_participants:admin"))
    for report in REPORTS.values():
        account.ask(report)
    assert account.requests() == len(REPORTS)


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, {}), (400, zoom_error(3161, "Not enabled.")), (400, zoom_error(200, "Webinar plan is missing."))],
)
def test_what_may_be_one_occurrences_or_hosts_is_asked_each_time(account: Account, status: int, body: Any) -> None:
    refuse(account, status, body)
    account.ask(REPORTS["participants"])
    assert account.requests() == len(RUNS)


def test_lists_that_are_no_reports_are_asked_for_each_time(account: Account) -> None:
    refuse(account, 400, zoom_error(200, "No permission."))
    account.ask(lambda zoom, run: list(zoom.past_participants("webinar", run)))
    assert account.requests() == len(RUNS)


def test_new_token_may_read_what_the_old_one_might_not(account: Account) -> None:
    """Somebody has added the scope, and checked the connection."""
    refuse(account, 400, no_scope("report:read:admin"))
    account.ask(REPORTS["participants"])
    account.mock.reset()
    sign_in(account.mock, "token-2")
    account.mock.get(re.compile("https://api.zoom.us/v2/.*"), json={"participants": []})
    assert account.ask(REPORTS["participants"], fresh=True) == [None] * 3


def test_many_refusals_do_not_pile_up() -> None:
    error = NotPermitted("No.", code="missing_scope", provider_code="4711")
    for number in range(3 * closed._MANY):
        closed.note(f"token {number}", "webinar_report", error)
    assert len(closed._refusals) <= closed._MANY + 1
