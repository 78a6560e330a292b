"""Every row of some tables as text, to tell whether anything has changed."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django.db.models import Model


def rows_of(models: Iterable[type[Model]]) -> dict[str, list[str]]:
    """By table, in an order of their own: what the database itself says of each row."""
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(f'SELECT each::text FROM "{table}" AS each ORDER BY 1')  # noqa: S608 - our own table's name
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def all_models() -> list[type[Model]]:
    return list(apps.get_models(include_auto_created=True))
