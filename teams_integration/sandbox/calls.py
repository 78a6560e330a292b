"""Call records of the whole tenant.

https://learn.microsoft.com/en-us/graph/api/callrecords-cloudcommunications-list-callrecords
"""

import operator
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from teams_integration.sandbox import odata
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.refusals import bad_request, not_found
from teams_integration.sandbox.world import Call, Json

READ = ("CallRecords.Read.All",)
CALLS_PER_PAGE, SESSIONS_PER_PAGE, PARTICIPANTS_PER_PAGE = 60, 60, 130
_BOUND = re.compile(r"startDateTime\s+(?P<comparison>lt|le|gt|ge)\s+(?P<instant>\S+)")
_PARTICIPANT = re.compile(r"participants_v2/any\(\s*p\s*:\s*p/id\s+eq\s+(?P<literal>'[^']*')\s*\)")
_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_SESSIONS = re.compile(r"sessions(?P<segments>\(\$expand=segments\))?")


def calls(asking: Asking) -> Json:
    asking.need(READ, "directory")
    query = odata.allow(asking.request, "$filter", "$select")
    found = sorted(_filtered(asking.tenant.calls, query.get("$filter", "")), key=lambda call: call.starts_at)
    entries = [odata.select(call.entry, query.get("$select", "")) for call in found]
    size = odata.page_size(asking.request, CALLS_PER_PAGE)
    return odata.page(asking.request, entries, size, context="communications/callRecords")


def _filtered(calls: Sequence[Call], asked: str) -> Sequence[Call]:
    """Either bounds on startDateTime or one participant; Graph documents no mixture."""
    if not asked:
        return calls
    if participant := _PARTICIPANT.fullmatch(asked.strip()):
        wanted = odata.literal(participant["literal"]).lower()
        return [call for call in calls if any(each["id"].lower() == wanted for each in call.participants)]
    return [call for call in calls if all(_holds(clause, call) for clause in _clauses(asked))]


def _clauses(asked: str) -> list[tuple[Callable[[datetime, datetime], bool], datetime]]:
    clauses = []
    for text in asked.split(" and "):
        match = _BOUND.fullmatch(text.strip())
        if match is None:
            raise bad_request(f"Invalid filter clause: '{text.strip()}' is not supported on call records.")
        bound = odata.instant(match["instant"])
        if bound > datetime.now(UTC):
            raise bad_request("The filter value for startDateTime must not be in the future.")
        clauses.append((_COMPARISONS[match["comparison"]], bound))
    return clauses


def _holds(clause: tuple[Callable[[datetime, datetime], bool], datetime], call: Call) -> bool:
    compare, bound = clause
    return compare(call.starts_at, bound)


def call(asking: Asking, call: str) -> Json:
    found = _find(asking, call)
    query = odata.allow(asking.request, "$select", "$expand")
    answer = odata.select(found.entry, query.get("$select", ""))
    for name in odata.expansions(asking.request, {"participants_v2", "sessions", "sessions($expand=segments)"}):
        answer |= _expanded(asking, found, name)
    return {"@odata.context": odata.METADATA + "communications/callRecords/$entity", **answer}


def _expanded(asking: Asking, call: Call, name: str) -> Json:
    """The first page, and where the next one is."""
    match = _SESSIONS.fullmatch(name)
    kind = "sessions" if match else "participants_v2"
    rows: Sequence[Json] = call.sessions if match else call.participants
    rows = rows if match is None or match["segments"] else _bare(rows)
    size = SESSIONS_PER_PAGE if match else PARTICIPANTS_PER_PAGE
    path = f"{asking.request.path.rstrip('/')}/{kind}"
    link = odata.next_link(asking.request, size, path) + ("&$expand=segments" if match and match["segments"] else "")
    answer: Json = {kind: list(rows[:size])}
    if len(rows) > size:
        answer[f"{kind}@odata.nextLink"] = link
    return answer


def sessions(asking: Asking, call: str) -> Json:
    found = _find(asking, call)
    odata.allow(asking.request, "$expand", "$select")
    rows = found.sessions if odata.expansions(asking.request, {"segments"}) else _bare(found.sessions)
    size = odata.page_size(asking.request, SESSIONS_PER_PAGE)
    return odata.page(asking.request, rows, size, context=f"communications/callRecords('{call}')/sessions")


def participants(asking: Asking, call: str) -> Json:
    found = _find(asking, call)
    odata.allow(asking.request)
    size = odata.page_size(asking.request, PARTICIPANTS_PER_PAGE)
    context = f"communications/callRecords('{call}')/participants_v2"
    return odata.page(asking.request, found.participants, size, context=context)


def _bare(sessions: Sequence[Json]) -> Sequence[Json]:
    """Segments come only when they are asked for."""
    return [{name: value for name, value in session.items() if name != "segments"} for session in sessions]


def _find(asking: Asking, call: str) -> Call:
    asking.need(READ, "directory")
    for each in asking.tenant.calls:
        if each.entry["id"] == call.lower():
            return each
    raise not_found("The requested call record could not be found.")


_CALL = "/v1.0/communications/callRecords/{call}"
ROUTES = (
    ("/v1.0/communications/callRecords", calls),
    (_CALL, call),
    (f"{_CALL}/sessions", sessions),
    (f"{_CALL}/participants_v2", participants),
)
