"""A database and a Django of the benchmark's own. Call `stand` before anything that needs Django is imported."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from lms_project.local.inherited import without
from lms_project.local.scratch import Scratch


@contextmanager
def stand() -> Iterator[None]:
    """Whatever the shell says of databases and providers, this run has throw-away ones."""
    clean = without(os.environ)
    with Scratch({}) as scratch:
        os.environ.clear()
        os.environ.update(
            {
                **clean,
                **scratch.environment,
                "DEBUG": "false",
                "SECRET_KEY": "for-benchmarks-only",
                "ENV_FILE": os.devnull,
            }
        )
        os.environ["FIELD_ENCRYPTION_KEYS"] = "Zm9yLWJlbmNobWFya3Mtb25seS0zMi1ieXRlcyEhISE="
        os.environ["DJANGO_SETTINGS_MODULE"] = "lms_project.settings"
        os.environ["LOG_LEVEL"] = "ERROR"
        _set_up()
        yield


def _set_up() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
