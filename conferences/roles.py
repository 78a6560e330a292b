"""Who may do what, by Django's permissions, and the two groups that hold them."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import Q

SEE_PEOPLE, SEE_RUNS = "conferences.view_participant", "conferences.view_syncrun"
SEE_CONNECTIONS, CHANGE_CONNECTIONS = "conferences.view_connection", "conferences.change_connection"
ADD_CONFERENCES = "conferences.add_conference"
# Runs are written by the engine alone, so that adding one is starting it, and changing one stopping or resuming it.
START_SYNCS, STEER_SYNCS = "conferences.add_syncrun", "conferences.change_syncrun"

OPERATORS, ADMINISTRATORS = "Operators", "Administrators"
# Nothing that holds people, what they said, or where to join a class. An alert is changed by acknowledging it.
OPERATING = (
    "view_connection",
    "view_syncrun",
    "add_syncrun",
    "change_syncrun",
    "view_syncitem",
    "view_syncstep",
    "view_syncevent",
    "view_syncerror",
    "view_retrypolicy",
    "view_alert",
    "change_alert",
)
_OPERATING = Q(content_type__app_label="conferences", codename__in=OPERATING)
# Rosters are made of users: whoever keeps them picks from those that there are.
_ADMINISTRATING = Q(content_type__app_label="conferences") | Q(content_type__app_label="auth", codename="view_user")


def staff_may(user: object, permission: str) -> bool:
    """Permissions count for staff only: a superuser who is none signs in as anybody else."""
    return isinstance(user, User) and user.is_staff and user.has_perm(permission)


def may_sync(user: User | AnonymousUser, permission: str, course_id: int | None = None) -> bool:
    """Instructors in their own course, and staff everywhere with the permission to start or to steer syncs."""
    if staff_may(user, permission):
        return True
    return isinstance(user, User) and user.enrolments.filter(course=course_id, role="instructor").exists()


def keep_groups(using: str, **_: Any) -> None:
    """After each migration: the groups exist and may do just this. Who is in them is left alone."""
    for name, held in ((OPERATORS, _OPERATING), (ADMINISTRATORS, _ADMINISTRATING)):
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(Permission.objects.using(using).filter(held))
