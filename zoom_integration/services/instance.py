"""Which run of a webinar or meeting a conference is: its uuid is given, or found by the conference's time.

A numeric id answers for the latest run only, so nothing is ever asked by it that belongs to one run.
https://developers.zoom.us/docs/api/meetings/#tag/webinars/GET/past_webinars/{webinarId}/instances
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from conferences.providers.base import InvalidInput, Target
from conferences.providers.errors import Blocked, Missing, NotConfigured, ProviderError, Rejected
from conferences.providers.window import Window
from zoom_integration.client import Raw, ZoomClient
from zoom_integration.parsers import occurrences, values
from zoom_integration.parsers.occurrences import KINDS, Occurrence
from zoom_integration.references import JoinLink, as_digits, digits_of, link_of
from zoom_integration.services import untimed

NO_NUMBER = "This conference names neither the number of a Zoom webinar or meeting nor the uuid of an occurrence."
FILL_IN = "Fill in the join link of this conference, as it stands in the invitation."
# Zoom's days are those of a zone that it does not name.
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """The runs that count; several when the host had to start again.

    Empty when Zoom knows of none, or when it let us look nowhere: then `refusal` says why.

    window  of a run whose listing told no time, as it turned out
    report  what the run's report says, when it had to be asked for; empty when it may not be read
    """

    kind: str
    number: str
    occurrences: tuple[Occurrence, ...] = ()
    refusal: ProviderError | None = None
    window: Window | None = None
    report: Raw | None = None


def find(client: ZoomClient, target: Target) -> Found:
    """Raises NotConfigured when there is nothing to look by."""
    link = _link(target)
    digits = digits_of(target.external_id) or as_digits(target.external_id)
    if target.external_id and not digits:
        return _by_uuid(client, target, target.external_id, link)
    digits = digits or (link.digits if link else "")
    if not digits:
        raise NotConfigured(NO_NUMBER, code="no_join_url", advice=FILL_IN)
    return _by_number(client, target, digits, link)


def _link(target: Target) -> JoinLink | None:
    try:
        return link_of(target.join_url) if target.join_url else None
    except InvalidInput:
        return None


def _by_uuid(client: ZoomClient, target: Target, uuid: str, link: JoinLink | None) -> Found:
    number = str(target.detail.get("zoom_id") or (link.digits if link else ""))
    kind = str(target.detail.get("kind") or "")
    if not kind:
        return _by_report(client, target, uuid, number, link)
    if (
        target.detail.get("status") in {"upcoming", "live"}
        and number
        and (ran := _ran_instead(client, target, kind, number, uuid))
    ):
        return Found(kind, number, ran)
    if untimed.is_untimed(target.detail):
        run = Occurrence(uuid, kind, number, ends_at=target.detail.get("actual_end_at"))
        run, report = untimed.look_up(client, run)
        return Found(kind, number, (run,), window=untimed.window(target.window, run), report=report)
    starts_at = target.detail.get("actual_start_at") or target.window.starts_at
    ends_at = target.detail.get("actual_end_at") or target.window.ends_at
    return Found(kind, number, (Occurrence(uuid, kind, number, starts_at, ends_at),))


def _by_report(client: ZoomClient, target: Target, uuid: str, number: str, link: JoinLink | None) -> Found:
    """A uuid does not say whether it is a webinar's or a meeting's: its report does."""
    for kind in _kinds(link, target):
        try:
            raw = client.report(kind, uuid)
        except Missing:
            continue
        except (Blocked, Rejected):
            break
        number = number or values.text(raw, "id")
        starts_at, ends_at = values.moment(raw, "start_time"), values.moment(raw, "end_time")
        return Found(kind, number, (Occurrence(uuid, kind, number, starts_at, ends_at),), report=raw)
    kind = link.kind if link and link.kind else KINDS[0]
    window = target.window
    return Found(kind, number, (Occurrence(uuid, kind, number, window.starts_at, window.ends_at),))


def _ran_instead(client: ZoomClient, target: Target, kind: str, number: str, uuid: str) -> tuple[Occurrence, ...]:
    """The uuid of a run to come need not be that of the run that then takes place."""
    try:
        runs = [occurrences.instance(raw, kind, number) for raw in client.past_instances(kind, number)]
    except (Blocked, Missing, Rejected):
        return ()
    return () if any(run.uuid == uuid for run in runs) else _ours(runs, target)


def _by_number(client: ZoomClient, target: Target, digits: str, link: JoinLink | None) -> Found:
    """The list of runs first, which is cheap; then the account's history of those days."""
    kinds = _kinds(link, target)
    refusals: dict[str, list[ProviderError]] = {kind: [] for kind in kinds}
    looks = (_instances, _history)
    for look in looks:
        for kind in kinds:
            runs, refusal = _listed(look(client, kind, digits, target))
            if ours := _ours(runs, target):
                return Found(kind, digits, ours)
            refusals[kind] += [refusal] if refusal else []
    kind = _kind_of_series(client, digits, kinds)
    # One list that was given out suffices to say that there is no such run.
    return Found(kind, digits, refusal=refusals[kind][0] if len(refusals[kind]) == len(looks) else None)


def _listed(runs: Iterator[Occurrence]) -> tuple[list[Occurrence], ProviderError | None]:
    """What was listed, and the refusal that ended it. A number that Zoom does not know is an answer."""
    listed: list[Occurrence] = []
    try:
        for run in runs:
            listed.append(run)  # noqa: PERF402 - what came before a refusal counts
    except Missing:
        pass
    except (Blocked, Rejected) as error:
        return listed, error
    return listed, None


def _kinds(link: JoinLink | None, target: Target) -> tuple[str, ...]:
    known = str(target.detail.get("kind") or (link.kind if link else ""))
    return (known,) if known else KINDS


def _instances(client: ZoomClient, kind: str, digits: str, _target: Target) -> Iterator[Occurrence]:
    yield from (occurrences.instance(raw, kind, digits) for raw in client.past_instances(kind, digits))


def _history(client: ZoomClient, kind: str, digits: str, target: Target) -> Iterator[Occurrence]:
    window = target.window
    first, last = (window.opens_at - _DAY).date(), (window.closes_at + _DAY).date()
    for raw in client.history(first, last, kind):
        run = occurrences.of_history(raw, kind)
        if run.number == digits:
            yield run


def _ours(runs: list[Occurrence], target: Target) -> tuple[Occurrence, ...]:
    """In order of time, each once. Zoom promises no order."""
    held = {
        run.uuid: run for run in runs if run.uuid and run.starts_at and target.window.holds(run.starts_at, run.ends_at)
    }
    return tuple(sorted(held.values(), key=lambda run: (run.starts_at, run.uuid)))


def _kind_of_series(client: ZoomClient, digits: str, kinds: tuple[str, ...]) -> str:
    if len(kinds) == 1:
        return kinds[0]
    try:
        client.webinar(digits)
    except Missing:
        return "meeting"
    except (Blocked, Rejected):
        return "webinar"
    return "webinar"
