"""Keeps secrets out of logs, rows and messages."""

import logging
import re
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

MASK = "•••"
# Shorter ones would blot out ordinary words.
_SHORTEST_SECRET = 4

_PATTERNS = (
    # "Authorization: Bearer …" in any spelling, and JSON web tokens wherever they stand.
    re.compile(r"(?i)(?P<keep>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}"),
    re.compile(r"(?P<keep>)\beyJ[\w-]{5,}(?:\.[\w-]*){1,2}"),
    # key=value, "key": "value" and key: value of what must never be shown.
    re.compile(
        r"""(?ix)(?P<keep>["']?\b(?:client_secret|client_assertion|access_token|refresh_token|id_token|password|passwd|"""
        r"""code_verifier|tempauth|secret|authorization|set-cookie|sig)\b["']?\s*[=:]\s*["']?)[^\s"'&,;}]+"""
    ),
    # user:password@ of an address.
    re.compile(r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)"),
)

# As a line, or as part of an address; a worker's own name is none.
_ADDRESS = re.compile(r"(?!celery@)\b[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
# What Python and PostgreSQL say of values, the latter also in a line of its own.
_QUOTED = re.compile(r"""(?s)'.*'|".*"|\b(?:DETAIL|CONTEXT|LINE \d+):.*""")


_guarded: Counter[str] = Counter()
_guard = threading.Lock()


@contextmanager
def guarding(*secrets: str) -> Iterator[None]:
    """While these secrets are in use, no text of this process that is redacted shows them, whatever they look like."""
    with _guard:
        _guarded.update(secrets)
    try:
        yield
    finally:
        with _guard:
            _guarded.subtract(secrets)


def _in_use() -> tuple[str, ...]:
    with _guard:
        return tuple(+_guarded)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text with all that looks like a secret, every given and every guarded one, replaced by dots."""
    for secret in (*secrets, *_in_use()):
        if len(secret) >= _SHORTEST_SECRET:
            # As it is, and as a form or an address would carry it.
            for spelling in {secret, quote(secret, safe=""), quote_plus(secret)}:
                text = text.replace(spelling, MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: match["keep"] + MASK, text)
    return text


def for_logs(text: str) -> str:
    """Logs outlive what they tell of, and are read by many: there nobody's address stands either."""
    return _ADDRESS.sub(MASK, redact(text))


def traceback_for_logs(error: BaseException) -> str:
    """What led to it, the first cause first. Values that the errors quote may be anybody's, and are left out."""
    causes = [error]
    while cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        causes.insert(0, error := cause)
    return for_logs("\n".join(map(_told, causes)))


def _told(error: BaseException) -> str:
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{places}{type(error).__name__}: {_QUOTED.sub(MASK, str(error))}"


def _message(record: logging.LogRecord) -> str:
    """Whoever logs wrongly is heard all the same: handlers forgive that, but a filter that raises stops the work."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


class RedactingFilter(logging.Filter):
    """Redacts the finished line, arguments and traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = for_logs(_message(record)), ()
        if record.exc_info and record.exc_info[1]:
            record.exc_text = traceback_for_logs(record.exc_info[1])
        if record.stack_info:
            record.stack_info = for_logs(record.stack_info)
        return True
