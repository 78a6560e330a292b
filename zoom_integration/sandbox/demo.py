"""The sandbox's account of itself for the demonstration: what to store in the LMS so that its stories can be synced."""

from dataclasses import asdict
from typing import Any

from zoom_integration.sandbox.stories import big_class, open_lecture, tutorial, water_days
from zoom_integration.sandbox.stories.cast import JONAS, LAKE, LAKESIDE, MIRA, NORTHFIELD, PRIYA
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import Account

_PLANS = (open_lecture.PLAN, big_class.PLAN, tutorial.PLAN, water_days.PLAN)


def demo() -> dict[str, Any]:
    """`connections`, `courses` and `conferences`, as plain data."""
    hosts = [_person(host.name, host.email, "instructor") for host in (MIRA, JONAS, PRIYA)]
    return {
        "connections": [
            _connection("northfield-zoom", "Northfield University on Zoom", NORTHFIELD),
            _connection("lakeside-zoom", "Lakeside College on Zoom (no reports)", LAKESIDE),
        ],
        "courses": [
            _course("BIO-110", "Life on Reefs", [*hosts, *_learners(LEARNERS[:16])]),
            _course(
                "LAK-120",
                "Lakes and Rivers",
                [_person(LAKE.name, LAKE.email, "instructor"), *_learners(water_days.CLASS)],
            ),
        ],
        "conferences": [asdict(plan) for plan in _PLANS],
    }


def _connection(key: str, name: str, account: Account) -> dict[str, Any]:
    credentials = {"account_id": account.id, "client_id": account.client_id, "client_secret": account.secret}
    return {"key": key, "name": name, "credentials": credentials}


def _course(code: str, title: str, roster: list[dict[str, str]]) -> dict[str, Any]:
    return {"code": code, "title": title, "roster": roster}


def _learners(people: Any) -> list[dict[str, str]]:
    return [_person(who.name, who.email, "learner") for who in people]


def _person(name: str, email: str, role: str) -> dict[str, str]:
    return {"name": name, "email": email, "role": role}
