import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams_integration.apps import TeamsConfig
from teams_integration.permissions import ACCEPTED, lacking, token_roles
from teams_integration.tests.microsoft import ALL_ROLES, token_with


def test_token_roles_reads_the_roles() -> None:
    assert token_roles(token_with({"roles": ["Chat.Read.All", "Files.Read.All"]})) == {
        "Chat.Read.All",
        "Files.Read.All",
    }


@pytest.mark.parametrize("claims", [{}, {"roles": []}, {"roles": None}, {"roles": "Chat.Read.All"}, {"roles": [7]}])
def test_token_roles_of_a_token_without_any_is_none_at_all(claims: object) -> None:
    assert token_roles(token_with(claims)) == frozenset()


@pytest.mark.parametrize(
    "token", ["", "opaque", "a.b", "a.b.c", "a.!!!.c", "a.e30x.c", "a..c", "....", token_with(["x"])]
)
def test_token_roles_of_an_opaque_token_is_unknown(token: str) -> None:
    assert token_roles(token) is None


@given(st.text(max_size=60))
def test_token_roles_of_any_text_is_roles_or_unknown(token: str) -> None:
    roles = token_roles(token)
    assert roles is None or isinstance(roles, frozenset)


@pytest.mark.parametrize("topic", ACCEPTED)
def test_lacking_names_the_least_privileged(topic: str) -> None:
    assert lacking(topic, frozenset()) == ACCEPTED[topic][0]


@pytest.mark.parametrize(("topic", "role"), [(topic, role) for topic, roles in ACCEPTED.items() for role in roles])
def test_lacking_accepts_each_wider_permission(topic: str, role: str) -> None:
    assert lacking(topic, frozenset({role, "Other.Read.All"})) == ""


def test_lacking_claims_nothing_of_what_it_cannot_see() -> None:
    assert [lacking(topic, None) for topic in ACCEPTED] == [""] * len(ACCEPTED)
    assert lacking("unheard of", frozenset()) == ""


def test_permissions_that_the_provider_declares_open_every_topic() -> None:
    declared = {name for operation in TeamsConfig.operations for name in operation.permissions}
    assert [lacking(topic, frozenset(declared)) for topic in ACCEPTED if topic != "user"] == [""] * 9
    assert declared < set(ALL_ROLES)
