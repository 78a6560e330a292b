"""Promise: `make lint` catches a migration that would stop running syncs, or break code of the version before."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from lms_project.local.migrations_lint import lint, ours

FIRST = """
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Room", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Seat", [
            ("id", models.BigAutoField(primary_key=True)),
            ("row", models.IntegerField(db_index=True)),
            ("label", models.CharField(max_length=9)),
            ("room", models.ForeignKey("careless.Room", models.CASCADE)),
        ]),
        migrations.AddConstraint("Seat", models.UniqueConstraint(fields=["room", "row"], name="one_row")),
    ]
"""
SECOND = """
from django.contrib.postgres.operations import (
    AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import Q

def tidy(apps, editor):
    pass

class Migration(migrations.Migration):
    dependencies = [("careless", "0001_initial")]
    {extra}
    operations = [{operations}]
"""
Rules = Callable[..., list[str]]


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, db: None) -> Rules:
    """The rules that a second migration of a new app breaks."""
    folder = tmp_path / "careless" / "migrations"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent):
        (package / "__init__.py").touch()
    (folder / "0001_initial.py").write_text(FIRST)
    monkeypatch.syspath_prepend(tmp_path)

    def broken(operations: str, extra: str = "") -> list[str]:
        (folder / "0002_second.py").write_text(SECOND.format(operations=operations, extra=extra))
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "careless"]
        return [problem.rule for problem in lint(["careless"])]

    _forget()
    yield broken
    _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "careless"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("operation", "rule"),
    [
        ('migrations.RenameField("Seat", "label", "name")', "renaming-column"),
        ('migrations.RemoveField("Seat", "label")', "ban-drop-column"),
        ('migrations.RenameModel("Seat", "Chair")', "renaming-table"),
        ('migrations.DeleteModel("Seat")', "ban-drop-table"),
        ('migrations.AlterField("Seat", "row", models.BigIntegerField(db_index=True))', "changing-column-type"),
        ('migrations.AddIndex("Seat", models.Index(fields=["label"], name="i"))', "require-concurrent-index-creation"),
        ('migrations.AddField("Seat", "soft", models.BooleanField(default=False))', "ban-drop-default"),
        (
            'migrations.AddConstraint("Seat", models.CheckConstraint(condition=Q(row__gt=0), name="c"))',
            "constraint-missing-not-valid",
        ),
        (
            'migrations.AddConstraint("Seat", models.UniqueConstraint(fields=["label"], name="u"))',
            "disallowed-unique-constraint",
        ),
        ('migrations.RunPython(tidy)', "irreversible"),
    ],
)  # fmt: skip
def test_unsafe_change_of_an_existing_table_is_caught(rules: Rules, operation: str, rule: str) -> None:
    assert rule in rules(operation)


def test_row_that_old_code_cannot_write_any_more_is_caught(rules: Rules) -> None:
    """NOT NULL without a default: what the version before inserts would be refused."""
    assert "adding-required-field" in rules('migrations.RunSQL("ALTER TABLE careless_seat ADD soft boolean NOT NULL")')


def test_change_of_rows_beside_a_change_of_the_schema_is_caught(rules: Rules) -> None:
    column = 'migrations.AddField("Seat", "note", models.TextField(null=True))'
    assert rules(f"{column}, migrations.RunPython(tidy, migrations.RunPython.noop)") == ["data-beside-schema"]


@pytest.mark.parametrize(
    ("operation", "extra"),
    [
        ('migrations.AddField("Seat", "note", models.TextField(null=True))', ""),
        ('migrations.AddField("Seat", "soft", models.BooleanField(db_default=False))', ""),
        ('migrations.CreateModel("Aisle", [("id", models.BigAutoField(primary_key=True))])', ""),
        ('AddConstraintNotValid("Seat", models.CheckConstraint(condition=Q(row__gt=0), name="c"))', ""),
        ("migrations.RunPython(tidy, migrations.RunPython.noop)", ""),
    ],
)
def test_safe_change_passes(rules: Rules, operation: str, extra: str) -> None:
    assert rules(operation, extra) == []


@pytest.mark.django_db(transaction=True)
def test_index_that_is_built_concurrently_passes(rules: Rules) -> None:
    index = 'AddIndexConcurrently("Seat", models.Index(fields=["label"], name="i"))'
    assert rules(index, "atomic = False") == []


def test_first_migration_of_an_app_passes(rules: Rules) -> None:
    assert rules("") == []


def test_later_migration_does_not_pass_as_a_first_one(rules: Rules) -> None:
    assert rules('migrations.RemoveField("Seat", "label")', "initial = True") == ["ban-drop-column"]


def test_change_that_was_judged_safe_passes_with_its_reason_only(rules: Rules) -> None:
    column = 'migrations.RemoveField("Seat", "label")'
    assert rules(column, 'judged_safe = {"ban-drop-column": "No code has read it since version 2."}') == []


def test_judgement_without_a_reason_does_not_count(rules: Rules) -> None:
    assert rules('migrations.RemoveField("Seat", "label")', 'judged_safe = {"ban-drop-column": ""}') == [
        "ban-drop-column"
    ]


def test_problem_tells_where_it_is(rules: Rules) -> None:
    rules('migrations.RemoveField("Seat", "label")')
    (problem,) = lint(["careless"])
    assert str(problem).splitlines()[1] == '    ALTER TABLE "careless_seat" DROP COLUMN "label" CASCADE;'


def test_all_apps_of_the_project_and_no_others_are_asked() -> None:
    assert ours() == ["conferences", "teams_integration", "zoom_integration"]


@pytest.mark.django_db
def test_migrations_of_the_project_are_safe() -> None:
    assert [str(problem) for problem in lint(ours())] == []
