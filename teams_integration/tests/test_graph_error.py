import json

import pytest

from conferences.providers.transport import Answer
from teams_integration.graph_error import read_error


def read(body: object, request_id: str = "") -> tuple[tuple[str, ...], str, str, str]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = read_error(Answer(403, {}, raw, "It", request_id))
    return error.codes, error.code, error.message, error.request_id


def test_read_error_takes_the_deepest_code() -> None:
    body = {"error": {"code": "Forbidden", "message": "No.", "innerError": {"code": "A", "innererror": {"code": "B"}}}}
    assert read(body) == (("Forbidden", "A", "B"), "B", "No.", "")


def test_read_error_prefers_words_to_numbers() -> None:
    """The inner code of a throttled answer only repeats the status."""
    body = {"error": {"code": "TooManyRequests", "innerError": {"code": "429"}, "message": "Please retry."}}
    assert read(body) == (("TooManyRequests", "429"), "TooManyRequests", "Please retry.", "")


def test_read_error_takes_the_request_id_of_the_header_first() -> None:
    body = {"error": {"code": "X", "innerError": {"request-id": "inner"}}}
    assert (read(body)[3], read(body, "header")[3]) == ("inner", "header")


def test_read_error_of_oauths_shape() -> None:
    assert read({"error": "invalid_request", "error_description": "why"})[:3] == (
        ("invalid_request",),
        "invalid_request",
        "why",
    )


def test_read_error_redacts_what_is_echoed() -> None:
    assert read({"error": {"code": "X", "message": "Bearer canary-token-1 refused"}})[2] == "Bearer ••• refused"


def test_read_error_bounds_what_it_keeps() -> None:
    codes, _, message, _ = read({"error": {"code": "x" * 1_000, "message": "y" * 10_000}})
    assert (len(codes[0]), len(message)) == (100, 500)


def test_read_error_ends_in_a_deep_nest() -> None:
    error: dict[str, object] = {"code": "deepest"}
    for _ in range(50):
        error = {"code": "outer", "innerError": error}
    assert read({"error": error})[0] == ("outer",) * 6


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Forbidden</html>",
        b'{"error":',
        [],
        None,
        7,
        {},
        {"error": None},
        {"error": []},
        {"error": {"code": 7}},
    ],
)
def test_read_error_of_anything_else_is_empty(body: object) -> None:
    assert read(body) == ((), "", "", "")
