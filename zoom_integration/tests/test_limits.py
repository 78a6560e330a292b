"""The limit of a second is waited out; the limit of a day ends the work with the moment to go on."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conferences.providers.errors import DailyLimit, RateLimited
from conferences.providers.fake_clock import STARTS_AT, FakeClock
from conferences.providers.transport import Answer
from zoom_integration.conf import BUSINESS, FREE, PERSON, PLANS, PRO, Credentials
from zoom_integration.limits import PER_SECOND, limited, pace
from zoom_integration.tests.person import Row

QPS = "You have reached the maximum per-second rate limit for this API. Try again later."
DAILY = "You have reached the maximum daily rate limit for this API. Refer to the response header for details."
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


def told(message: str = QPS, status: int = 429, **headers: str) -> RateLimited | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps({"code": 429, "message": message}).encode()
    error = limited(Answer(status, named, body, "Zoom", "r-1"), FakeClock().clock)
    assert error is None or isinstance(error, RateLimited)
    return error


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("", 1.0),
        ("0", 1.0),
        ("nonsense", 1.0),
        ("7", 7.0),
        ("2.5", 2.5),
        ("60", 60.0),
        ("2026-03-02T09:00:30Z", 30.0),
        ("2026-03-02T09:00:30.250+00:00", 30.25),
        ("Mon, 02 Mar 2026 09:00:45 GMT", 45.0),
        ("2026-03-02T08:59:00Z", 1.0),
    ],
)
def test_per_second_limit_is_a_short_wait(retry_after: str, seconds: float) -> None:
    error = told(Retry_After=retry_after)
    assert (type(error), error and error.retry_after) == (RateLimited, seconds)
    assert error is not None
    assert not error.permanent


def test_dates_are_meant_by_zooms_own_clock() -> None:
    error = told(Retry_After="2020-05-31T00:00:10Z", Date="Sun, 31 May 2020 00:00:00 GMT")
    assert (type(error), error and error.retry_after) == (RateLimited, 10.0)


@pytest.mark.parametrize(
    ("message", "headers", "resumes_at"),
    [
        (DAILY, {}, MIDNIGHT),
        (DAILY, {"Retry_After": "2026-03-03T00:00:00Z"}, MIDNIGHT),
        (QPS, {"X_RateLimit_Type": "Daily-limit"}, MIDNIGHT),
        (QPS, {"X_RateLimit_Type": "daily-limit", "Retry_After": "3600"}, STARTS_AT + timedelta(hours=1)),
        (QPS, {"Retry_After": "61"}, STARTS_AT + timedelta(seconds=61)),
        (QPS, {"Retry_After": "Tue, 03 Mar 2026 00:00:00 GMT"}, MIDNIGHT),
        (DAILY, {"Retry_After": "nonsense"}, MIDNIGHT),
        (DAILY, {"Retry_After": "2026-03-01T00:00:00Z"}, MIDNIGHT),
        (DAILY, {"Retry_After": "9" * 14}, STARTS_AT + timedelta(days=7)),
    ],
)
def test_daily_limit_says_when_to_resume(message: str, headers: dict[str, str], resumes_at: datetime) -> None:
    error = told(message, **headers)
    assert isinstance(error, DailyLimit)
    assert error.resumes_at == resumes_at
    assert error.permanent
    assert f"{resumes_at:%H:%M} UTC on {resumes_at:%d %B}" in error.message


@pytest.mark.parametrize(("message", "kind"), [(QPS, RateLimited), (DAILY, DailyLimit)])
def test_limit_under_a_good_status_is_one(message: str, kind: type[RateLimited]) -> None:
    assert isinstance(told(message, 200, Retry_After="2"), kind)


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_other_answers_are_no_limit(status: int) -> None:
    assert told(DAILY, status, Retry_After="3600") is None


APP = Credentials("acc", "client", "secret")


@pytest.mark.parametrize(
    ("plan", "per_minute"),
    [
        (FREE, {"light": 120, "medium": 60, "heavy": 30, "resource-intensive": 5}),
        (PRO, {"light": 900, "medium": 600, "heavy": 300, "resource-intensive": 5}),
        (BUSINESS, {"light": 2400, "medium": 1800, "heavy": 1200, "resource-intensive": 10}),
    ],
)
def test_pace_is_half_of_the_plan(plan: str, per_minute: dict[str, float]) -> None:
    kept = {label: 60 / pace(replace(APP, plan=plan), label)[1] for label in per_minute}
    assert kept == pytest.approx(per_minute)


def test_every_plan_has_a_pace_for_every_label() -> None:
    assert {plan: set(labels) for plan, labels in PER_SECOND.items()} == {
        plan: {"light", "medium", "heavy", "resource-intensive"} for plan, _ in PLANS
    }


def test_pace_is_the_accounts_and_the_labels() -> None:
    """Whichever app of the account asks; a person's app stands for their account until that is known."""
    of_person, of_known = replace(APP, account_id="", sign_in=PERSON), Row(account=APP.account_id)
    apps = [(APP, None), (replace(APP, client_id="other"), None), (of_person, of_known)]
    apps += [(replace(APP, account_id="b"), None), (of_person, Row())]
    keys = [[pace(app, label, row)[0] for label in ("light", "heavy")] for app, row in apps]
    assert keys[0] == keys[1] == keys[2]
    assert len({key for pair in keys for key in pair}) == 6
