"""Keeps secrets out of logs, rows and messages."""

import logging
import re
import threading
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


class RedactingFilter(logging.Filter):
    """Redacts the finished line, arguments and traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
