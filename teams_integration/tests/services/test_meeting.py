"""Which online meeting a conference is. An empty answer, a 404 and "3003" are three different things."""

from typing import Any
from urllib.parse import unquote

import pytest

from conferences.providers.errors import (
    Missing,
    NotConfigured,
    NotPermitted,
    ProviderError,
    RateLimited,
    ServerTrouble,
)
from teams_integration.tests.graph import (
    JOIN_URL,
    MEETING_ID,
    ORGANIZER,
    SHORT_URL,
    TENANT,
    THREAD,
    FakeGraph,
    inquiry,
    listing,
    target,
)

OTHER = "33333333-cccc-4ccc-8ccc-333333333333"


def graph(**answers: Any) -> FakeGraph:
    return FakeGraph(**{"meetings_by_join_url": listing("onlineMeetings_recurring"), **answers})


def test_meeting_is_looked_up_under_the_organiser_in_the_link() -> None:
    fake = graph()

    assert inquiry(fake).meeting().id == MEETING_ID
    assert fake.asked == [("meetings_by_join_url", ORGANIZER, JOIN_URL)]


def test_meeting_is_looked_up_once_for_all() -> None:
    fake = graph()
    shared = inquiry(fake)

    assert shared.meeting() is shared.meeting()
    assert len(fake.asked) == 1


def test_meeting_is_looked_up_under_the_organiser_who_was_given() -> None:
    fake = graph()
    inquiry(fake, target(organizer=OTHER.upper())).meeting()

    assert fake.asked == [("meetings_by_join_url", OTHER, JOIN_URL)]


def test_meeting_organiser_given_by_address_is_resolved() -> None:
    fake = graph(user={"id": OTHER.upper()})
    inquiry(fake, target(organizer="olga@example.org")).meeting()

    assert fake.asked == [("user", "olga@example.org"), ("meetings_by_join_url", OTHER, JOIN_URL)]


@pytest.mark.parametrize("error", [NotPermitted("no"), Missing("unknown")])
def test_meeting_organiser_whose_look_up_is_refused_is_taken_from_the_link(error: ProviderError) -> None:
    fake = graph(user=error)
    inquiry(fake, target(organizer="olga@example.org")).meeting()

    assert fake.asked[1:] == [("meetings_by_join_url", ORGANIZER, JOIN_URL)]


@pytest.mark.parametrize("error", [RateLimited("wait"), ServerTrouble("down")])
def test_meeting_organiser_is_not_guessed_after_a_passing_fault(error: ProviderError) -> None:
    with pytest.raises(type(error)):
        inquiry(graph(user=error), target(organizer="olga@example.org")).meeting()


def test_meeting_organiser_who_does_not_exist_is_named() -> None:
    with pytest.raises(NotConfigured) as raised:
        inquiry(graph(user=Missing("unknown")), target(SHORT_URL, organizer="olga@example.org")).meeting()

    assert raised.value.code == "organizer_not_found"
    assert raised.value.message.startswith("There is no account “olga@example.org” in this Microsoft tenant")


def test_meeting_of_a_short_link_is_looked_up_by_its_digits() -> None:
    fake = graph(meetings_by_digits=listing("onlineMeetings_recurring"))
    found = inquiry(fake, target(SHORT_URL, organizer=ORGANIZER)).meeting()

    assert (found.id, fake.asked) == (MEETING_ID, [("meetings_by_digits", ORGANIZER, "2345678901234")])


def test_meeting_of_a_short_link_is_looked_up_by_the_link_when_the_digits_are_unknown() -> None:
    fake = graph(meetings_by_digits=[])
    inquiry(fake, target(SHORT_URL, organizer=ORGANIZER)).meeting()

    assert fake.asked[1:] == [("meetings_by_join_url", ORGANIZER, SHORT_URL)]


@pytest.mark.parametrize("external_id", ["2345678901234", "2345678901234@2026-03-04T10:00:00Z", "234 567 890 1234"])
def test_meeting_is_looked_up_by_digits_in_the_conferences_id(external_id: str) -> None:
    fake = graph(meetings_by_digits=listing("onlineMeetings_recurring"))
    inquiry(fake, target("", external_id=external_id, organizer=ORGANIZER)).meeting()

    assert fake.asked == [("meetings_by_digits", ORGANIZER, "2345678901234")]


def test_meeting_is_looked_up_again_as_graph_spells_the_link() -> None:
    spelled = JOIN_URL.replace("%3a", "%3A") + "&anon=true"
    fake = graph(
        meetings_by_join_url=lambda _organizer, url: listing("onlineMeetings_recurring") if url == JOIN_URL else []
    )

    assert inquiry(fake, target(spelled)).meeting().id == MEETING_ID
    assert [call[2] for call in fake.asked] == [spelled, JOIN_URL]


@pytest.mark.parametrize("typed", [JOIN_URL, unquote(JOIN_URL), JOIN_URL.replace("%3a", "%3A")])
def test_meeting_is_found_where_graph_stores_its_link_with_escapes_in_upper_case(typed: str) -> None:
    stored = JOIN_URL.replace("%3a", "%3A").replace("%7b", "%7B").replace("%2c", "%2C").replace("%7d", "%7D")
    fake = graph(
        meetings_by_join_url=lambda _organizer, url: listing("onlineMeetings_recurring") if url == stored else []
    )

    assert inquiry(fake, target(typed)).meeting().id == MEETING_ID


def test_meeting_that_is_another_one_is_not_taken() -> None:
    other = {**listing("onlineMeetings_recurring")[0], "joinWebUrl": JOIN_URL.replace("c2VtaW5hcg", "b3RoZXI")}

    with pytest.raises(Missing):
        inquiry(graph(meetings_by_join_url=[other])).meeting()

    both = graph(meetings_by_join_url=[other, *listing("onlineMeetings_recurring")])
    assert inquiry(both).meeting().join_url == JOIN_URL


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([], "meeting_unknown"),
        (Missing("no"), "meeting_not_found"),
        (Missing("no", code="meeting_expired"), "meeting_expired"),
        (NotPermitted("3003", code="wrong_organizer"), "wrong_organizer"),
        (NotPermitted("no policy", code="missing_access_policy"), "missing_access_policy"),
    ],
)
def test_meeting_that_is_not_found_says_why(answer: Any, code: str) -> None:
    with pytest.raises(ProviderError) as raised:
        inquiry(graph(meetings_by_join_url=answer)).meeting()

    assert raised.value.code == code


def test_meeting_without_link_and_digits_says_what_to_fill_in() -> None:
    with pytest.raises(NotConfigured) as raised:
        inquiry(FakeGraph(), target("", organizer=ORGANIZER)).meeting()

    assert (raised.value.code, bool(raised.value.advice)) == ("no_join_url", True)


def test_meeting_of_a_link_that_is_none_says_so() -> None:
    with pytest.raises(NotConfigured) as raised:
        inquiry(FakeGraph(), target("https://zoom.us/j/1")).meeting()

    assert raised.value.code == "bad_join_url"


def test_meeting_names_its_thread_even_where_graph_leaves_the_chat_out() -> None:
    bare = {**listing("onlineMeetings_recurring")[0], "chatInfo": None}

    assert inquiry(graph(meetings_by_join_url=[bare])).meeting().thread_id == THREAD


def test_meeting_details_leave_out_what_graph_did_not_say() -> None:
    found = inquiry(graph(meetings_by_join_url=listing("onlineMeetings_bare"))).meeting()

    assert found.detail().values == {"meeting_id": MEETING_ID, "organizer_id": ORGANIZER}


def test_meeting_details_fit_their_columns() -> None:
    long = {**listing("onlineMeetings_recurring")[0], "subject": "x" * 600}

    assert inquiry(graph(meetings_by_join_url=[long])).meeting().detail().values["subject"] == "x" * 512


def test_home_tenants_are_the_one_asked_and_the_one_of_the_meeting() -> None:
    assert inquiry(graph(), tenant_id=OTHER).home_tenants == {OTHER, TENANT}


def test_home_tenants_leave_a_tenant_out_that_is_known_by_its_domain_only() -> None:
    fake = graph(meetings_by_digits=listing("onlineMeetings_recurring"))
    asked = inquiry(fake, target(SHORT_URL, organizer=ORGANIZER), tenant_id="example.org")

    assert asked.home_tenants == {TENANT}


def test_home_tenants_may_be_unknown() -> None:
    fake = graph(meetings_by_digits=Missing("no"), meetings_by_join_url=Missing("no"))

    assert inquiry(fake, target(SHORT_URL, organizer=ORGANIZER), tenant_id="example.org").home_tenants == frozenset()
