"""Is this a line of text that fits its column?"""

import re
import unicodedata

from django.db import models

from conferences.providers.base import InvalidInput
from conferences.providers.text import clean

GROUPED_DIGITS = re.compile(r"[\d -]*\d[\d -]*", re.ASCII)


def line(model: type[models.Model], field: str, typed: str, label: str, *, required: bool = False) -> str:
    """The typed text without NUL and surrounding white space, checked against the column it is meant for."""
    text = " ".join(clean(typed).split())
    longest = getattr(model._meta.get_field(field), "max_length", None)
    if required and not text:
        raise InvalidInput(f"{label} is missing.", field)
    if longest is not None and len(text) > longest:
        raise InvalidInput(f"{label} has {len(text)} characters; at most {longest} fit.", field)
    return text


def word(model: type[models.Model], field: str, typed: str, label: str) -> str:
    """Like `line`, for what never contains white space: an address, an id."""
    text = line(model, field, typed, label)
    if " " in text:
        raise InvalidInput(f"{label} contains a space. It may have been copied incompletely or twice.", field)
    return text


def identifier(model: type[models.Model], field: str, typed: str, label: str) -> str:
    """Like `word`, for an id; one made of digits may be typed in groups, as it is printed in invitations."""
    text = line(model, field, typed, label)
    return text.replace(" ", "") if GROUPED_DIGITS.fullmatch(text) else word(model, field, typed, label)


def hidden_character(text: str) -> str:
    """Names the first character that a reader would not see, "" when there is none."""
    for character in text:
        if character in "\r\n\u2028\u2029":
            return "a line break"
        if character.isspace():
            return "a space"
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
            return "an invisible character"
    return ""
