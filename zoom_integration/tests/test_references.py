"""What a person may type."""

from typing import Any
from urllib.parse import quote

import pytest

from conferences.providers.base import InvalidInput, MeetingReference
from zoom_integration.references import refer
from zoom_integration.tests.zoom import NUMBER, UUID, at

START = at("10:00")
AT_START = f"{NUMBER}@2026-03-02T10:00:00Z"


def referred(**typed: Any) -> MeetingReference:
    return refer(**{"join_url": "", "external_id": "", "organizer": "", "starts_at": START, **typed})


@pytest.mark.parametrize(
    "url",
    [
        f"https://zoom.us/j/{NUMBER}",
        f"https://example.zoom.us/j/{NUMBER}?pwd=abc.1",
        f"https://us02web.zoom.us/w/{NUMBER}?tk=x",
        f"https://zoom.us/s/{NUMBER}",
        f"https://app.zoom.us/wc/{NUMBER}/join?pwd=1",
        f"https://zoom.us/wc/join/{NUMBER}",
        f"HTTPS://Zoom.us/j/{NUMBER}",
    ],
)
def test_join_link_names_the_series_and_the_start_the_occurrence(url: str) -> None:
    assert referred(join_url=f" {url} ") == MeetingReference(AT_START, NUMBER, url)


@pytest.mark.parametrize("digits", ["952 0491 4252", "952-0491-4252", "952\u00a00491\u00a04252", NUMBER])
def test_digits_do_in_either_field(digits: str) -> None:
    assert referred(external_id=digits) == MeetingReference(AT_START, NUMBER)
    assert referred(join_url=digits) == MeetingReference(AT_START, NUMBER, f"https://zoom.us/j/{NUMBER}")


def test_uuid_is_kept_to_the_letter_slashes_too() -> None:
    assert referred(external_id=UUID) == MeetingReference(UUID)
    assert referred(external_id=UUID, join_url=f"https://zoom.us/j/{NUMBER}").external_id == UUID


@pytest.mark.parametrize("times", [1, 2])
def test_uuid_from_an_address_is_the_same_uuid(times: int) -> None:
    encoded = UUID
    for _ in range(times):
        encoded = quote(encoded, safe="")

    assert referred(external_id=encoded) == MeetingReference(UUID)


def test_id_that_was_made_before_is_kept_and_names_its_series() -> None:
    made = f"{NUMBER}@2026-02-23T10:00:00Z"

    assert referred(external_id=made) == MeetingReference(made, NUMBER)


@pytest.mark.parametrize(("typed", "kept"), [("Vega@Example.org", "vega@example.org"), ("z8yCxQTTTSKIlYPfwK4aeA",) * 2])
def test_host_is_an_address_or_an_id(typed: str, kept: str) -> None:
    assert referred(external_id=UUID, organizer=typed).organizer == kept


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"join_url": f"http://zoom.us/j/{NUMBER}"}, "join_url"),
        ({"join_url": f"https://zoom.us.evil.example/j/{NUMBER}"}, "join_url"),
        ({"join_url": f"https://evilzoom.us/j/{NUMBER}"}, "join_url"),
        ({"join_url": f"https://user@zoom.us/j/{NUMBER}"}, "join_url"),
        ({"join_url": f"https://zoom.us:8443/j/{NUMBER}"}, "join_url"),
        ({"join_url": "https://zoom.us/j/12345"}, "join_url"),
        ({"join_url": "https://zoom.us/my/vega"}, "join_url"),
        ({"join_url": "https://zoom.us/webinar/register/WN_abc"}, "join_url"),
        ({"join_url": "https://[zoom.us/j/1"}, "join_url"),
        ({"external_id": "12345"}, "external_id"),
        ({"external_id": "not an id"}, "external_id"),
        ({"external_id": UUID, "organizer": "nobody"}, "organizer"),
        ({}, "join_url"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        referred(**typed)

    assert caught.value.field == field
