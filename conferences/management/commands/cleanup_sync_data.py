"""Throws away old logs, errors and outdone runs."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from conferences.management.base import AnsweringCommand
from conferences.operations.cleanup import clean_up
from conferences.providers.base import InvalidInput

LONGEST_DAYS = 36_500


class Command(AnsweringCommand):
    help = (
        "Remove logs, errors, ended alerts, records of sign-ins and outdone runs when they are so many days old. "
        "Synced data is never touched, nor the last good run of a conference or connection, nor what is not ended."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--days", type=int, default=30, help="what is older may go; 30 if nothing is said")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be removed")

    def answer(self, *, days: int, dry_run: bool, json: bool, **_: Any) -> None:
        if not 1 <= days <= LONGEST_DAYS:
            raise InvalidInput(f"--days must be from 1 to {LONGEST_DAYS}, not {days}.", "days")
        before = timezone.now() - timedelta(days=days)
        removed = clean_up(before, dry_run=dry_run)
        result = {"days": days, "before": before.isoformat(timespec="seconds"), "dry_run": dry_run, "removed": removed}
        self.give(result, _told(removed, dry_run=dry_run), as_json=json)


def _told(removed: dict[str, int], *, dry_run: bool) -> str:
    parts = [f"{name.replace('_', ' ')} {count}" for name, count in removed.items() if count]
    verb = "Would remove" if dry_run else "Removed"
    return f"{verb}: {', '.join(parts) or 'nothing'}."
