"""The groups are there, may do what they are for, and nobody is put into them or taken out."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from conferences.roles import ADMINISTRATORS, OPERATING, OPERATORS, may_sync, staff_may

pytestmark = pytest.mark.django_db
# Kinds of rows that say who came, what was said or left behind, where to join, or what opens an account.
CLOSED = {
    "attendancelisting",
    "attendancesession",
    "authorization",
    "authorizationrequest",
    "alertdelivery",
    "alertrule",
    "chatmessage",
    "conference",
    "course",
    "enrolment",
    "flawedentry",
    "knownidentity",
    "participant",
    "presencecorrection",
    "question",
    "recording",
    "registrant",
    "response",
    "retiredtotal",
    "sharedfile",
    "sharedtoken",
    "workerpulse",
}


def held(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_operators_hold_what_they_are_for() -> None:
    assert held(OPERATORS) == set(OPERATING)


def test_every_kind_of_row_is_open_or_closed_to_operators() -> None:
    """A new model fails here until somebody has said which."""
    opened = {codename.partition("_")[2] for codename in OPERATING}
    known = {model._meta.model_name for model in apps.get_app_config("conferences").get_models()}
    assert (known - opened, opened & CLOSED) == (CLOSED, set())


def test_administrators_hold_everything_of_conferences() -> None:
    everything = Permission.objects.filter(content_type__app_label="conferences").values_list("codename", flat=True)
    assert held(ADMINISTRATORS) == {*everything, "view_user"}


def test_migrating_again_mends_the_permissions_and_keeps_the_members() -> None:
    user = User.objects.create(username="olga")
    group = Group.objects.get(name=OPERATORS)
    group.user_set.add(user)
    group.permissions.set(Permission.objects.filter(codename__in=("view_participant", "view_syncrun")))
    other = Group.objects.create(name="Onlookers")
    other.permissions.add(Permission.objects.get(codename="view_syncrun"))
    call_command("migrate", verbosity=0)
    assert (held(OPERATORS), held("Onlookers")) == (set(OPERATING), {"view_syncrun"})
    assert list(group.user_set.all()) == [user]


@pytest.mark.parametrize(("staff", "active", "may"), [(True, True, True), (False, True, False), (True, False, False)])
def test_permissions_count_for_active_staff_only(staff: bool, active: bool, may: bool) -> None:
    user = User.objects.create(username="root", is_staff=staff, is_active=active, is_superuser=True)
    found = (staff_may(user, "conferences.view_participant"), may_sync(user, "conferences.add_syncrun"))
    assert found == (may, may)
