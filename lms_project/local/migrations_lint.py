"""Is every migration safe while syncs are running and old code is still at work? `make lint` asks.

squawk judges what PostgreSQL would be told: long locks, and changes that code of the version before cannot live with.
A migration that was judged to be safe all the same says so: `judged_safe = {"renaming-column": "Why."}`.

https://squawkhq.com/docs/rules
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader

from lms_project.local.scratch import Scratch

SQUAWK = Path(sys.executable).with_name("squawk")
NOT_ASKED = (
    # Every session of ours has both time-outs.
    "require-lock-timeout",
    "require-statement-timeout",
    # Django decides these by the kind of field.
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-text-field",
    # Django runs a migration once and notes that it has.
    "prefer-robust-stmts",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`rule` is squawk's, or one of those below; `at` what of the migration it is about."""

    migration: str
    rule: str
    at: str
    message: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.message}\n    {self.at}"


def lint(labels: Iterable[str]) -> Iterator[Problem]:
    """The problems of all migrations of these apps but the first, before which there is nobody to disturb."""
    loader = MigrationLoader(connection, replace_migrations=False)
    wanted = set(labels)
    for (label, _), migration in sorted(loader.disk_migrations.items()):
        if label in wanted and not _is_first(migration):
            judged_safe = getattr(migration, "judged_safe", {})
            found = [*_of_data(migration), *_of_schema(migration, loader)]
            yield from (problem for problem in found if not judged_safe.get(problem.rule))


def _is_first(migration: Migration) -> bool:
    return bool(migration.initial) and all(label != migration.app_label for label, _ in migration.dependencies)


def _of_data(migration: Migration) -> Iterator[Problem]:
    steps = [step for step in migration.operations if isinstance(step, RunPython)]
    for step in steps:
        what = getattr(step.code, "__name__", "RunPython")
        if len(steps) < len(migration.operations):
            message = "Rows are changed while locks of schema changes are held. Make it a migration of its own."
            yield Problem(str(migration), "data-beside-schema", what, message)
        if not step.reversible:
            message = "There is no way back. Say what undoes it, RunPython.noop where nothing has to."
            yield Problem(str(migration), "irreversible", what, message)


def _of_schema(migration: Migration, loader: MigrationLoader) -> Iterator[Problem]:
    plan: Any = [(migration, False)]
    sql = "\n".join(loader.collect_sql(plan))
    lines = sql.splitlines()
    for found in _squawk(sql, atomic=migration.atomic):
        message = " ".join(filter(None, [found["message"], found.get("help")]))
        yield Problem(str(migration), found["rule_name"], lines[found["line"]], message)


def _squawk(sql: str, *, atomic: bool) -> list[dict[str, Any]]:
    command = [str(SQUAWK), "--reporter=json", f"--exclude={','.join(NOT_ASKED)}"]
    transaction = ["--assume-in-transaction"] if atomic else []
    done = subprocess.run([*command, *transaction], input=sql, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"squawk did not work: {done.stderr}")
    return list(json.loads(done.stdout))


def ours() -> list[str]:
    """Labels of the apps that belong to the project."""
    root = Path(settings.BASE_DIR)
    places = {config.label: Path(config.path) for config in apps.get_app_configs()}
    return [label for label, place in places.items() if place.parent == root]


def main() -> int:
    with Scratch({**os.environ, "REDIS_URL": "not needed"}) as servers:
        os.environ.update({"DJANGO_SETTINGS_MODULE": "lms_project.settings", **servers.environment})
        django.setup()
        labels = ours()
        problems = list(lint(labels))
        connection.close()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"Migrations of {', '.join(labels)}: {len(problems) or 'no'} problems.")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
