"""Where a command's words go: rich tables and lines over Django's own streams."""

import re
from typing import IO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console

# What could move a terminal's cursor or colour its text; line breaks and tabs are harmless.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
WIDTH_WITHOUT_TERMINAL = 120


class _Plain:
    """What rich writes to: the wrapper without the line ends and colours that it would add."""

    def __init__(self, wrapper: OutputWrapper) -> None:
        self._wrapper = wrapper

    def write(self, text: str) -> int:
        self._wrapper.write(text, style_func=str, ending="")
        return len(text)

    def flush(self) -> None:
        self._wrapper.flush()

    def isatty(self) -> bool:
        return self._wrapper.isatty()


def console(wrapper: OutputWrapper) -> Console:
    width = None if wrapper.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(file=cast(IO[str], _Plain(wrapper)), markup=False, highlight=False, emoji=False, width=width)


def printable(text: object) -> str:
    """Text that came from outside, without what a terminal would obey."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text))
