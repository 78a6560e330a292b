from datetime import datetime

import pytest

from teams_integration.sandbox.demo import demo
from teams_integration.tests.sandbox.asking import Asker

TOLD = demo()


def test_connections_have_the_three_values_of_a_tenant() -> None:
    assert [(row["key"], sorted(row["credentials"])) for row in TOLD["connections"]] == [
        (key, ["client_id", "client_secret", "tenant_id"]) for key in ("northfield", "lakeside", "mistyped")
    ]


def test_conferences_46_and_74_have_their_numbers() -> None:
    assert [row["id"] for row in TOLD["conferences"] if row["id"]] == [46, 74]


def test_every_conference_names_a_known_connection_and_course() -> None:
    connections = {row["key"] for row in TOLD["connections"]}
    courses = {row["code"] for row in TOLD["courses"]}
    assert {row["connection"] for row in TOLD["conferences"]} == connections
    assert {row["course"] for row in TOLD["conferences"]} == courses


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


def test_credentials_are_those_that_the_sandbox_accepts_but_for_the_mistyped_one(own_graph: Asker) -> None:
    codes = {}
    for row in TOLD["connections"]:
        tenant = own_graph.microsoft.world.tenant(row["credentials"]["tenant_id"])
        assert tenant is not None
        own_graph.tenant = tenant
        credentials = {name: row["credentials"][name] for name in ("client_id", "client_secret")}
        codes[row["key"]] = own_graph.sign_in(**credentials).json().get("error_codes")
    assert codes == {"northfield": None, "lakeside": None, "mistyped": [7000215]}


def test_people_are_invented_ones() -> None:
    """Addresses are of domains that are reserved for examples."""
    emails = {row["email"] for course in TOLD["courses"] for row in course["roster"]}
    assert {email.rpartition("@")[2] for email in emails} == {"example.org", "lakeside.example.org"}
