"""Zoom's errors are read whatever form the code has, and found where the status hides them."""

import json

import pytest

from conferences.providers.transport import Answer
from zoom_integration.tests.account import SECRET
from zoom_integration.zoom_error import hides_error, read_error


def answer(body: object, status: int = 400) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {}, raw, "Zoom", "r-1")


@pytest.mark.parametrize("code", [3001, "3001"])
def test_codes_are_compared_as_text(code: int | str) -> None:
    error = read_error(answer({"code": code, "message": " Webinar does not exist. "}, 404))
    assert (error.code, error.message, error.status) == ("3001", "Webinar does not exist.", 404)
    assert error.detail == "HTTP 404 3001: Webinar does not exist."


def test_fields_that_are_wrong_are_told() -> None:
    body = {"code": 300, "message": "Validation Failed.", "errors": [{"field": "from", "message": "Too old."}, "odd"]}
    assert read_error(answer(body)).message == "Validation Failed. / from: Too old."


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"errorCode": 200, "errorMessage": "No permission."}, "200", "No permission."),
        ({"error": "invalid_client", "reason": "Bad."}, "invalid_client", "Bad."),
        ({"code": True, "message": None}, "", ""),
        ({"code": {"a": 1}, "message": ["x"]}, "", ""),
        ([], "", ""),
        (b"<html>", "", ""),
        (b"", "", ""),
        (b"{" + b" " * 20_000 + b"}", "", ""),
    ],
)
def test_other_forms_are_read_or_left(body: object, code: str, message: str) -> None:
    error = read_error(answer(body))
    assert (error.code, error.message) == (code, message)


def test_secrets_in_an_error_are_not_kept() -> None:
    error = read_error(answer({"code": 1, "message": f"Refused: client_secret={SECRET}, Bearer {SECRET}"}))
    assert SECRET not in error.detail


def test_long_messages_are_cut() -> None:
    assert len(read_error(answer({"code": 1, "message": "x" * 900})).message) == 500


@pytest.mark.parametrize(
    "body",
    [
        {"code": 200, "message": "Webinar plan is missing."},
        {"message": "Webinar subscription is missing."},
        {"code": "3001", "message": "Meeting does not exist.", "errors": []},
        {"code": 200, "message": "No permission.", "participants": [], "total_records": 0},
    ],
)
def test_a_good_status_may_hide_an_error(body: object) -> None:
    assert hides_error(answer(body, 200))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"participants": []}, 200),
        ({"message": "A chat line", "participants": [{"id": "1"}], "code": 5}, 200),
        ({"message": "Welcome", "id": 5}, 200),
        ({"code": 5}, 200),
        ({"code": 0, "message": " ", "participants": []}, 200),
        ({}, 200),
        ([], 200),
        (b"not json", 200),
        ({"code": 200, "message": "No permission."}, 400),
        ({"code": 200, "message": "No permission."}, 302),
        ({"code": 200, "message": "x" * 20_001}, 200),
    ],
)
def test_data_and_open_refusals_hide_nothing(body: object, status: int) -> None:
    assert not hides_error(answer(body, status))
