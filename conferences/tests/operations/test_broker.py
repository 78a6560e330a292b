"""Does the broker answer?"""

import socket
import time

import pytest
import redis
from pytest_django import Settings

from conferences.operations.broker import Broker, ask
from conferences.tests.sync.processes.conftest import broker
from lms_project.local.ports import free_port

__all__ = ["broker"]  # a fixture


def test_messages_that_wait_are_counted(broker: redis.Redis) -> None:
    broker.rpush("sync", "one", "two")
    assert ask() == Broker(True, 2)


def test_broker_that_is_down_does_not_answer(settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert ask() == Broker(False)


def test_wrong_password_is_no_answer(settings: Settings) -> None:
    settings.REDIS_URL = settings.REDIS_URL.replace("://:", "://:not-")
    assert ask() == Broker(False)


def test_silent_broker_is_not_waited_for(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        began = time.monotonic()
        assert ask(0.2) == Broker(False)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("address", ["not-an-address", "redis://[broken"])
def test_address_that_is_none_is_no_answer(address: str, settings: Settings) -> None:
    settings.REDIS_URL = address
    assert ask() == Broker(False)
