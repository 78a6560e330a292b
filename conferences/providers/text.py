"""Text from outside, made storable: PostgreSQL takes no NUL, Python's encoder no lone surrogate."""

import unicodedata


def clean(value: str) -> str:
    """NFC, without NUL, lone surrogates as U+FFFD, without surrounding white space. Nothing else is touched."""
    paired = value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", paired).strip()
