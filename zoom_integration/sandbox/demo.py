"""The sandbox's account of itself for the demonstration: what to store in the LMS so that its stories can be synced."""

from dataclasses import asdict
from typing import Any

from zoom_integration.sandbox.stories import big_class, garden_talks, open_lecture, tutorial, water_days
from zoom_integration.sandbox.stories.cast import AVA, JONAS, LAKE, LAKESIDE, MIRA, NORTHFIELD, PRIYA, SOUTHGATE
from zoom_integration.sandbox.stories.people import LEARNERS
from zoom_integration.sandbox.world import Account

_PLANS = (open_lecture.PLAN, big_class.PLAN, tutorial.PLAN, water_days.PLAN, garden_talks.PLAN)


def demo() -> dict[str, Any]:
    """`connections`, `courses` and `conferences`, as plain data."""
    hosts = [_person(host.name, host.email, "instructor") for host in (MIRA, JONAS, PRIYA)]
    return {
        "connections": [
            _connection("northfield-zoom", "Northfield University on Zoom", NORTHFIELD),
            _connection("lakeside-zoom", "Lakeside College on Zoom (no reports)", LAKESIDE),
            _connection("southgate-zoom", "Southgate on Zoom (connect it)", SOUTHGATE),
        ],
        "courses": [
            _course("BIO-110", "Life on Reefs", [*hosts, *_learners(LEARNERS[:16])]),
            _course(
                "LAK-120",
                "Lakes and Rivers",
                [_person(LAKE.name, LAKE.email, "instructor"), *_learners(water_days.CLASS)],
            ),
            _course(
                "GAR-130",
                "Gardening",
                [_person(AVA.name, AVA.email, "instructor"), *_learners(garden_talks.CLASS)],
            ),
        ],
        "conferences": [asdict(plan) for plan in _PLANS],
    }


def _connection(key: str, name: str, account: Account) -> dict[str, Any]:
    app = {"client_id": account.client_id, "client_secret": account.secret}
    how = {"sign_in": "person"} if account.is_general else {"account_id": account.id}
    return {"key": key, "name": name, "credentials": {**how, **app}}


def _course(code: str, title: str, roster: list[dict[str, str]]) -> dict[str, Any]:
    return {"code": code, "title": title, "roster": roster}


def _learners(people: Any) -> list[dict[str, str]]:
    return [_person(who.name, who.email, "learner") for who in people]


def _person(name: str, email: str, role: str) -> dict[str, str]:
    return {"name": name, "email": email, "role": role}
