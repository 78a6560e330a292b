"""Gives every pytest session a PostgreSQL and a broker of its own, before Django reads its settings.

DATABASE_URL and REDIS_URL win where they are set; workers of pytest-xdist get the servers of their controller that way.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from lms_project.local.inherited import inherited
from lms_project.local.scratch import Scratch

TEST_ENVIRONMENT = {
    "DEBUG": "true",
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "for-tests-only",
    "FIELD_ENCRYPTION_KEYS": "Zm9yLXRlc3RzLW9ubHktYS1rZXktb2YtMzItYnl0ZXM=",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
KEPT = ("DATABASE_URL", "REDIS_URL")


def prepare_environment() -> None:
    for name in inherited(os.environ):
        if name not in KEPT:
            del os.environ[name]
    os.environ.update(TEST_ENVIRONMENT)


def only_talks(config: pytest.Config) -> bool:
    """Sessions that run no test need no servers."""
    options = config.known_args_namespace
    return bool(options.help or options.version or options.collectonly)


def own_broker_database(worker: str) -> None:
    """Each xdist worker gets a numbered database of the shared broker, so that their queues stay apart."""
    address = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = address._replace(path=f"/{int(worker.removeprefix('gw')) + 1}").geturl()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    prepare_environment()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        own_broker_database(worker)
    elif not only_talks(early_config):
        servers = ExitStack()
        early_config.add_cleanup(servers.close)
        os.environ.update(servers.enter_context(Scratch(dict(os.environ))).environment)
    return (yield)


def pytest_configure() -> None:
    if settings.configured:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hashing that costs nothing
        settings.WHITENOISE_AUTOREFRESH = True  # static files are read where they lie; nobody has collected them
