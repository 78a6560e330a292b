"""A provider that hangs is waited for once, and not anew for each conference of an account."""

from contextlib import suppress

import pytest

from conferences.providers.base import Link
from conferences.providers.errors import ProviderError, ServerTrouble, Unreachable
from conferences.providers.fake_clock import FakeClock
from conferences.providers.http import HttpClient
from conferences.providers.hung import REMEMBERED_SECONDS, Hung, hung_at
from conferences.providers.network_faults import TOO_SLOW
from conferences.providers.retry import Retrier
from conferences.providers.transport import Transport

ELSEWHERE = "https://elsewhere.example.org"
HERE = "https://here.example.org"


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def hung(time: FakeClock) -> Hung:
    return Hung(time.clock.monotonic)


def tries(hung: Hung, time: FakeClock, topic: str, error: ProviderError | None = None) -> int:
    """Of a session of its own: how often it calls."""
    calls = []

    def call() -> None:
        calls.append(1)
        if error is not None:
            raise type(error)(error.message, code=error.code)

    with suppress(ProviderError):
        Retrier("Zoom", Link(), time.clock, hung=hung).run(call, topic)
    return len(calls)


SLOW = Unreachable("No answer in time.", code=TOO_SLOW)


def test_next_session_waits_once(hung: Hung, time: FakeClock) -> None:
    assert [tries(hung, time, "participants", SLOW) for _ in range(3)] == [5, 1, 1]


def test_what_is_answered_meanwhile_does_not_vouch_for_what_hangs(hung: Hung, time: FakeClock) -> None:
    """One endpoint that hangs among others that answer cost minutes in each conference."""
    tries(hung, time, "participants", SLOW)
    assert tries(hung, time, "report", SLOW) == 1
    tries(hung, time, "recordings")
    assert [tries(hung, time, topic, SLOW) for topic in ("participants", "chat")] == [1, 1]


def test_other_topics_are_trusted_again_once_one_was_answered(hung: Hung, time: FakeClock) -> None:
    tries(hung, time, "participants", SLOW)
    tries(hung, time, "recordings")
    assert tries(hung, time, "report", SLOW) == 5


def test_an_answer_ends_it(hung: Hung, time: FakeClock) -> None:
    tries(hung, time, "participants", SLOW)
    tries(hung, time, "participants")
    assert tries(hung, time, "participants", SLOW) == 5


def test_it_is_not_remembered_for_ever(hung: Hung, time: FakeClock) -> None:
    hung.note("participants")
    assert (hung.holds("participants"), hung.holds("report")) == (True, True)
    time.seconds += REMEMBERED_SECONDS
    assert (hung.holds("participants"), hung.holds("report")) == (False, False)


def test_other_errors_are_tried_as_often_as_ever(hung: Hung, time: FakeClock) -> None:
    hung.note("participants")
    assert tries(hung, time, "participants", ServerTrouble("Broken.")) > 1


def test_sessions_of_one_process_share_it_by_address() -> None:
    clients = [HttpClient(Transport(url, who="Zoom"), Link()) for url in (HERE, HERE, ELSEWHERE)]
    hung_at(HERE).note("participants")
    assert [client._retrier.hung.holds("participants") for client in clients] == [True, True, False]
