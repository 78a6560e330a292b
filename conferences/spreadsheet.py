"""The register as a CSV file that spreadsheets read: absentees included, times in the class's zone."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo

from conferences.models import Conference
from conferences.register import Row, register

# Without it Excel takes UTF-8 for the system's old encoding.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so is run as a formula; the wide forms too, where the spreadsheet is set to Chinese or Japanese.
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def attendance_csv(conference: Conference) -> str:
    """Text with a byte order mark and CRLF line ends, to be encoded as UTF-8."""
    people = register(conference)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_header(people.zone))
    writer.writerows([harmless(cell) for cell in _cells(row, people.zone)] for row in people.rows)
    return BYTE_ORDER_MARK + out.getvalue()


def harmless(cell: str) -> str:
    """The cell with a leading apostrophe where a spreadsheet would otherwise run it, white space in front or not."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS) else cell


def _header(zone: tzinfo) -> list[str]:
    return [
        *("Name", "E-mail", "Role", "Kind", "Presence", "Total minutes", "Reported minutes"),
        *(f"First join ({zone})", f"Last leave ({zone})", "Sessions", "Remark"),
    ]


def _cells(row: Row, zone: tzinfo) -> Iterator[str]:
    yield from (row.name, row.email, row.role, row.kind)
    yield row.presence.value if row.presence else "unknown"
    yield _minutes(row.length.total_seconds())
    yield _minutes(row.reported_seconds)
    yield _local(row.first_joined_at, zone)
    yield _local(row.last_left_at, zone)
    yield str(len(row.sessions))
    yield row.remark


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.2f}"


def _local(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""
