"""Retry by error class, on a clock that never really waits."""

import threading
from collections.abc import Callable

import pytest

from conferences.providers.base import Link
from conferences.providers.errors import (
    Cancelled,
    Circumstances,
    CredentialsRefused,
    DailyLimit,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    ReconnectNeeded,
    Rejected,
    ServerTrouble,
    Unreachable,
)
from conferences.providers.fake_clock import FakeClock
from conferences.providers.policy import BUILT_IN, LONGEST_CALL_SECONDS, Policies, Policy, passing_trouble
from conferences.providers.records import Notice
from conferences.providers.retry import Retried, Retrier


class Failing:
    """Raises the given errors one after the other, the last one for ever if `always`, and then answers."""

    def __init__(self, *errors: ProviderError, always: bool = False) -> None:
        self.errors = list(errors)
        self.always = always
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.always:
            raise self.errors[0]
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


class Setting:
    def __init__(self, chance: float = 1.0, policies: Policies = BUILT_IN) -> None:
        self.time = FakeClock(chance)
        self.notices: list[Notice] = []
        self.link = Link(self.notices.append, threading.Event(), policies=policies)
        self.retrier = Retrier("Microsoft Teams", self.link, self.time.clock)

    def run(self, call: Callable[[], str], topic: str = "chat") -> str:
        return self.retrier.run(call, topic)


def limited(seconds: float | None) -> RateLimited:
    error = RateLimited("slow down")
    error.retry_after = seconds
    return error


@pytest.mark.parametrize("kind", [ServerTrouble, Unreachable])
@pytest.mark.parametrize(("failures", "waited"), [(0, 0), (1, 1), (3, 1 + 2 + 4), (4, 1 + 2 + 4 + 8)])
def test_run_outlasts_passing_trouble(kind: type[ProviderError], failures: int, waited: float) -> None:
    setting = Setting()
    assert setting.run(Failing(*(kind("down") for _ in range(failures)))) == "answer"
    assert setting.time.seconds == pytest.approx(waited)
    assert setting.link.stats.retries == failures
    assert setting.link.stats.waited_seconds == pytest.approx(waited)


def test_run_gives_up_after_five_tries_with_the_last_error() -> None:
    setting = Setting()
    call = Failing(ServerTrouble("down"), always=True)
    with pytest.raises(ServerTrouble, match=r"^down$"):
        setting.run(call)
    assert (call.calls, setting.time.seconds) == (5, pytest.approx(1 + 2 + 4 + 8))


def test_run_draws_its_waits_by_lot() -> None:
    setting = Setting(chance=0.25)
    setting.run(Failing(ServerTrouble("down"), ServerTrouble("down")))
    assert setting.time.seconds == pytest.approx(0.25 + 0.5)


def test_run_caps_its_waits() -> None:
    setting = Setting(policies={"server": Policy(tries=10, longest_wait=5.0)})
    with pytest.raises(ServerTrouble):
        setting.run(Failing(ServerTrouble("down"), always=True))
    assert setting.time.seconds == pytest.approx(1 + 2 + 4 + 6 * 5)


@pytest.mark.parametrize("error", [Rejected("no"), Malformed("no"), DailyLimit("tomorrow")])
def test_run_does_not_repeat_what_is_permanent(error: ProviderError) -> None:
    setting = Setting()
    call = Failing(error, always=True)
    with pytest.raises(type(error)):
        setting.run(call)
    assert (call.calls, setting.time.seconds) == (1, 0)


def test_run_does_not_repeat_an_error_that_was_marked_permanent() -> None:
    untrusted = Unreachable("certificate")
    untrusted.permanent = True
    call = Failing(untrusted, always=True)
    with pytest.raises(Unreachable):
        Setting().run(call)
    assert call.calls == 1


@pytest.mark.parametrize(("told", "waited"), [(2.0, 2.0), (0.0, 0.0), (0.5, 0.5), (299.0, 299.0), (None, 1.0)])
def test_run_waits_as_told(told: float | None, waited: float) -> None:
    setting = Setting()
    assert setting.run(Failing(limited(told))) == "answer"
    assert setting.time.seconds == pytest.approx(waited)


def test_asked_waits_count_as_throttling_and_faults_do_not() -> None:
    setting = Setting()
    setting.run(Failing(limited(2.0), ServerTrouble("down"), limited(3.0)))
    stats = setting.link.stats
    assert (stats.throttled, stats.retries, stats.waited_seconds) == (2, 3, pytest.approx(2 + 1 + 3))


def test_threads_of_one_link_count_together() -> None:
    setting = Setting()
    other = Retrier("Its sign-in", setting.link, setting.time.clock)
    setting.run(lambda: other.run(Failing(limited(1.0))))
    setting.run(Failing(limited(1.0)))
    assert (setting.link.stats.throttled, setting.link.stats.retries) == (2, 2)


def test_asked_waits_do_not_count_as_tries() -> None:
    setting = Setting()
    call = Failing(*[limited(20.0) for _ in range(8)])
    assert setting.run(call) == "answer"
    assert call.calls == 9


def test_run_gives_up_on_one_call_that_is_refused_again_and_again() -> None:
    setting = Setting()
    call = Failing(limited(1.0), always=True)
    with pytest.raises(RateLimited) as caught:
        setting.run(call)
    assert (call.calls, caught.value.permanent) == (9, True)


def test_nobody_further_out_begins_again_when_retries_are_used_up() -> None:
    inner, outer = Setting(), Setting()
    call = Failing(ServerTrouble("down"), always=True)
    with pytest.raises(ServerTrouble):
        outer.run(lambda: inner.run(call))
    assert call.calls == 5


def test_run_does_not_wait_longer_than_five_minutes_but_says_when_to_come_back() -> None:
    setting = Setting()
    with pytest.raises(RateLimited) as caught:
        setting.run(Failing(limited(86_400.0)))
    assert setting.time.seconds == 0
    assert str(caught.value) == caught.value.message
    assert caught.value.message == (
        "Microsoft Teams limits how much may be asked, and asks us to wait longer than a sync can. "
        "Try again after 09:00 UTC on 03 March: what is missing is fetched then."
    )


def test_run_loses_patience_after_five_minutes_for_one_topic() -> None:
    setting = Setting(chance=0.0)
    with pytest.raises(RateLimited):
        setting.run(Failing(limited(100.0), always=True), "chat")
    assert setting.time.seconds == pytest.approx(300)
    assert setting.run(Failing(limited(100.0)), "files") == "answer"


def test_run_does_not_hammer_a_provider_that_says_zero_for_ever() -> None:
    setting = Setting()
    call = Failing(limited(0.0), always=True)
    with pytest.raises(RateLimited):
        setting.run(call)
    assert call.calls < 40
    assert setting.time.seconds <= 900


def test_cancel_ends_a_wait_within_one_slice() -> None:
    setting = Setting()
    setting.time.stop_after = 12
    with pytest.raises(Cancelled):
        setting.run(Failing(limited(300.0)))
    assert setting.time.seconds <= 12 + 5


def test_run_does_not_start_when_it_is_already_cancelled() -> None:
    setting = Setting()
    setting.link.stop.set()
    call = Failing()
    with pytest.raises(Cancelled):
        setting.run(call)
    assert call.calls == 0


def failed(kind: type[ProviderError], status: int | None = None, wait: float | None = None) -> ProviderError:
    error = kind("x", status=status)
    if isinstance(error, RateLimited):
        error.retry_after = wait
    return error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (failed(ServerTrouble, 503), "Microsoft Teams did not answer properly (503): trying again in 1 s, try 2 of 5."),
        (failed(ServerTrouble), "Microsoft Teams did not answer properly: trying again in 1 s, try 2 of 5."),
        (failed(Unreachable), "Microsoft Teams could not be reached: trying again in 1 s, try 2 of 5."),
        (
            failed(RateLimited, 429, 12.0),
            "Microsoft Teams asks us to slow down (429): trying again in 12 s, try 2 of 9.",
        ),
        (
            failed(RateLimited, 429, 0.0),
            "Microsoft Teams asks us to slow down (429): trying again at once, try 2 of 9.",
        ),
    ],
)
def test_each_new_try_is_told_as_it_is_made(error: ProviderError, text: str) -> None:
    """Promise: the log shows the retry policy as it is applied."""
    setting = Setting()
    setting.run(Failing(error))
    assert setting.notices == [Retried(text, code="retry", error=error)]


def test_each_try_is_told_with_its_number_and_nothing_when_it_is_the_last() -> None:
    setting = Setting()
    with pytest.raises(ServerTrouble):
        setting.run(Failing(ServerTrouble("down", status=502), always=True))
    assert [notice.text.split(": ")[1] for notice in setting.notices] == [
        "trying again in 1 s, try 2 of 5.",
        "trying again in 2 s, try 3 of 5.",
        "trying again in 4 s, try 4 of 5.",
        "trying again in 8 s, try 5 of 5.",
    ]


def test_error_carries_where_it_was_met_and_at_which_try() -> None:
    setting = Setting()
    errors = [ServerTrouble("down"), limited(0.0), ServerTrouble("down")]
    setting.retrier.run(Failing(*errors), "chat", "/chats/•••/messages")
    assert [error.circumstances for error in errors] == [
        Circumstances("chat", "/chats/•••/messages", number) for number in (1, 2, 3)
    ]


def test_error_keeps_the_innermost_place_where_it_was_met() -> None:
    setting, refusal = Setting(), CredentialsRefused("no")
    with pytest.raises(CredentialsRefused):
        setting.retrier.run(lambda: setting.run(Failing(refusal), "sign_in"), "chat", "/chats")
    assert refusal.circumstances == Circumstances("sign_in")


@pytest.mark.parametrize(
    ("error_class", "kind"),
    [
        ("network", Unreachable),
        ("server", ServerTrouble),
        ("rate_limit", RateLimited),
        ("authentication", CredentialsRefused),
        ("data", Malformed),
    ],
)
@pytest.mark.parametrize("allowed", [1, 2, 3])
def test_policy_says_how_often_errors_of_its_class_are_tried(
    error_class: str, kind: type[ProviderError], allowed: int
) -> None:
    """Promise: a retry policy per error class."""
    setting = Setting(policies={**BUILT_IN, error_class: Policy(tries=allowed)})
    assert tries(setting, kind("x")) == allowed


@pytest.mark.parametrize(
    "error", [Missing("gone"), Rejected("no"), NotPermitted("no"), ReconnectNeeded("no"), DailyLimit("tomorrow")]
)
def test_no_policy_makes_us_ask_again_what_was_refused(error: ProviderError) -> None:
    """Promise: a 403, a 404 or a refused permission is never tried again, whatever an admin allows."""
    setting = Setting(policies={**dict.fromkeys(BUILT_IN, Policy(tries=9)), "permission": Policy(tries=9)})
    assert tries(setting, error) == 1


def test_class_without_a_policy_is_tried_once() -> None:
    assert tries(Setting(policies={}), ServerTrouble("down")) == 1


def test_policies_of_a_call_of_its_own_outweigh_those_of_the_link() -> None:
    setting = Setting(policies={"server": Policy(tries=9), "data": Policy(tries=3)})
    own = Retrier("It", setting.link, setting.time.clock, passing_trouble(Policy(tries=2)))
    calls = [Failing(ServerTrouble("down"), always=True), Failing(Malformed("odd"), always=True)]
    for call in calls:
        with pytest.raises(ProviderError):
            own.run(call)
    assert [call.calls for call in calls] == [2, 1]


def test_waits_grow_as_the_policy_says() -> None:
    setting = Setting(policies={"network": Policy(tries=4, first_wait=3.0, longest_wait=5.0)})
    tries(setting, Unreachable("down"))
    assert setting.time.seconds == pytest.approx(3 + 5 + 5)


def test_patience_with_asked_waits_is_the_policys() -> None:
    setting = Setting(chance=0.0, policies={"rate_limit": Policy(tries=9, patience=25.0)})
    assert tries(setting, limited(10.0)) == 3
    assert setting.time.seconds == pytest.approx(20.0)
    assert setting.retrier.longest_asked_wait == 25.0


@pytest.mark.parametrize("error", [ServerTrouble("down"), limited(300.0)])
def test_no_policy_lets_one_call_take_longer_than_half_an_hour(error: ProviderError) -> None:
    generous = Policy(tries=10, first_wait=300.0, longest_wait=300.0, patience=10_000.0)
    setting = Setting(policies={"server": generous, "rate_limit": generous})
    assert tries(setting, error) == 7
    assert setting.time.seconds == LONGEST_CALL_SECONDS


@pytest.mark.parametrize(("told", "times"), [(1.0, 9), (100.0, 4), (None, 9)])
def test_run_says_that_it_was_turned_away_again_and_again_although_it_waited(told: float | None, times: int) -> None:
    call = Failing(limited(told), always=True)
    with pytest.raises(RateLimited) as caught:
        Setting().run(call)
    assert call.calls == times
    assert str(caught.value) == caught.value.message
    assert caught.value.message == (
        "Microsoft Teams limits how much may be asked, and kept turning us away however long we waited. "
        "Try again later: what is missing is fetched then."
    )


def tries(setting: Setting, error: ProviderError) -> int:
    call = Failing(error, always=True)
    with pytest.raises(type(error)):
        setting.run(call)
    return call.calls


def test_run_waits_only_once_for_a_provider_that_hangs_until_it_answers_again() -> None:
    setting = Setting()
    assert [tries(setting, Unreachable("slow", code="too_slow")) for _ in range(3)] == [5, 1, 1]
    assert setting.run(Failing()) == "answer"
    assert tries(setting, Unreachable("slow", code="too_slow")) == 5


def test_run_is_as_patient_as_ever_with_other_trouble_of_a_provider_that_hangs() -> None:
    setting = Setting()
    tries(setting, Unreachable("slow", code="too_slow"))
    assert tries(setting, ServerTrouble("down")) == 5


def test_run_does_not_take_other_trouble_for_hanging() -> None:
    setting = Setting()
    tries(setting, Unreachable("refused"))
    assert tries(setting, Unreachable("slow", code="too_slow")) == 5
