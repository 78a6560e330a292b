"""Seals every stored secret with the newest key, so that older keys can be dropped."""

from typing import Any

from django.core.management.base import CommandError

from conferences.management.base import FAILED, AnsweringCommand
from conferences.rotating import rotate


class Command(AnsweringCommand):
    help = (
        "Encrypt every stored secret with the first of FIELD_ENCRYPTION_KEYS. After it has gone well the other keys "
        "are needed no longer. It can be run while the site is at work, and again. Exit code 1 when no key opens a row."
    )

    def answer(self, *, json: bool, **_: Any) -> None:
        done = rotate()
        result = {"rotated": done.rotated, "current": done.current, "unreadable": done.unreadable}
        rows = "1 row was" if done.rotated == 1 else f"{done.rotated} rows were"
        self.give(result, f"{rows} encrypted anew; {done.current} had the newest key already.", as_json=json)
        if done.unreadable:
            raise CommandError(
                f"No key of FIELD_ENCRYPTION_KEYS opens: {', '.join(done.unreadable)}. Add the key that they were "
                "saved with and run this again, or enter these credentials again.",
                returncode=FAILED,
            )
