"""The dashboard on the admin's index."""

from typing import Any

from django import template

from conferences import roles
from conferences.admin.dashboard import dashboard

register = template.Library()


@register.inclusion_tag("admin/conferences/dashboard.html", takes_context=True)
def operators_dashboard(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing for those who may not see runs."""
    user = context["user"]
    return {
        "board": dashboard() if roles.staff_may(user, roles.SEE_RUNS) else None,
        "adds_connections": roles.staff_may(user, "conferences.add_connection"),
        "sees_connections": roles.staff_may(user, roles.SEE_CONNECTIONS),
    }
