"""Who is on this roster? Reads a CSV file with the columns name, email and role, as spreadsheets write it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from conferences.models import Enrolment
from conferences.providers.base import InvalidInput
from conferences.providers.text import clean

COLUMNS = ("name", "email", "role")
ROLES = tuple(Enrolment.Role.values)
LARGEST_BYTES = 5_000_000
# Both become columns of a user: the address is the user name.
LONGEST_NAME = 150
LONGEST_EMAIL = 150


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roster. The e-mail address is in lower case."""

    name: str
    email: str
    role: str


def people(content: bytes) -> list[Person]:
    """Everybody on the roster, in its order. Raises InvalidInput that names the first broken line and what is wrong."""
    seen: dict[str, int] = {}
    found = []
    for number, cells in _lines(_decoded(content)):
        person = _person(number, cells)
        if person.email in seen:
            raise _broken(number, f"{person.email} was already on line {seen[person.email]}")
        seen[person.email] = number
        found.append(person)
    if not found:
        raise InvalidInput("The roster has no people in it.", "roster")
    return found


def _broken(number: int, reason: str) -> InvalidInput:
    return InvalidInput(f"Line {number} of the roster is broken: {reason}. Nothing was stored.", "roster")


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise InvalidInput(f"The roster is larger than {LARGEST_BYTES // 1_000_000} MB.", "roster")
    # What a spreadsheet calls “Unicode text”.
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise _broken(number, "it is not in UTF-8. Save the file again as “CSV UTF-8”") from None


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column name. The first line names the columns, in any order; without names they
    are name, email, role."""
    columns: list[str] | None = None
    for number, row in _rows(text):
        if columns is None:
            columns = _columns(number, row)
            if columns:
                continue
            columns = list(COLUMNS)
        if len(row) != len(columns):
            raise _broken(number, f"it has {len(row)} columns and should have {len(columns)} ({', '.join(columns)})")
        yield number, dict(zip(columns, row, strict=True))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, numbered by the line on which they end.

    The separator is a comma, or what spreadsheets of many countries use instead, or what a line like “sep=;” says.
    """
    first, _, rest = text.partition("\n")
    skipped = 0
    delimiter = max(",;\t", key=first.count)
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == len("sep=?"):
        delimiter, text, skipped = first[4], rest, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells = [" ".join(clean(cell).split()) for cell in row]
            if any(cells):
                yield reader.line_num + skipped, cells
    except csv.Error as error:
        raise _broken(reader.line_num + skipped, str(error)) from None


def _columns(number: int, row: list[str]) -> list[str] | None:
    """The names in a heading line, None when the line is no heading."""
    names = [cell.lower().replace("e-mail", "email") for cell in row]
    if not set(names) & set(COLUMNS) or any("@" in name for name in names):
        return None
    for column in COLUMNS:
        if names.count(column) != 1:
            found = "is missing" if column not in names else "is there twice"
            raise _broken(number, f"the column “{column}” {found}. The columns are {', '.join(COLUMNS)}")
    return names


def _person(number: int, cells: dict[str, str]) -> Person:
    name, email, role = cells["name"], cells["email"].lower(), cells["role"].lower()
    for column in COLUMNS:
        if not cells[column]:
            raise _broken(number, f"the {column} is missing")
    if len(name) > LONGEST_NAME or len(email) > LONGEST_EMAIL:
        raise _broken(number, f"name and e-mail address may have {LONGEST_NAME} characters each")
    try:
        validate_email(email)
    except ValidationError:
        raise _broken(number, f"“{email}” is not an e-mail address") from None
    if role not in ROLES:
        raise _broken(number, f"the role “{role}” is unknown; it is {' or '.join(ROLES)}")
    return Person(name, email, role)
