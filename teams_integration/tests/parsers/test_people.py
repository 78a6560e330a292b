"""Who somebody is."""

import pytest

from teams_integration.parsers.people import Identity, identity, identity_of_set, kind_of

HOME, AWAY = "11111111-aaaa-4aaa-8aaa-111111111111", "99999999-ffff-4fff-8fff-999999999999"
SOMEONE = "aaaaaaaa-0001-4001-8001-aaaaaaaaaaaa"
TENANTS = frozenset({HOME})


@pytest.mark.parametrize("nobody", [None, "", "00000000-0000-0000-0000-000000000000", "Anonymous", "+4930***456"])
def test_identity_without_an_id_that_names_one_person_has_none(nobody: str | None) -> None:
    assert identity({"id": nobody, "displayName": "Sam"}) == Identity(name="Sam")


def test_identity_lowers_the_case_of_ids() -> None:
    raw = {"@odata.type": "#microsoft.graph.userIdentity", "id": SOMEONE.upper(), "tenantId": HOME.upper()}

    assert identity(raw, "user") == Identity(SOMEONE, tenant_id=HOME, variety="user useridentity")


def test_identity_of_set_prefers_the_first_that_has_an_id() -> None:
    raw = {"user": None, "guest": {"id": None, "displayName": "Vera"}, "phone": {"id": "+4930123456"}}

    assert identity_of_set(raw) == Identity("+4930123456", variety="phone")


def test_identity_of_set_takes_a_name_where_nobody_has_an_id() -> None:
    assert identity_of_set({"guest": {"displayName": "Vera"}}) == Identity(name="Vera", variety="guest")
    assert identity_of_set({}) == Identity()


@pytest.mark.parametrize(
    ("upn", "email"),
    [
        ("Ann@Example.org", "ann@example.org"),
        ("ann_partner.example#EXT#@example.org", ""),
        ("ann", ""),
        ("", ""),
    ],
)
def test_email_is_the_sign_in_name_unless_it_is_made_up(upn: str, email: str) -> None:
    assert Identity(SOMEONE, upn=upn).email == email


@pytest.mark.parametrize(
    ("person", "email", "kind"),
    [
        (Identity(SOMEONE, tenant_id=HOME), "", "member"),
        (Identity(SOMEONE), "ann@example.org", "member"),
        (Identity(SOMEONE, variety="user"), "", "member"),
        (Identity(SOMEONE), "", "unknown"),
        (Identity(SOMEONE, tenant_id=AWAY), "cem@partner.example", "external"),
        (Identity(SOMEONE, upn="cem#EXT#@example.org", tenant_id=HOME), "", "external"),
        (Identity("teamsvisitor:0a1b", variety="user"), "", "guest"),
        (Identity("8:acs:0a1b_0c2d", variety="acsuser"), "", "guest"),
        (Identity(SOMEONE, variety="communicationsguestidentity"), "", "guest"),
        (Identity(SOMEONE, variety="azurecommunicationservicesuseridentity"), "", "guest"),
        (Identity(name="Sam"), "", "guest"),
        (Identity(), "late@example.org", "unknown"),
        (Identity("+4930123456"), "", "dial_in"),
        (Identity("4:+4930123456"), "", "dial_in"),
        (Identity(name="+49 30", variety="phone"), "", "dial_in"),
        (Identity("28:0a1b"), "", "bot"),
        (Identity(SOMEONE, variety="application"), "", "bot"),
        (Identity("x", variety="acsapplicationinstance"), "", "bot"),
    ],
)
def test_kind_is_told_by_the_identity(person: Identity, email: str, kind: str) -> None:
    assert kind_of(person, TENANTS, email) == kind


@pytest.mark.parametrize(
    "name",
    [
        "Read.ai meeting notes",
        "Anna's Otter.ai",
        "Ben’s Fathom Notetaker",
        "Fireflies.ai Notetaker Carla",
        "tl;dv",
        "Notetaker (Acme)",
    ],
)
def test_kind_of_a_well_known_note_taker_is_bot(name: str) -> None:
    """must-beat 5."""
    assert kind_of(Identity(name=name), TENANTS) == "bot"


@pytest.mark.parametrize(
    "name", ["Otter", "Fathom", "Anna Reader", "Sam's phone", "Otto Notetakerson", "My note taker friend"]
)
def test_kind_of_a_guest_with_a_name_like_it_is_guest(name: str) -> None:
    assert kind_of(Identity(name=name), TENANTS) == "guest"


def test_kind_of_a_signed_in_member_is_never_judged_by_the_name() -> None:
    assert kind_of(Identity(SOMEONE, name="Otter.ai", tenant_id=HOME), TENANTS) == "member"
