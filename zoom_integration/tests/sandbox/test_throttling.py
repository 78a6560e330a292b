from datetime import UTC, datetime

import pytest

from zoom_integration.sandbox.refusals import Refusal
from zoom_integration.sandbox.stories import big_class
from zoom_integration.sandbox.throttling import Pace
from zoom_integration.tests.sandbox.asking import Asker, asking, segment

BIG = f"/report/webinars/{segment(big_class.UUID)}/participants"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def pace(clock: _Clock) -> Pace:
    return Pace(now=clock)


@pytest.mark.parametrize(("label", "limit"), [("Light", 30), ("Medium", 20), ("Heavy", 10)])
def test_limit_of_a_second(pace: Pace, clock: _Clock, label: str, limit: int) -> None:
    left = [pace.check("a", label)["X-RateLimit-Remaining"] for _ in range(limit)]
    assert left == [str(limit - 1 - index) for index in range(limit)]
    with pytest.raises(Refusal) as refused:
        pace.check("a", label)
    assert (refused.value.status, refused.value.code) == (429, 429)
    assert refused.value.headers == {
        "X-RateLimit-Category": label,
        "X-RateLimit-Type": "QPS",
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0",
        "Retry-After": "2026-11-20T12:00:02Z",
    }
    clock.now += 1
    pace.check("a", label)


def test_labels_and_accounts_are_counted_apart(pace: Pace) -> None:
    for _ in range(10):
        pace.check("a", "Heavy")
    pace.check("a", "Light")
    pace.check("b", "Heavy")


def test_day_ends_with_a_moment_to_come_back(pace: Pace) -> None:
    pace.left["Heavy"] = 1
    pace.check("a", "Heavy")
    with pytest.raises(Refusal) as refused:
        pace.check("a", "Heavy")
    assert "daily" in refused.value.message
    kind, retry_at = (refused.value.headers[name] for name in ("X-RateLimit-Type", "Retry-After"))
    assert (kind, retry_at) == ("Daily-limit", "2026-11-21T00:00:00Z")


def test_headers_come_with_good_answers_and_bad_ones() -> None:
    with asking(throttle=True) as zoom:
        zoom.zoom.pace.now = _Clock()
        answers = [zoom.get(BIG) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[8:]] == ["1", "0", "0"]
    assert answers[-1].json() == {
        "code": 429,
        "message": "You have reached the maximum per-second rate limit for this API. Try again later.",
    }


def test_throttle_can_be_off(zoom: Asker) -> None:
    assert {zoom.get(BIG).status_code for _ in range(25)} == {200}


def test_daily_limit_on_demand_holds_without_the_throttle(own_zoom: Asker) -> None:
    assert own_zoom.switch("daily-limit", left=2) == 204
    assert [own_zoom.get(BIG).status_code for _ in range(3)] == [200, 200, 429]
    assert own_zoom.get(f"/webinars/{big_class.ID}").status_code == 200
    assert own_zoom.switch("new-day") == 204
    assert own_zoom.get(BIG).status_code == 200


def test_scenario_of_a_daily_limit_ends_after_forty() -> None:
    with asking("daily-limit") as zoom:
        assert [zoom.get(BIG).status_code for _ in range(41)] == [200] * 40 + [429]
