from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.errors import Rejected
from teams_integration.addresses import instant, literal, meeting_path, path_literal, segment, share_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(TEXT)
def test_segment_is_one_segment_that_survives_the_way(value: str) -> None:
    """Through requests, which rewrites addresses, the server still reads what was meant."""
    if not value.strip(". "):
        with pytest.raises(Rejected):
            segment(value)
        return
    sent = requests.Request("GET", f"https://graph.microsoft.com/v1.0/users/{segment(value)}/x").prepare().url
    assert sent is not None
    path = sent.removeprefix("https://graph.microsoft.com/v1.0/users/").removesuffix("/x")
    assert "/" not in path
    assert unquote(path) == value


@pytest.mark.parametrize("value", ["", ".", "..", "...", " ", ". ."])
def test_segment_refuses_what_would_change_the_path(value: str) -> None:
    with pytest.raises(Rejected):
        segment(value)


def test_meeting_path_encodes_both_ids() -> None:
    assert meeting_path("a/b", "M=*0**19:x@y") == "/users/a%2Fb/onlineMeetings/M%3D%2A0%2A%2A19%3Ax%40y"


@pytest.mark.parametrize(
    ("text", "expected"), [("", "''"), ("a", "'a'"), ("O'Neil's", "'O''Neil''s'"), ("%3a", "'%3a'")]
)
def test_literal_doubles_quotes_and_touches_nothing_else(text: str, expected: str) -> None:
    assert literal(text) == expected


def test_path_literal_is_encoded_too() -> None:
    assert path_literal("Ann's 50% / #1") == "'Ann''s%2050%25%20%2F%20%231'"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 11, 26, tzinfo=UTC), "2025-11-26T00:00:00.000Z"),
        (datetime(2025, 11, 26, 0, 0, 0, 999_999, tzinfo=UTC), "2025-11-26T00:00:00.999Z"),
        (datetime(2025, 11, 26, 5, 45, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2025-11-26T00:00:00.000Z"),
    ],
)
def test_instant_is_utc_with_milliseconds(moment: datetime, expected: str) -> None:
    assert instant(moment) == expected


def test_share_id_is_as_microsoft_shows_it() -> None:
    """The example of https://learn.microsoft.com/en-us/graph/api/shares-get#encoding-sharing-urls."""
    url = "https://onedrive.live.com/redir?resid=1231244193912!12&authKey=1201919!12921!1"
    assert share_id(url) == (
        "u!aHR0cHM6Ly9vbmVkcml2ZS5saXZlLmNvbS9yZWRpcj9yZXNpZD0xMjMxMjQ0MTkzOTEyITEyJmF1dGhLZXk9MTIwMTkxOSExMjkyMSEx"
    )
