"""How much Zoom lets an account ask: the pace that is kept by itself, and what a 429 means.

The limits are the account's, shared by all its apps, so half of what its plan allows is taken.
https://developers.zoom.us/docs/api/rate-limits/
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from conferences.providers.authorization import Authorization
from conferences.providers.errors import DailyLimit, ProviderError, RateLimited
from conferences.providers.retry_after import moment, retry_after_seconds
from conferences.providers.transport import Answer
from conferences.providers.waiting import Clock
from zoom_integration.conf import BUSINESS, FREE, PRO, WHO, Credentials
from zoom_integration.parsers import values
from zoom_integration.zoom_error import hides_error, read_error

# Calls a second that a plan allows, by label.
PER_SECOND: Mapping[str, Mapping[str, float]] = {
    FREE: {"light": 4, "medium": 2, "heavy": 1, "resource-intensive": 10 / 60},
    PRO: {"light": 30, "medium": 20, "heavy": 10, "resource-intensive": 10 / 60},
    BUSINESS: {"light": 80, "medium": 60, "heavy": 40, "resource-intensive": 20 / 60},
}
OUR_SHARE = 0.5
# Whoever asks for more than this means the day, whatever they call it.
LONGEST_SHORT_WAIT_SECONDS = 60.0
SHORT_WAIT_SECONDS = 1.0


def pace(credentials: Credentials, label: str, authorization: Authorization | None = None) -> tuple[str, float]:
    """The budget that a call draws on, and the seconds between two calls of it.

    Where a person signed in and their account is not known, what the app asks is kept apart from others' alone.
    """
    account = credentials.account_id or (authorization.account if authorization else "")
    budget = f"zoom {account or credentials.client_id} {label}"
    return budget, 1 / (PER_SECOND[credentials.plan][label] * OUR_SHARE)


def limited(answer: Answer, clock: Clock) -> ProviderError | None:
    """RateLimited for the limit of the second, DailyLimit for that of the day; None for any other answer. At times Zoom
    says so under a good status."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS and not hides_error(answer):
        return None
    error = read_error(answer)
    if HTTPStatus.TOO_MANY_REQUESTS not in {answer.status, values.count({"code": error.code}, "code")}:
        return None
    asked = _asked_seconds(answer, clock)
    daily = "daily" in answer.headers.get("X-RateLimit-Type", "").lower() or "daily" in error.text
    if daily or (asked or 0.0) > LONGEST_SHORT_WAIT_SECONDS:
        return _daily(answer, error.detail, _resumes_at(asked, clock))
    short = RateLimited(
        f"{WHO} limits how much may be asked in a second. Try again in a few minutes: what is missing is fetched then.",
        detail=error.detail,
        status=answer.status,
        provider_code=error.code,
        request_id=answer.request_id,
    )
    short.retry_after = max(asked or 0.0, SHORT_WAIT_SECONDS)
    return short


def _asked_seconds(answer: Answer, clock: Clock) -> float | None:
    """A date is meant by the server's clock, which may be far from ours."""
    now = moment(answer.headers.get("Date", "")) or clock.now()
    return retry_after_seconds(answer.headers.get("Retry-After"), now)


def _resumes_at(asked: float | None, clock: Clock) -> datetime:
    """As asked; without that when Zoom's day ends, which is at midnight UTC."""
    now = clock.now()
    if asked:
        return now + timedelta(seconds=min(asked, 7 * 86_400.0))
    return (now.astimezone(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _daily(answer: Answer, detail: str, resumes_at: datetime) -> DailyLimit:
    error = DailyLimit(
        f"{WHO} gives nothing more out to this account today. Continue after {resumes_at:%H:%M} UTC on "
        f"{resumes_at:%d %B}: what is missing is fetched then.",
        advice="The daily limit is the Zoom account's and is shared by all its apps; a higher plan has a higher one.",
        detail=detail,
        status=answer.status,
        request_id=answer.request_id,
    )
    error.resumes_at = resumes_at
    return error
