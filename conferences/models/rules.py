"""Rules that the database itself keeps, so that no code can break them."""

from django.db.models import CheckConstraint, F, Q


def one_of(field: str, words: str, name: str, *, blank: bool = False) -> CheckConstraint:
    """Other code decides by these words, the field's choices: no other one may stand there."""
    return CheckConstraint(condition=Q(**{f"{field}__in": [*words.split(), *([""] if blank else [])]}), name=name)


def filled(field: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition=~Q(**{field: ""}), name=name)


def not_negative(field: str, name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}), name=name)


def in_order(first: str, last: str, name: str) -> CheckConstraint:
    """As far as both are known."""
    unknown = Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True})
    return CheckConstraint(condition=unknown | Q(**{f"{last}__gte": F(first)}), name=name)
