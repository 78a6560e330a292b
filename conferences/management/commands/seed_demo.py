"""Stores the sample data of the demonstration. Repeating it changes nothing."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conferences.demo import ADMIN, INSTRUCTOR, LEARNER, OPERATOR, demos, seed


class Command(BaseCommand):
    help = (
        "Store sample users, courses and conferences that the sandbox plays. The users' password is taken "
        "from the environment variable DEMO_PASSWORD. Not for production."
    )

    def handle(self, **_: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("DEMO_PASSWORD is not set. It becomes the password of the sample users.")
        seed(password, demos())
        self.stderr.write(f"Stored. Sample users: {ADMIN}, {OPERATOR}, {INSTRUCTOR}, {LEARNER}.")
