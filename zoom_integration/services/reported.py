"""Lists that the reports tell best and the plain lists of past events tell, too, for apps that may not read reports."""

from collections.abc import Callable, Generator, Iterator

from conferences.providers.errors import Blocked, Missing
from conferences.providers.records import Notice, Record
from zoom_integration.parsers.occurrences import Occurrence
from zoom_integration.parsers.values import Raw
from zoom_integration.services.inquiry import Inquiry

Ask = Callable[[str, str], Iterator[Raw]]
Parse = Callable[[list[Raw], str], Iterator[Record]]

# Zoom's ways to say that this was never switched on.
SWITCHED_OFF = frozenset({"polls_off", "registration_off", "not_available"})


def fetch(inquiry: Inquiry, report: Ask, past: Ask, parse: Parse, not_ready: str, none_found: str) -> Iterator[Record]:
    """The fallback is for refusals and for what is missing only: a limit or a fault of Zoom's ends the step."""
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    counted = 0
    gone: Missing | None = None
    asks = [report, past]
    for occurrence in inquiry.occurrences:
        try:
            listed = yield from _listed(asks, occurrence)
        except Missing as error:
            gone = gone if error.code in SWITCHED_OFF else error
            continue
        for record in parse(listed, occurrence.uuid):
            counted += 1
            yield record
    if gone is not None:
        yield inquiry.unavailable(gone, not_ready)
    elif not counted:
        yield inquiry.nothing(not_ready, none_found)


def _listed(asks: list[Ask], occurrence: Occurrence) -> Generator[Record, None, list[Raw]]:
    """A refused report is refused for every occurrence, so it leaves the list."""
    try:
        return list(asks[0](occurrence.kind, occurrence.uuid))
    except (Blocked, Missing) as error:
        if len(asks) == 1 or error.code in SWITCHED_OFF:
            raise
        refused = isinstance(error, Blocked)
        level = "warning" if refused else "info"
        yield Notice(f"{error.message} The plain list is read instead.", level, error.code)
        rest = asks[1:]
        if refused:
            asks[:] = rest
        return list(rest[0](occurrence.kind, occurrence.uuid))
