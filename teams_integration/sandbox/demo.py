"""The sandbox's account of itself for the demonstration: what to store in the LMS so that every story can be synced."""

from dataclasses import asdict
from typing import Any

from teams_integration.sandbox.stories import ethics_tutorial, meet_now, odd_ones, seminar
from teams_integration.sandbox.stories.cast import LAKESIDE, NORTHFIELD, WRONG_SECRET
from teams_integration.sandbox.world import Tenant


def demo() -> dict[str, Any]:
    """`connections`, `courses` and `conferences`, as plain data."""
    return {
        "connections": [
            _connection("northfield", "Northfield University", NORTHFIELD, NORTHFIELD.secret),
            _connection("lakeside", "Lakeside College (no transcripts)", LAKESIDE, LAKESIDE.secret),
            _connection("mistyped", "Northfield, mistyped secret", NORTHFIELD, WRONG_SECRET),
        ],
        "courses": [seminar.COURSE, meet_now.COURSE, *(_course(*row) for row in odd_ones.COURSES)],
        "conferences": [
            asdict(plan) for plan in (ethics_tutorial.PLAN, meet_now.PLAN, seminar.PLAN, *odd_ones.plans())
        ],
    }


def _connection(key: str, name: str, tenant: Tenant, secret: str) -> dict[str, Any]:
    credentials = {"tenant_id": tenant.id, "client_id": tenant.client_id, "client_secret": secret}
    return {"key": key, "name": name, "credentials": credentials}


def _course(code: str, title: str, roster: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": title,
        "roster": [{"name": person.name, "email": person.email, "role": role} for person, role in roster],
    }
