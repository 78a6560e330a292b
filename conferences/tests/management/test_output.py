from io import StringIO

import pytest
from django.core.management.base import OutputWrapper
from rich.table import Table

from conferences.management.output import console, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann\tLee\nBen", "Ann\tLee\nBen"),
        ("\x1b]0;owned\x07", "�]0;owned�"),
        ("over\rwritten", "over�written"),
        ("\x9b31m", "�31m"),
        (12, "12"),
    ],
)
def test_printable_keeps_what_a_terminal_would_obey_from_it(text: object, shown: str) -> None:
    assert printable(text) == shown


def test_console_adds_nothing_to_a_stream_that_is_no_terminal() -> None:
    stream = StringIO()
    out = console(OutputWrapper(stream))
    out.print("[bold]plain[/bold] :smile: 12", style="red", soft_wrap=True)
    assert stream.getvalue() == "[bold]plain[/bold] :smile: 12\n"


def test_console_breaks_no_long_line_that_somebody_may_search() -> None:
    stream = StringIO()
    console(OutputWrapper(stream)).print("word " * 100, soft_wrap=True)
    assert stream.getvalue().count("\n") == 1


def test_console_draws_tables_in_a_known_width_without_a_terminal() -> None:
    stream = StringIO()
    table = Table("Long", box=None)
    table.add_row("word " * 100)
    console(OutputWrapper(stream)).print(table)
    assert max(len(line) for line in stream.getvalue().splitlines()) == 120


def test_status_line_is_not_written_without_a_terminal() -> None:
    stream = StringIO()
    with console(OutputWrapper(stream)).status("Working"):
        pass
    assert stream.getvalue() == ""


def test_console_colours_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    console(OutputWrapper(stream)).print("gone", style="red")
    assert stream.getvalue() == "\x1b[31mgone\x1b[0m\n"
