"""How Microsoft says no: Graph's envelope, and the sign-in's."""

from collections.abc import Mapping

from conferences.providers.sandbox import Request, Response
from teams_integration.sandbox.naming import guid
from teams_integration.sandbox.world import Json

_DATE = "2026-01-01T00:00:00"

# By status, for faults and for what nobody answers.
CODES = {
    400: ("BadRequest", "Bad Request"),
    401: ("InvalidAuthenticationToken", "Access token is empty, malformed or expired."),
    403: ("Forbidden", "Forbidden"),
    404: ("NotFound", "NotFound"),
    409: ("Conflict", "Conflict"),
    410: ("Gone", "The page is gone."),
    429: ("TooManyRequests", "Please retry again later."),
    500: ("InternalServerError", "Internal server error"),
    502: ("BadGateway", "Bad gateway"),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "Gateway timeout"),
    509: ("BandwidthLimitExceeded", "Bandwidth limit exceeded"),
}


class Refusal(Exception):
    """Graph refuses. `inner` is the code inside `innerError`, where Graph gives one."""

    def __init__(
        self, status: int, code: str, message: str, *, inner: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.inner = inner
        self.headers = headers or {}


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Refusal:
    code, message = CODES.get(status, ("UnknownError", ""))
    return Refusal(status, code, message, inner=str(status) if status == 429 else "", headers=headers)


def bad_request(message: str, code: str = "BadRequest") -> Refusal:
    return Refusal(400, code, message)


def not_found(message: str = "NotFound", code: str = "NotFound") -> Refusal:
    return Refusal(404, code, message)


def request_headers(request: Request) -> dict[str, str]:
    """What every answer carries; the request's own id comes back."""
    headers = {"request-id": guid("request", request.target, request.header("client-request-id"))}
    if own := request.header("client-request-id"):
        headers["client-request-id"] = own
    return headers


def envelope(refusal: Refusal, request: Request) -> Response:
    ids = request_headers(request)
    inner: Json = {"date": _DATE, **ids}
    if refusal.inner:
        inner["code"] = refusal.inner
    error = {"code": refusal.code, "message": refusal.message, "innerError": inner}
    return Response.json({"error": error}, refusal.status, {**ids, **refusal.headers})
