"""Promise: what is kept of an error names nobody and opens nothing."""

import pytest

from conferences.providers.anonymity import anonymous, anonymous_quote, bare_path
from conferences.providers.redaction import guarding

GUID = "48d31887-5fad-4d73-a9f5-3c356e68a038"


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("/users/me", "/users/•••"),
        ("/users", "/users"),
        ("/users/ann@example.org/onlineMeetings", "/users/•••/onlineMeetings"),
        ("/users/ann/meetings", "/users/•••/meetings"),
        (f"/users/{GUID}/drive/root:/Classes/With%20Ann.mp4:/children", "/users/•••/drive/root:/•••"),
        ("/chats/19%3ameeting_MjdhNjM4YzU%40thread.v2/messages", "/chats/•••/messages"),
        ("/communications/callRecords/participants_v2", "/communications/callRecords/participants_v2"),
        (
            f"https://graph.example.org/v1.0/users/{GUID}/onlineMeetings/getAllRecordings(meetingOrganizerUserId='x')?$skiptoken=s",
            "/v1.0/users/•••/onlineMeetings/getAllRecordings(•••)",
        ),
        (
            "/report/meetings/4444AAAiAAAAAiAiAiiAii%253D%253D/participants?page_size=300",
            "/report/meetings/•••/participants",
        ),
        ("/past_webinars/95204914252/instances", "/past_webinars/•••/instances"),
        ("/shares/u!aHR0cHM6Ly9/driveItem", "/shares/•••/driveItem"),
        ("", ""),
    ],
)
def test_bare_path_keeps_the_words_of_the_api_only(address: str, bare: str) -> None:
    assert bare_path(address) == bare


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("User ann.lee@example.org is unknown.", "User ••• is unknown."),
        ("no user ann.lee%40example.org", "no user •••"),
        (f"app {GUID} lacks it", "app ••• lacks it"),
        ("Meeting 95204914252 has no report.", "Meeting ••• has no report."),
        ("Dialled in as +49 30 1234567.", "Dialled in as •••."),
        (
            "Max retries exceeded with url: /v2/users/ann?next=abc (refused)",
            "Max retries exceeded with url: /v2/users/••• (refused)",
        ),
        ("see https://api.example.org/v2/users/ann?token=x", "see https://api.example.org/v2/users/•••"),
        ("read and/or write, 503 at 09:00 UTC", "read and/or write, 503 at 09:00 UTC"),
        ("The organiser's “Calendar” is closed.", "The organiser's “Calendar” is closed."),
        ("Bearer abcdefghijklmnop", "Bearer •••"),
    ],
)
def test_sentence_of_ours_loses_whom_it_is_about(text: str, kept: str) -> None:
    assert anonymous(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('invalid input: "Ann Lee"', 'invalid input: "•••"'),
        ("expected a number but got 'Ann'.", "expected a number but got '•••'."),
        ("“See you at six” is no date", "“•••” is no date"),
        ("the app's scope 'meeting:read:admin' is missing", "the app's scope 'meeting:read:admin' is missing"),
        ('violates "one_row_per_error"', 'violates "one_row_per_error"'),
        ("needs 'Chat.Read.All'", "needs 'Chat.Read.All'"),
        ("page: int where str is due", "page: int where str is due"),
    ],
)
def test_words_of_somebody_else_lose_every_value_they_quote(text: str, kept: str) -> None:
    assert anonymous_quote(text) == kept


def test_secrets_in_use_are_masked_as_well() -> None:
    with guarding("canary-key"):
        assert anonymous("refused canary-key") == "refused •••"
