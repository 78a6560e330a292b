"""Reports that Zoom has refused to a token for want of a scope, a right or a plan: with that token it will again.

A refused call costs as much of the day's budget as any other, and an account has hundreds of occurrences.
"""

import hashlib

from conferences.providers.errors import Blocked

# Not those of single hosts.
_CODES = frozenset({"missing_scope", "not_permitted", "licence_missing"})
# Zoom's codes; a plain 403 may be about one occurrence only.
_ZOOMS = frozenset({"200", "4711", "4700", "104"})
_REPORTS = frozenset(
    f"{kind}_{report}"
    for kind in ("webinar", "meeting")
    for report in ("report", "report_participants", "questions", "polls", "survey")
)
_MANY = 1_000

_refusals: dict[tuple[str, str], Blocked] = {}


def note(token: str, topic: str, error: Blocked) -> None:
    if topic not in _REPORTS or error.code not in _CODES or error.provider_code not in _ZOOMS:
        return
    if len(_refusals) > _MANY:
        _refusals.clear()
    _refusals[_digest(token), topic] = error


def insist_open(token: str, topic: str) -> None:
    """Raises the refusal that the same question has met with."""
    if topic in _REPORTS and (error := _refusals.get((_digest(token), topic))):
        raise error.with_traceback(None)


def forget() -> None:
    _refusals.clear()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
