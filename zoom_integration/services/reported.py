"""Lists that the reports tell best and the plain lists of past events tell, too, for apps that may not read reports."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

from conferences.providers.errors import Blocked, Missing
from conferences.providers.records import NothingFound, Notice, Problem, Record
from zoom_integration.parsers.occurrences import Occurrence
from zoom_integration.parsers.values import Raw
from zoom_integration.services.inquiry import ELSEWHERE, Inquiry

Ask = Callable[[str, str], Iterator[Raw]]
Parse = Callable[[list[Raw], str], Iterator[Record]]

# Zoom's ways to say that this was never switched on.
SWITCHED_OFF = frozenset({"polls_off", "registration_off"})


def fetch(inquiry: Inquiry, report: Ask, past: Ask, parse: Parse, not_ready: str, none_found: str) -> Iterator[Record]:
    """The fallback is for refusals and for what is missing only: a limit or a fault of Zoom's ends the step."""
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    lists, counted = _Lists(report, past), 0
    for occurrence in inquiry.occurrences:
        for record in parse((yield from lists.read(occurrence)), occurrence.uuid):
            counted += 1
            yield record
    if unknown := lists.unknown(inquiry, not_ready):
        yield unknown
    elif counted and lists.proves_little:
        yield NothingFound("none_found", none_found, proven=False)
    elif not counted:
        nothing = inquiry.nothing(not_ready, none_found)
        yield replace(nothing, proven=not lists.proves_little)


@dataclass(slots=True)
class _Lists:
    """Of all occurrences.

    refusal        the report may not be read, whatever else can
    gone           neither list is there
    proves_little  what is missing from them need not be gone: the plain list is poorer, and what Zoom says to have been
                   switched off it has not listed
    """

    report: Ask
    past: Ask
    refusal: Blocked | None = None
    gone: Missing | None = None
    proves_little: bool = False

    def read(self, occurrence: Occurrence) -> Generator[Record, None, list[Raw]]:
        try:
            return (yield from self._listed(occurrence))
        except Missing as error:
            self.proves_little = True
            self.gone = self.gone if error.code in SWITCHED_OFF else error
            return []

    def unknown(self, inquiry: Inquiry, not_ready: str) -> NothingFound | Problem | None:
        """Where the plain list is nowhere either, the refusal of the report is why."""
        if self.gone is None:
            return None
        if self.refusal is not None and not inquiry.is_settling:
            return Problem(self.refusal)
        return inquiry.unavailable(self.gone, not_ready)

    def _listed(self, occurrence: Occurrence) -> Generator[Record, None, list[Raw]]:
        """A refused report is refused for every occurrence, so it is asked for once."""
        if self.refusal is None:
            try:
                return list(self.report(occurrence.kind, occurrence.uuid))
            except (Blocked, Missing) as error:
                if isinstance(error, Missing) and error.code not in ELSEWHERE:
                    raise
                self.refusal = error if isinstance(error, Blocked) else None
                level = "warning" if self.refusal else "info"
                yield Notice(f"{error.message} The plain list is read instead.", level, error.code)
        self.proves_little = True
        return list(self.past(occurrence.kind, occurrence.uuid))
