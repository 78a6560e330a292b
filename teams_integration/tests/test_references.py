"""Which meeting a person means."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from conferences.providers.base import InvalidInput, MeetingReference
from conferences.providers.registry import provider
from conferences.providers.window import Window
from teams_integration.references import NOT_AN_ORGANIZER, NOTHING, refer
from teams_integration.tests.graph import CHANNEL_URL, JOIN_URL, ORGANIZER, SHORT_URL, THREAD

STARTS_AT = datetime(2026, 3, 4, 11, tzinfo=timezone(timedelta(hours=1)))


def reference(**typed: str) -> MeetingReference:
    given: dict[str, Any] = {"join_url": "", "external_id": "", "organizer": "", "starts_at": STARTS_AT, **typed}
    return refer(**given)


def test_refer_reads_thread_and_organiser_from_the_join_link() -> None:
    assert reference(join_url=f" {JOIN_URL} ") == MeetingReference(
        external_id=f"{THREAD}@2026-03-04T10:00:00Z", series_id=THREAD, join_url=JOIN_URL, organizer=ORGANIZER
    )


def test_refer_prefers_the_organiser_who_was_typed() -> None:
    assert reference(join_url=JOIN_URL, organizer=" Olga@Example.org ").organizer == "olga@example.org"


def test_refer_keeps_an_id_that_was_typed() -> None:
    found = reference(join_url=JOIN_URL, external_id=" lesson-5 ")

    assert (found.external_id, found.series_id) == ("lesson-5", THREAD)


def test_refer_gives_two_occurrences_of_a_series_two_ids_and_one_series() -> None:
    first = reference(join_url=JOIN_URL)
    second = refer(join_url=JOIN_URL, external_id="", organizer="", starts_at=STARTS_AT + timedelta(days=7))

    assert first.series_id == second.series_id
    assert {first.external_id, second.external_id} == {
        f"{THREAD}@2026-03-04T10:00:00Z",
        f"{THREAD}@2026-03-11T10:00:00Z",
    }


def test_refer_reads_digits_typed_as_the_join_link() -> None:
    assert reference(join_url="234 567 890 123", organizer=ORGANIZER) == MeetingReference(
        external_id="234567890123@2026-03-04T10:00:00Z",
        series_id="234567890123",
        join_url="https://teams.microsoft.com/meet/234567890123",
        organizer=ORGANIZER,
    )


def test_refer_reads_digits_typed_as_the_id_and_keeps_them_as_they_are() -> None:
    found = reference(external_id="234 567 890 123")

    assert (found.external_id, found.series_id) == ("234 567 890 123", "234567890123")


def test_refer_leaves_digits_alone_where_a_join_link_is_given() -> None:
    found = reference(join_url=JOIN_URL, external_id="234567890123")

    assert (found.external_id, found.series_id, found.join_url) == ("234567890123", THREAD, JOIN_URL)


def test_refer_reads_a_short_link_which_names_no_organiser() -> None:
    found = reference(join_url=SHORT_URL)

    assert (found.series_id, found.join_url, found.organizer) == ("2345678901234", SHORT_URL, "")


def test_refer_makes_each_post_of_a_channel_a_series_of_its_own() -> None:
    assert reference(join_url=CHANNEL_URL).series_id == "19:Q2hhbm5lbA@thread.tacv2/1772618000000"


def test_refer_accepts_an_organiser_alone() -> None:
    assert reference(organizer="olga@example.org") == MeetingReference(
        external_id="organizer:olga@example.org@2026-03-04T10:00:00Z", organizer="olga@example.org"
    )


def test_refer_lowers_the_case_of_an_object_id() -> None:
    assert reference(organizer=ORGANIZER.upper()).organizer == ORGANIZER


@pytest.mark.parametrize(
    "organizer", ["Olga", "olga@", "@example.org", "olga@example", "a b@example.org", "../x@e.org", "22222222"]
)
def test_refer_refuses_an_organiser_who_is_none(organizer: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        reference(join_url=JOIN_URL, organizer=organizer)

    assert (str(raised.value), raised.value.field) == (NOT_AN_ORGANIZER, "organizer")


def test_refer_needs_something_to_go_by() -> None:
    with pytest.raises(InvalidInput) as raised:
        reference(external_id="lesson-5")

    assert (str(raised.value), raised.value.field) == (NOTHING, "join_url")


def test_refer_refuses_a_join_link_that_is_none() -> None:
    with pytest.raises(InvalidInput, match=r"^That is not a Teams join link\."):
        reference(join_url="https://zoom.us/j/123456789")


def test_provider_refers_through_its_config() -> None:
    window = Window(STARTS_AT.astimezone(UTC), STARTS_AT + timedelta(hours=1))

    found = provider("teams").refer(join_url=JOIN_URL, external_id="", organizer="", window=window)

    assert found == reference(join_url=JOIN_URL)
