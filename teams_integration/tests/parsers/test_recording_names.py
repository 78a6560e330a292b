"""Whether a file is named after a meeting, and when two addresses are the same file."""

import pytest

from teams_integration.parsers.recording_names import is_named_after, is_shareable, url_key


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Seminar-20260304_110000-Meeting Recording.mp4", "Seminar"),
        ("Seminar-20260304_110000UTC-Meeting Recording.mp4", "seminar "),
        ("Ética_ grupo B-20260304_110000-Grabación de la reunión.mp4", "Ética: grupo B"),
        ("A_B_C-20260304_110000.mp4", 'A/B"C'),
        ("Weekly seminar on data et-20260304_110000-Meeting Recording.mp4", "Weekly seminar on data ethics and law"),
        ("Recording of Seminar.mp4", "Seminar"),
        ("סמינר-20260304_110000-Meeting Recording.mp4", "סמינר"),
    ],
)
def test_name_carries_the_title(name: str, title: str) -> None:
    assert is_named_after(name, ("Other", title))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Seminar 10-20260304_110000-Meeting Recording.mp4", "Seminar 1"),
        ("Seminar 2-20260304_110000-Meeting Recording.mp4", "Seminar"),
        ("Mathematics.mp4", "Math"),
        ("Staff meeting-20260304_110000-Meeting Recording.mp4", "Meeting Recording"),
        ("Sem-20260304_110000-Meeting Recording.mp4", "Seminar"),
        ("Seminar.mp4", ""),
        ("-20260304_110000-Meeting Recording.mp4", "?!"),
    ],
)
def test_name_does_not_carry_the_title(name: str, title: str) -> None:
    assert not is_named_after(name, (title,))


@pytest.mark.parametrize(
    "url",
    [
        "https://Example.sharepoint.com/personal/Ann/My%20Files/A.mp4",
        "https://example.sharepoint.com/personal/ann/my files/a.mp4?web=1",
        "https://example.sharepoint.com/personal/ann/My%20Files/A.mp4#t=1",
    ],
)
def test_url_key_is_the_same_for_every_spelling(url: str) -> None:
    assert url_key(url) == "url:example.sharepoint.com/personal/ann/my files/a.mp4"


def test_url_key_of_a_long_address_is_short_and_its_own() -> None:
    one, other = (url_key(f"https://example.sharepoint.com/{'x' * 3000}{number}") for number in range(2))

    assert (len(one), one == other) == (68, False)


@pytest.mark.parametrize(
    ("url", "shareable"),
    [
        ("https://example.sharepoint.com/a.mp4", True),
        ("https://example.sharepoint.com/a.mp4?tempauth=eyJ", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_web_addresses_without_a_token_are_shareable(url: str, shareable: bool) -> None:
    assert is_shareable(url) is shareable
