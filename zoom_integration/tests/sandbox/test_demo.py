from datetime import datetime

import pytest

from zoom_integration.sandbox.demo import demo
from zoom_integration.sandbox.stories import big_class, garden_talks, open_lecture, tutorial, water_days
from zoom_integration.tests.sandbox.asking import Asker

TOLD = demo()


def test_connections_have_what_their_kind_of_app_needs() -> None:
    assert [(row["key"], sorted(row["credentials"])) for row in TOLD["connections"]] == [
        ("northfield-zoom", ["account_id", "client_id", "client_secret"]),
        ("lakeside-zoom", ["account_id", "client_id", "client_secret"]),
        ("southgate-zoom", ["client_id", "client_secret", "sign_in"]),
    ]


def test_credentials_are_those_that_the_sandbox_accepts(own_zoom: Asker) -> None:
    for row in TOLD["connections"]:
        given = row["credentials"]
        answer = own_zoom.sign_in(
            auth=(given["client_id"], given["client_secret"]),
            data={"grant_type": "account_credentials", "account_id": given.get("account_id", "")},
        )
        # A General app signs nobody in by itself, but is known.
        assert answer.json().get("error") == ("unsupported_grant_type" if "sign_in" in given else None)


def test_every_conference_names_a_known_connection_and_course() -> None:
    assert {row["connection"] for row in TOLD["conferences"]} == {row["key"] for row in TOLD["connections"]}
    assert {row["course"] for row in TOLD["conferences"]} == {row["code"] for row in TOLD["courses"]}


@pytest.mark.parametrize(
    "story", [open_lecture, big_class, tutorial, water_days, garden_talks], ids=lambda story: story.TOPIC
)
def test_every_conference_is_found_by_its_number_or_uuid(zoom: Asker, story: object) -> None:
    plan = getattr(story, "PLAN")  # noqa: B009
    runs = [run for account in zoom.zoom.world.accounts for run in account.occurrences.values()]
    named = [run for run in runs if plan.external_id == run.uuid or plan.join_url.endswith(f"/{run.series.id}")]
    at_that_time = [run for run in named if run.starts_at == datetime.fromisoformat(plan.starts_at)]
    assert len(at_that_time) == 1


def test_every_conference_ends_after_its_start_and_says_so_with_an_offset() -> None:
    for row in TOLD["conferences"]:
        starts_at, ends_at = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
        assert starts_at.utcoffset() is not None
        assert ends_at > starts_at


@pytest.mark.parametrize("course", TOLD["courses"], ids=lambda course: course["code"])
def test_every_roster_has_an_instructor_and_no_address_twice(course: dict[str, list[dict[str, str]]]) -> None:
    emails = [row["email"] for row in course["roster"]]
    assert len(set(emails)) == len(emails)
    assert {row["role"] for row in course["roster"]} == {"instructor", "learner"}


def test_people_are_invented_ones() -> None:
    """Addresses are of domains that are reserved for examples, and plain enough for every form."""
    emails = {row["email"] for course in TOLD["courses"] for row in course["roster"]}
    domains = {"example.org", "lakeside.example.org", "southgate.example.org"}
    assert {email.rpartition("@")[2] for email in emails} == domains
    assert all(email.isascii() for email in emails)
