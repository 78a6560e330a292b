"""How Zoom says no: a code of its own, which is not the HTTP status, and a message."""

from collections.abc import Mapping

from conferences.providers.sandbox import Response
from zoom_integration.sandbox.world import Json

# By status, for faults.
CODES = {
    400: (300, "Request parameters are invalid."),
    401: (124, "Access token is expired."),
    403: (2306, "Not allowed to view meetings scheduled for others."),
    404: (3001, "Meeting does not exist."),
    429: (429, "You have reached the maximum per-second rate limit for this API. Try again later."),
    500: (500, "Internal server error."),
    503: (503, "Service is temporarily unavailable."),
}


class Refusal(Exception):
    """Zoom refuses."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        field: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = headers or {}


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Refusal:
    code, message = CODES.get(status, (status, "The request could not be completed."))
    return Refusal(status, code, message, headers=headers)


def invalid(message: str, field: str = "") -> Refusal:
    return Refusal(400, 300, message, field=field)


def missing(message: str) -> Refusal:
    return Refusal(404, 3001, message)


def unrecognised() -> Refusal:
    return Refusal(404, 2300, "This API endpoint is not recognized.")


def stale_page() -> Refusal:
    return invalid("The next page token is invalid or expired.")


def envelope(refusal: Refusal) -> Response:
    body: Json = {"code": refusal.code, "message": refusal.message}
    if refusal.field:
        body["errors"] = [{"field": refusal.field, "message": refusal.message}]
    return Response.json(body, refusal.status, refusal.headers)
