"""What a join link says by itself."""

from urllib.parse import quote

import pytest

from conferences.providers.base import InvalidInput
from teams_integration import join_urls
from teams_integration.join_urls import MeetingKey
from teams_integration.tests.graph import CHANNEL_URL, JOIN_URL, ORGANIZER, SHORT_URL, TENANT, THREAD

KEY = MeetingKey(THREAD, "0", TENANT, ORGANIZER)
PLAIN = f'https://teams.microsoft.com/l/meetup-join/{THREAD}/0?context={{"Tid":"{TENANT}","Oid":"{ORGANIZER}"}}'


@pytest.mark.parametrize(
    "url",
    [
        JOIN_URL,
        PLAIN,
        JOIN_URL.replace("%3a", "%3A").replace("%7b", "%7B"),
        JOIN_URL.replace("%", "%25"),
        JOIN_URL.replace("%", "%2525"),
        JOIN_URL.replace(ORGANIZER, ORGANIZER.upper()).replace(TENANT, TENANT.upper()),
        f"{JOIN_URL}&anon=true&deeplinkId=1",
        f"  <{JOIN_URL}>\n",
        JOIN_URL.replace("https://teams.microsoft.com", "https://teams.cloud.microsoft"),
        JOIN_URL.replace("https://teams.microsoft.com", "HTTPS://Teams.Microsoft.com:443"),
        "https://teams.microsoft.com/dl/launcher/launcher.html?type=meetup&url="
        + quote(f"/_#{JOIN_URL.partition('.com')[2]}", safe=""),
        f"https://eur01.safelinks.protection.outlook.com/?url={quote(JOIN_URL, safe='')}&data=05%7C01",
    ],
)
def test_parse_reads_the_same_meeting_from_every_spelling(url: str) -> None:
    assert join_urls.parse(url).key == KEY


def test_parse_keeps_the_link_as_it_was_given() -> None:
    assert join_urls.parse(f" {JOIN_URL} ").url == JOIN_URL


def test_parse_unwraps_a_safe_link() -> None:
    wrapped = f"https://eur01.safelinks.protection.outlook.com/?url={quote(JOIN_URL, safe='')}&data=1"

    assert join_urls.parse(wrapped).url == JOIN_URL


def test_parse_reads_the_digits_of_a_short_link() -> None:
    link = join_urls.parse(SHORT_URL)

    assert (link.key, link.digits, link.series_id) == (None, "2345678901234", "2345678901234")


def test_parse_reads_a_link_without_its_context() -> None:
    assert join_urls.parse(JOIN_URL.partition("?")[0]).key == MeetingKey(THREAD, "0")


def test_parse_tells_the_meetings_of_a_channel_apart_by_their_message() -> None:
    link = join_urls.parse(CHANNEL_URL)

    assert link.is_channel
    assert link.series_id == "19:Q2hhbm5lbA@thread.tacv2/1772618000000"
    assert not link.same_meeting(join_urls.parse(CHANNEL_URL.replace("1772618000000", "1772618000001")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "https://zoom.us/j/123456789",
        "https://teams.microsoft.com/",
        "https://teams.microsoft.com/l/channel/19%3aabc%40thread.tacv2/General",
        "https://teams.microsoft.com/meet/abc",
        "https://teams.microsoft.com.evil.example/meet/2345678901234",
        "https://evil.example/l/meetup-join/19%3ameeting_x%40thread.v2/0",
        "https://teams.microsoft.com@evil.example/meet/2345678901234",
        "https://user@teams.microsoft.com/meet/2345678901234",
        JOIN_URL.replace("https", "http"),
        "javascript:alert(1)//teams.microsoft.com/meet/2345678901234",
        "https://[teams.microsoft.com/meet/2345678901234",
    ],
)
def test_parse_refuses_what_is_no_join_link_with_one_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        join_urls.parse(text)

    assert (str(raised.value), raised.value.field) == (join_urls.NO_LINK, "join_url")


@pytest.mark.parametrize(
    "url", ["https://teams.live.com/meet/9312345678901?p=x", "https://www.teams.live.com/l/meetup-join/x"]
)
def test_parse_says_that_personal_meetings_cannot_be_synced(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"personal version of Teams"):
        join_urls.parse(url)


def test_parse_or_none_makes_nothing_of_a_foreign_link() -> None:
    assert join_urls.parse_or_none("https://zoom.us/j/1") is None


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (KEY, True),
        (MeetingKey(THREAD), True),
        (MeetingKey(THREAD, "0", TENANT), True),
        (MeetingKey(THREAD, "1", TENANT, ORGANIZER), False),
        (MeetingKey(THREAD.lower(), "0", TENANT, ORGANIZER), False),
        (MeetingKey(THREAD, "0", ORGANIZER, ORGANIZER), False),
        (MeetingKey(THREAD, "0", TENANT, TENANT), False),
    ],
)
def test_same_meeting_compares_what_both_links_name(other: MeetingKey, same: bool) -> None:
    assert KEY.same_meeting(other) is same
    assert other.same_meeting(KEY) is same


def test_same_meeting_of_short_links_compares_digits() -> None:
    link = join_urls.parse(SHORT_URL)

    assert link.same_meeting(join_urls.parse("https://teams.microsoft.com/meet/2345678901234"))
    assert not link.same_meeting(join_urls.parse("https://teams.microsoft.com/meet/2345678901235"))
    assert not link.same_meeting(join_urls.parse(JOIN_URL))


def test_canonical_url_is_spelled_as_graph_stores_it() -> None:
    assert join_urls.parse(PLAIN).canonical_url == JOIN_URL
    assert join_urls.parse(SHORT_URL).canonical_url == SHORT_URL


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("2345678901234", "2345678901234"),
        ("234 567 890 123 4", "2345678901234"),
        (" 234-567-890\u00a0123 ", "234567890123"),
        ("12345678", ""),
        ("12345678901234567", ""),
        ("٢٣٤٥٦٧٨٩٠١٢", ""),
        ("lesson 234567890", ""),
        ("", ""),
    ],
)
def test_as_digits_reads_a_meeting_id_as_people_type_it(text: str, digits: str) -> None:
    assert join_urls.as_digits(text) == digits
