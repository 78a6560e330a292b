"""Granular scopes, classic ones, and what is missing."""

import json
from pathlib import Path

import pytest

from zoom_integration.scopes import (
    DISCOVERY_TOPICS,
    GRANULAR,
    OPERATION_TOPICS,
    accepted,
    classic,
    granted,
    is_personal,
    lacking,
    meeting_topics,
    missing,
    named_in,
    permissions,
    topics_of,
)

REPORT = "report:read:list_webinar_participants:admin"
# The scopes of each call as Zoom's OpenAPI document gives them.
DOCUMENTED = json.loads((Path(__file__).parent / "payloads" / "scopes_documented.json").read_text())


@pytest.mark.parametrize("topic", sorted(GRANULAR))
def test_every_scope_is_the_documented_one(topic: str) -> None:
    assert GRANULAR[topic] in DOCUMENTED[topic]["granular"]


@pytest.mark.parametrize("topic", sorted(GRANULAR))
def test_every_documented_scope_for_all_users_will_do(topic: str) -> None:
    documented = {scope for scope in DOCUMENTED[topic]["granular"] if scope.endswith(":admin")}
    assert documented <= set(accepted(topic))


@pytest.mark.parametrize("topic", sorted(GRANULAR))
def test_a_documented_classic_scope_will_do(topic: str) -> None:
    old = [scope for scope in DOCUMENTED[topic]["classic"] if ":read:admin" in scope and "phone" not in scope]
    assert not old or lacking(topic, frozenset(old)) == ""


@pytest.mark.parametrize("topic", [topic for topic in GRANULAR if GRANULAR[topic].startswith("report:")])
def test_reports_are_open_to_admin_scopes_only(topic: str) -> None:
    assert accepted(topic) == (GRANULAR[topic], "report:read:admin")


def test_lacking_names_the_granular_scope() -> None:
    assert lacking("webinar_report_participants", frozenset({"webinar:read:admin"})) == REPORT


@pytest.mark.parametrize(
    "held", [REPORT, "report:read:admin", f"user:read:user:admin {REPORT}"], ids=["granular", "classic", "both"]
)
def test_lacking_is_content_with_any_that_will_do(held: str) -> None:
    assert lacking("webinar_report_participants", frozenset(held.split())) == ""


def test_lacking_says_nothing_about_an_opaque_token_or_a_free_topic() -> None:
    assert lacking("webinar_report_participants", None) == ""
    assert lacking("download", frozenset()) == ""


def test_missing_lists_each_scope_once_in_order() -> None:
    topics = ("recordings", "webinar_survey", "recordings")
    assert missing(topics, frozenset()) == (GRANULAR["recordings"], GRANULAR["webinar_survey"])


def test_operations_need_scopes_that_are_known() -> None:
    assert {topic for topics in OPERATION_TOPICS.values() for topic in (*topics, *DISCOVERY_TOPICS)} <= set(GRANULAR)
    assert permissions("chat") == ("cloud_recording:read:list_recording_files:admin",)
    assert permissions("attendance")[3] == REPORT


def test_meeting_topics_are_the_twins_that_exist() -> None:
    topics = ("webinar", "panelists", "webinar_report_participants", "absentees")
    assert meeting_topics(topics) == ("meeting", "meeting_report_participants")


@pytest.mark.parametrize(
    ("granular", "older"),
    [
        (REPORT, "report:read:admin"),
        (GRANULAR["recordings"], "recording:read:admin"),
        (GRANULAR["users"], "user:read:admin"),
        ("imaginary:read:thing", ""),
    ],
)
def test_classic_is_the_older_scope(granular: str, older: str) -> None:
    assert classic(granular) == older


@pytest.mark.parametrize(
    ("told", "read"),
    [("a:b  c:d", frozenset({"a:b", "c:d"})), ("", frozenset()), (None, None), (["a:b"], None)],
)
def test_granted_reads_what_the_sign_in_told(told: object, read: frozenset[str] | None) -> None:
    assert granted(told) == read


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("Invalid access token, does not contain scopes:[a:b:c, d_e:f:g:admin].", ("a:b:c", "d_e:f:g:admin")),
        ("does not contain scope: [a:b]", ("a:b",)),
        ("does not contain scopes:[a:b,a:b]", ("a:b",)),
        ("does not contain scopes", ()),
        ("No permission.", ()),
        ("scopes:[<script>]", ()),
    ],
)
def test_named_in_reads_the_list_of_a_refusal(message: str, named: tuple[str, ...]) -> None:
    assert named_in(message) == named


OWN = frozenset({"webinar:read:list_webinars", "user:read:user"})


def test_token_of_a_persons_own_app_is_told_by_its_scopes() -> None:
    assert is_personal(OWN)
    assert not is_personal(OWN | {"report:read:webinar:admin"})
    assert not is_personal(frozenset())
    assert not is_personal(None)


def test_missing_scope_is_named_in_the_form_that_the_app_can_add() -> None:
    assert lacking("webinar", OWN) == "webinar:read:webinar"
    assert lacking("webinars", OWN) == ""
    assert lacking("webinar", frozenset({"user:read:user:admin"})) == "webinar:read:webinar:admin"


@pytest.mark.parametrize("topic", ["users", "webinar_report", "history"])
def test_what_only_admins_can_add_is_named_so(topic: str) -> None:
    assert lacking(topic, OWN) == GRANULAR[topic]
    assert lacking(topic, frozenset({GRANULAR[topic].removesuffix(":admin"), "user:read", "report:read"})) != ""


def test_reports_are_not_asked_of_a_persons_own_app_where_something_stands_in() -> None:
    assert topics_of("polls", OWN) == ("webinar_past_polls",)
    assert topics_of("survey", OWN) == ("webinar_survey",)
    assert [topics_of("polls", scopes) for scopes in (None, frozenset(GRANULAR.values()))] == [
        OPERATION_TOPICS["polls"]
    ] * 2


def test_older_scope_has_the_same_reach() -> None:
    assert classic("webinar:read:webinar") == "webinar:read"
    assert classic("webinar:read:webinar:admin") == "webinar:read:admin"
