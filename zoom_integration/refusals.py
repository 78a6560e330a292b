"""Tells Zoom's refusals apart: by its own code first, then by what the token lacks, then by the status."""

from http import HTTPStatus

from conferences.providers.errors import NotPermitted, ProviderError, Rejected
from conferences.providers.http import Call
from conferences.providers.payload import no_answer
from conferences.providers.transport import Answer
from zoom_integration import advice
from zoom_integration.refusal_table import TABLE
from zoom_integration.scopes import accepted, lacking, named_in
from zoom_integration.zoom_error import ZoomError, hides_error, read_error

_SCOPE_CODES = frozenset({"4711", "4700", "104"})
_NOT_THERE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def refuse(answer: Answer, call: Call, scopes: frozenset[str] | None) -> ProviderError | None:
    """The typed error of a 4xx answer, or of a good status with an error inside; None when there is nothing to add.

    `scopes` are the token's, None when it did not tell them.
    """
    hidden = hides_error(answer)
    if not hidden and not HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    error = read_error(answer)
    if error.code in _SCOPE_CODES and "scope" in error.text:
        return _missing_scope(error, call.topic, scopes)
    row = next((row for row in TABLE if row.fits(error, call.topic)), None)
    if row is not None:
        return _told(row.kind, row.code, row.message, row.advice, error)
    if error.status == HTTPStatus.FORBIDDEN:
        return _forbidden(error, call.topic, scopes)
    return _hidden(error) if hidden else None


def not_zooms(answer: Answer) -> ProviderError | None:
    """That something is not there only Zoom itself can say, and it does so with a code. A gateway's 404 proves none."""
    if answer.status not in _NOT_THERE or read_error(answer).code not in {"", str(answer.status)}:
        return None
    return no_answer(answer.who, "without a code of Zoom's", status=answer.status, request_id=answer.request_id)


def _missing_scope(error: ZoomError, topic: str, scopes: frozenset[str] | None) -> ProviderError:
    """Zoom lists every scope that would do: of those, the one that fits what we ask for."""
    named = named_in(error.message)
    wanted = lacking(topic, scopes) or next(iter(accepted(topic)), "")
    known = tuple(scope for scope in (wanted, *accepted(topic)) if scope in named)[:1]
    needed = known or named or tuple(filter(None, (wanted,)))
    what = f" a scope in Zoom: {', '.join(needed)}" if needed else " a scope in Zoom"
    return _told(
        NotPermitted,
        "missing_scope",
        f"This system lacks{what}. An admin must add it to the connection's app.",
        advice.scopes(needed) if needed else advice.APP,
        error,
    )


def _forbidden(error: ZoomError, topic: str, scopes: frozenset[str] | None) -> ProviderError:
    if lacking(topic, scopes):
        return _missing_scope(error, topic, scopes)
    return _told(
        NotPermitted,
        "not_permitted",
        "Zoom does not allow the connection's app to look at this. An admin of the Zoom account must allow it.",
        advice.ROLE,
        error,
    )


def _hidden(error: ZoomError) -> ProviderError:
    return _told(
        Rejected,
        "error_in_answer",
        "Zoom answered with an error where data should be. Nothing that was stored is lost: try again later.",
        "If it happens again, ask Zoom's support with the technical detail.",
        error,
    )


def _told(kind: type[ProviderError], code: str, message: str, text: str, error: ZoomError) -> ProviderError:
    return kind(
        message,
        code=code,
        advice=text,
        detail=error.detail,
        status=error.status,
        provider_code=error.code,
        request_id=error.request_id,
    )
