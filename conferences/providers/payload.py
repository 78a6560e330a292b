"""Reads an answer without trusting it: bounded in time and size, and strict about JSON."""

import json
import math
from typing import Any

from conferences.providers.errors import Malformed, ServerTrouble


class NotJson(ValueError):
    """The body is no JSON document that means anything."""


def _refuse(constant: str) -> None:
    raise NotJson(f"{constant} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotJson("a number is out of range")
    return number


def parse(body: bytes) -> Any:
    """Any JSON value; UTF-8, UTF-16 and UTF-32 as the standard says. Raises NotJson."""
    if not body.strip():
        raise NotJson("the body is empty")
    try:
        return json.loads(body, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotJson(type(error).__name__) from None


def parse_object(body: bytes, who: str, *, status: int | None = None, request_id: str = "") -> dict[str, Any]:
    """The JSON object that an API owes us.

    Raises ServerTrouble for what is no JSON (a gateway's page, an empty or cut-off body: asking again may help)
    and Malformed for JSON that is no object.
    """
    try:
        value = parse(body)
    except NotJson as error:
        detail = f"{len(body)} bytes, {error}"
        raise no_answer(who, detail, status=status, request_id=request_id) from None
    if not isinstance(value, dict):
        raise malformed(who, f"a JSON {type(value).__name__} where an object is due", request_id=request_id)
    return value


def no_answer(who: str, detail: str, *, status: int | None = None, request_id: str = "") -> ServerTrouble:
    return ServerTrouble(
        f"{who} sent something that is not an answer of its service. This is usually a passing fault on their side: "
        "try again in a few minutes.",
        code="not_json",
        detail=detail,
        status=status,
        request_id=request_id,
    )


def malformed(who: str, detail: str, *, code: str = "", request_id: str = "") -> Malformed:
    return Malformed(
        f"{who} sent an answer in a shape that we do not understand. What was read before it is kept.",
        code=code,
        advice="If it happens again, the provider has changed its answers: report it with the technical detail.",
        detail=detail,
        request_id=request_id,
    )
