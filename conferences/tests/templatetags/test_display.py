from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from conferences.models import ChatMessage, Conference
from conferences.templatetags import display


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "–"), (0, "0.00"), (278.4, "4.64"), (408.6, "6.81"), (5400, "90.00")]
)
def test_minutes(seconds: float | None, shown: str) -> None:
    assert display.minutes(seconds) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00:00"), (-3, "0:00:00"), (59.9, "0:00:59"), (3725, "1:02:05")])
def test_clock_length(seconds: float, shown: str) -> None:
    assert display.clock_length(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, ""), (0.2, "1 s"), (59, "59 s"), (90, "2 min"), (3599, "1 h 0 min"), (5400, "1 h 30 min")],
)
def test_duration(seconds: float | None, shown: str) -> None:
    assert display.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, ""), (0.04, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (61, "1 min")]
)
def test_exact_duration(seconds: float | None, shown: str) -> None:
    assert display.exact_duration(seconds) == shown


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c#d", "https://example.org:8443/", "https://bücher.example/x"],
)
def test_safe_address_stays(address: str) -> None:
    assert display.safe_url(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "https:evil.example",
        "https:///evil.example",
        "https://user:word@evil.example/",
        "https://evil.example\\@good.example/",
        "https://evil.example/\nx",
        "http://example.org/",
        "ftp://example.org/",
        "https://[::1",
    ],
)
def test_unsafe_address_becomes_no_link(address: str) -> None:
    assert display.safe_url(address) == ""


def test_chat_html_is_sanitised_again_on_its_way_out() -> None:
    message = ChatMessage(html='<p onclick="x()">Hi <script>alert(1)</script><b>you</b></p>')
    assert display.chat_html(message) == "<p>Hi <b>you</b></p>"


def test_chat_text_is_escaped() -> None:
    assert display.chat_html(ChatMessage(text="a <b>\nc")) == "<p>a &lt;b&gt;<br>c</p>"


def test_advice_in_sentences_and_commands() -> None:
    advice = "First run:\nConnect-MicrosoftTeams\n\n    New-CsPolicy -Global\nSign-in is needed.\nThen wait."
    assert display.advice_blocks(advice) == [
        ("text", "First run:"),
        ("commands", "Connect-MicrosoftTeams\nNew-CsPolicy -Global"),
        ("text", "Sign-in is needed."),
        ("text", "Then wait."),
    ]


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=40), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=9), "9 days ago"),
    ],
)
def test_ago(passed: timedelta, shown: str) -> None:
    assert display.ago(timezone.now() - passed) == shown


def test_ago_of_nothing() -> None:
    assert display.ago(None) == ""


def conference(zone: str, hours: float = 1.5) -> Conference:
    start = datetime(2026, 7, 1, 12, tzinfo=UTC)
    return Conference(starts_at=start, ends_at=start + timedelta(hours=hours), time_zone=zone)


@pytest.mark.parametrize(
    ("zone", "hours", "shown"),
    [
        ("Europe/Zurich", 1.5, "Wed 1 Jul 2026, 14:00–15:30 CEST"),
        ("America/New_York", 1.5, "Wed 1 Jul 2026, 08:00–09:30 EDT"),
        ("Asia/Tokyo", 5, "Wed 1 Jul 2026, 21:00–Thu 2 Jul 02:00 JST"),
        ("", 1, "Wed 1 Jul 2026, 12:00–13:00 UTC"),
    ],
)
def test_class_time(zone: str, hours: float, shown: str) -> None:
    text = Template("{% load display %}{{ it|class_time|striptags }}").render(Context({"it": conference(zone, hours)}))
    assert text == shown


@pytest.mark.parametrize(
    ("zone", "shown"), [("Europe/Zurich", "CEST, Europe/Zurich"), ("", "UTC"), ("Asia/Dubai", "+04, Asia/Dubai")]
)
def test_zone_is_named(zone: str, shown: str) -> None:
    assert display.class_zone_name(conference(zone)) == shown


@pytest.mark.parametrize(
    ("user", "shown"),
    [(User(username="ann", first_name="Ann", last_name="Able"), "Ann Able"), (User(username="ann"), "ann"), (None, "")],
)
def test_person_name(user: User | None, shown: str) -> None:
    assert display.person_name(user) == shown


def test_query_values_are_replaced_and_emptied() -> None:
    context = {"request": RequestFactory().get("/", {"tab": "chat", "page": "2", "q": "a&b"})}
    assert display.with_query(context, page=3, q="") == "?tab=chat&page=3"


@pytest.mark.parametrize(("source", "label"), [("call_records", "call records"), ("door_report", "door report")])
def test_source_label(source: str, label: str) -> None:
    assert display.source_label(source) == label


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-02T09:05:00+00:00", datetime(2026, 3, 2, 9, 5, tzinfo=UTC)),
        ("2026-13-02T09:05:00+00:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_moment_that_is_stored_as_text(text: str | None, found: datetime | None) -> None:
    assert display.moment(text) == found
