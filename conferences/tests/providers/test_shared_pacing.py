"""One pace for all processes, on the session's real Redis; and what happens without it."""

import logging
import multiprocessing
import socket
import threading
from collections.abc import Iterator

import pytest
import redis
from pytest_django import Settings

from conferences.providers import shared_pacing
from conferences.providers.fake_clock import FakeClock
from conferences.providers.shared_pacing import LOOK_AGAIN_SECONDS, SharedPacer, redis_key
from lms_project.local.ports import free_port

KEY = "zoom acc-1 heavy"
# So far apart that the time a test takes does not count: slots are told by their number.
HOUR = 3_600.0


@pytest.fixture
def server(settings: Settings) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(redis_key(KEY), redis_key("other"))
    yield client
    client.delete(redis_key(KEY), redis_key("other"))
    client.close()


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


def hours(waits: list[float]) -> list[int]:
    return sorted(round(wait / HOUR) for wait in waits)


def nobody() -> str:
    return f"redis://127.0.0.1:{free_port()}/0"


def reserve_some(url: str, times: int) -> list[float]:
    pacer = SharedPacer(url)
    return [pacer.reserve(KEY, HOUR) for _ in range(times)]


def test_processes_share_the_slots_of_one_pace(server: redis.Redis, settings: Settings) -> None:
    """Promise: however many workers there are, an account is asked no faster."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        taken = pool.starmap(reserve_some, [(settings.REDIS_URL, 5)] * 4)
    assert hours([wait for each in taken for wait in each]) == list(range(20))


def test_threads_share_the_slots_of_one_pace(server: redis.Redis) -> None:
    pacer, waits = SharedPacer(), list[float]()
    threads = [threading.Thread(target=lambda: waits.append(pacer.reserve(KEY, HOUR))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hours(waits) == list(range(12))


def test_other_keys_have_slots_of_their_own(server: redis.Redis) -> None:
    pacer = SharedPacer()
    assert [pacer.reserve(key, HOUR) for key in (KEY, "other")] == [0.0, 0.0]


def test_key_shows_no_account_and_goes_by_itself(server: redis.Redis) -> None:
    SharedPacer().reserve(KEY, HOUR)
    stored = redis_key(KEY)
    assert ("acc-1" in stored, server.exists(stored)) == (False, 1)
    assert 0 < server.pttl(stored) <= HOUR * 1000


def test_slots_are_kept_to_the_microsecond(server: redis.Redis) -> None:
    """Promise: fifteen a second are fifteen, and not what is left of them after rounding."""
    pacer = SharedPacer()
    pacer.push_back(KEY, HOUR)
    began = int(server.get(redis_key(KEY)))
    for _ in range(1_500):
        pacer.reserve(KEY, 1 / 15)
    assert int(server.get(redis_key(KEY))) - began == 1_500 * 66_667


def test_one_worker_that_is_told_to_slow_down_tells_all(server: redis.Redis) -> None:
    one, other = SharedPacer(), SharedPacer()
    one.push_back(KEY, HOUR)
    one.push_back(KEY, HOUR / 2)
    assert hours([other.reserve(KEY, HOUR), other.reserve(KEY, HOUR)]) == [1, 2]
    assert other.reserve("other", HOUR) == 0


def test_without_redis_each_process_keeps_a_pace_of_its_own(time: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    pacer = SharedPacer(nobody(), time.clock.monotonic)
    with caplog.at_level(logging.WARNING):
        assert [pacer.reserve(KEY, 2.0) for _ in range(3)] == [0.0, 2.0, 4.0]
    assert [record.getMessage() for record in caplog.records] == [
        "no pace is shared with other workers (ConnectionError): each keeps its part"
    ]


def test_without_redis_several_workers_stay_within_the_plan(time: FakeClock) -> None:
    pacer = SharedPacer(nobody(), time.clock.monotonic)
    pacer.sharers = 4
    assert [pacer.reserve(KEY, 2.0) for _ in range(3)] == [0.0, 8.0, 16.0]


def test_without_redis_a_push_back_holds_in_its_process(time: FakeClock) -> None:
    pacer = SharedPacer(nobody(), time.clock.monotonic)
    pacer.push_back(KEY, 9.0)
    assert pacer.reserve(KEY, 1.0) == 9.0


def test_redis_that_comes_back_is_used_again(
    server: redis.Redis, settings: Settings, time: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    pacer = SharedPacer(settings.REDIS_URL, time.clock.monotonic)
    pacer._missed(redis.ConnectionError())
    pacer.reserve(KEY, HOUR)
    assert server.exists(redis_key(KEY)) == 0, "it is left alone for a while"
    time.seconds += LOOK_AGAIN_SECONDS
    pacer.reserve(KEY, HOUR)
    assert server.exists(redis_key(KEY)) == 1
    assert [record.getMessage() for record in caplog.records][1:] == ["the pace is shared with other workers again"]


@pytest.mark.parametrize("url", ["sentinel://127.0.0.1:26379/0", "nonsense"])
def test_address_that_only_celery_understands_is_no_error(url: str, time: FakeClock) -> None:
    pacer = SharedPacer(url, time.clock.monotonic)
    assert [pacer.reserve(KEY, 2.0) for _ in range(2)] == [0.0, 2.0]


def test_redis_that_never_answers_is_given_up_soon(time: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_pacing, "_SOCKET_SECONDS", 0.05)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        pacer = SharedPacer(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", time.clock.monotonic)
        assert [pacer.reserve(KEY, 2.0) for _ in range(2)] == [0.0, 2.0]


def test_redis_that_runs_no_scripts_is_no_error(server: redis.Redis, settings: Settings, time: FakeClock) -> None:
    server.execute_command("ACL", "SETUSER", "scriptless", "on", ">pass", "~*", "+@all", "-@scripting")
    try:
        at = server.get_connection_kwargs()
        url = f"redis://scriptless:pass@{at['host']}:{at['port']}/{at['db']}"
        pacer = SharedPacer(url, time.clock.monotonic)
        assert [pacer.reserve(KEY, 2.0) for _ in range(2)] == [0.0, 2.0]
    finally:
        server.execute_command("ACL", "DELUSER", "scriptless")
    assert server.exists(redis_key(KEY)) == 0
