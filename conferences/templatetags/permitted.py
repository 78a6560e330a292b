"""Which buttons and links are of use to whoever looks: those that would be refused are not shown."""

from django import template
from django.contrib.auth.models import AnonymousUser, User

from conferences import roles
from conferences.views.account_card import AccountCard
from conferences.views.sync_card import Card

register = template.Library()
Somebody = User | AnonymousUser


@register.filter
def may_start(user: Somebody, card: Card | AccountCard) -> bool:
    return roles.may_sync(user, roles.START_SYNCS, _course(card))


@register.filter
def may_steer(user: Somebody, card: Card | AccountCard) -> bool:
    return roles.may_sync(user, roles.STEER_SYNCS, _course(card))


@register.filter
def may_add_conferences(user: Somebody) -> bool:
    return roles.staff_may(user, roles.ADD_CONFERENCES)


@register.filter
def may_change_connections(user: Somebody) -> bool:
    return roles.staff_may(user, roles.CHANGE_CONNECTIONS)


@register.filter
def sees_connections(user: Somebody) -> bool:
    return roles.staff_may(user, roles.SEE_CONNECTIONS)


@register.filter
def may_operate(user: Somebody) -> bool:
    return roles.staff_may(user, roles.SEE_RUNS)


def _course(card: Card | AccountCard) -> int | None:
    return card.conference.course_id if isinstance(card, Card) else None
