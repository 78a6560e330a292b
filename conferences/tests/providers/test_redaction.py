"""S12: no secret in a log line, an argument, a traceback or a message. Every canary is searched for by name."""

import io
import logging

import pytest

from conferences.providers.redaction import (
    MASK,
    RedactingFilter,
    for_logs,
    guarding,
    redact,
    traceback_for_logs,
)

CANARY = "c4n4ry~Secret.Value_8Q"
JWT = "eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJjYW5hcnkiXX0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization: bearer {CANARY}",
        f"'Authorization': 'Bearer {CANARY}'",
        f"Authorization: Basic {CANARY}",
        f"client_secret={CANARY}&scope=x",
        f"client_id=1&client_secret={CANARY}",
        f'{{"access_token": "{CANARY}", "expires_in": 3599}}',
        f"{{'refresh_token': '{CANARY}'}}",
        f"password={CANARY}",
        f"password: {CANARY}",
        f"https://tenant.sharepoint.com/download?tempauth={CANARY}&x=1",
        f"postgres://lms:{CANARY}@db.example.org/lms",
        f"Set-Cookie: {CANARY}",
        f"code_verifier={CANARY}",
        f"client_assertion={CANARY}",
        f"SECRET = {CANARY}",
    ],
)
def test_redact_hides_what_looks_like_a_secret(text: str) -> None:
    redacted = redact(text)
    assert CANARY not in redacted
    assert MASK in redacted


@pytest.mark.parametrize("text", [JWT, f"token {JWT} refused", f'"{JWT}"', JWT.rsplit(".", 1)[0]])
def test_redact_hides_json_web_tokens(text: str) -> None:
    assert "eyJ" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft Teams asks us to slow down: waiting 12 s",
        "The connection's client secret has expired. An admin must create a new one.",
        "GET /v1.0/users/48d31887/onlineMeetings → 403 in 35 ms 599d9cb0-56ac-4dc5-b6f8-1456a1414609",
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%7d",
        "postgres://lms@db.example.org/lms",
    ],
)
def test_redact_leaves_other_text_alone(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("spelling", ["p&ss w/rd+~x", "p%26ss%20w%2Frd%2B~x", "p%26ss+w%2Frd%2B~x"])
def test_redact_hides_a_given_secret_in_each_spelling(spelling: str) -> None:
    assert redact(f"it was {spelling}, they said", ("p&ss w/rd+~x",)) == f"it was {MASK}, they said"


def test_redact_does_not_blot_out_words_for_a_short_secret() -> None:
    assert redact("a banana", ("a", "")) == "a banana"


@pytest.fixture
def logged() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(logged: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(logged)
    handler.addFilter(RedactingFilter())
    logger = logging.Logger("canary")
    logger.addHandler(handler)
    return logger


def test_filter_redacts_message_and_arguments(logger: logging.Logger, logged: io.StringIO) -> None:
    logger.warning("sent %s", {"client_secret": CANARY})
    assert CANARY not in logged.getvalue()
    assert logged.getvalue().startswith("sent {'client_secret': ")


def test_filter_redacts_tracebacks(logger: logging.Logger, logged: io.StringIO) -> None:
    try:
        raise ValueError(f"access_token={CANARY}")
    except ValueError:
        logger.exception("it broke")
    assert CANARY not in logged.getvalue()
    assert "ValueError" in logged.getvalue()


def test_filter_redacts_the_stack(logger: logging.Logger, logged: io.StringIO) -> None:
    record = logger.makeRecord("canary", logging.INFO, "x.py", 1, "here", (), None, sinfo=f"Bearer {CANARY}")
    logger.handle(record)
    assert CANARY not in logged.getvalue()
    assert "Bearer" in logged.getvalue()


def test_guarded_secrets_are_masked_as_long_as_anybody_guards_them() -> None:
    with guarding("open sesame"):
        with guarding("open sesame"):
            assert redact("say open sesame") == "say •••"
        assert redact("say open sesame or open%20sesame") == "say ••• or •••"
    assert redact("say open sesame") == "say open sesame"


@pytest.mark.parametrize(
    "text",
    [
        "Host oskar.brandt@example.org was left out",
        "GET /v2/users/oskar.brandt%40example.org/webinars",
        "oskar.brandt+zoom@mail.example.co.uk",
    ],
)
def test_logs_name_nobodys_address(text: str) -> None:
    assert "oskar" not in for_logs(text)
    assert MASK in for_logs(text)


@pytest.mark.parametrize(
    "text", ["celery@worker-1.example.org ready.", "19:meeting_NmY@thread.v2", "a @ b", "2 @ 3.50"]
)
def test_logs_keep_what_is_no_address(text: str) -> None:
    assert for_logs(text) == text


def failure(text: str, cause: str = "") -> BaseException:
    """One that was really raised, because of another one."""
    try:
        try:
            raise KeyError(cause)
        except KeyError:
            raise ValueError(text)  # noqa: B904
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    "text",
    [
        "time data 'Ann said hello' does not match",
        'invalid input syntax for type integer: "Ann"',
        "null value in column\nDETAIL:  Failing row contains (12, Ann, hello).\n",
        "it broke at character 7\nLINE 1: SELECT Ann",
        "two 'Ann'\nlines \"Ann\"",
    ],
)
def test_traceback_quotes_nobody(text: str) -> None:
    told = traceback_for_logs(failure(text, "Ann"))
    assert "Ann" not in told
    assert told.splitlines()[-1].startswith("ValueError: ") or "ValueError: " in told


def test_traceback_tells_causes_and_places_first_to_last() -> None:
    told = traceback_for_logs(failure("too late", "start"))
    assert told.index("KeyError") < told.index("ValueError: too late")
    assert told.count(f'File "{__file__}"') == 2


def test_message_whose_arguments_do_not_fit_harms_nobody(logger: logging.Logger, logged: io.StringIO) -> None:
    logger.warning("%d people", "many")
    assert logged.getvalue() == "%d people\n"
