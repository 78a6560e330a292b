"""Is everything well? A few sentences, the most urgent ones alone; “All is well.” only if nothing stands against it."""

from collections.abc import Iterator, Sequence

from conferences.operations.health import Level
from conferences.operations.overview import ConnectionHealth, Overview
from conferences.wording import counted

NO_DATA = "Nothing has been synced or checked of late, so there is nothing to judge by yet."
BEGINS_LATE = "What is clicked now may have to wait."
ATTENTION = {Level.POOR, Level.CRITICAL}


def headline(found: Overview, open_alerts: int) -> str:
    """What cannot work at all is listed below it."""
    if found.health.critical:
        begins_late = found.health.critical == found.system.troubles and not found.system.stands_still
        return BEGINS_LATE if begins_late else "Nothing can be synced right now."
    hurt = [one for one in found.connections if one.health.level in ATTENTION]
    told = [*([_attention(hurt, len(found.connections))] if hurt else []), *_undone(found.connections)]
    if told:
        return " ".join(told)
    if found.health.score is None:
        return NO_DATA
    if open_alerts:
        are = "is" if open_alerts == 1 else "are"
        return f"Everything can be synced. {counted(open_alerts, 'open alert')} {are} below."
    return "All is well."


def _attention(hurt: Sequence[ConnectionHealth], of: int) -> str:
    need = "needs" if len(hurt) == 1 else "need"
    return f"{len(hurt)} of {counted(of, 'connection')} {need} attention: {_names(hurt)}."


def _undone(connections: Sequence[ConnectionHealth]) -> Iterator[str]:
    """What was asked for and is not there: it failed when last tried, or stands paused. Where attention is needed
    anyway the connection's own lines tell what failed."""
    for one in connections:
        if one.facts.pause:
            yield f"{one.connection.name}: {one.facts.pause}"
    failing = [one for one in connections if one.facts.failed and one.health.level not in ATTENTION]
    if failing:
        failed, judged = (sum(getattr(one.facts, name) for one in failing) for name in ("failed", "judged"))
        yield f"{failed:,} of {counted(judged, 'last try', 'last tries')} failed: {_names(failing)}."
    fair = [one for one in connections if one.health.level is Level.FAIR and not (one.facts.failed or one.facts.paused)]
    if fair:
        yield f"Not quite well: {_names(fair)}. The parts of the score say why."


def _names(connections: Sequence[ConnectionHealth]) -> str:
    return ", ".join(one.connection.name for one in connections)
