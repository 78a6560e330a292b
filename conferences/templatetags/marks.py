"""A state is a shape, a word and a colour, and looks the same wherever it appears."""

from dataclasses import dataclass

from django import template

register = template.Library()


@dataclass(frozen=True, slots=True)
class Mark:
    """`tone` names the colour in the style sheet; `shape` the symbol in `_shapes.html`."""

    word: str
    tone: str
    shape: str


UNKNOWN = Mark("Unknown", "quiet", "ring")
RUN = {
    "": Mark("Not synced yet", "quiet", "ring"),
    "queued": Mark("Waiting", "busy", "clock"),
    "running": Mark("Syncing", "busy", "spinner"),
    "paused": Mark("Paused", "warn", "pause"),
    "succeeded": Mark("Synced", "good", "tick"),
    "partial": Mark("Partly synced", "warn", "half"),
    "failed": Mark("Failed", "bad", "cross"),
    "cancelled": Mark("Cancelled", "quiet", "stop"),
}
STEP = {
    "waiting": Mark("Waiting", "quiet", "clock"),
    "working": Mark("Working", "busy", "spinner"),
    "synced": Mark("Synced", "good", "tick"),
    "partly": Mark("Partly synced", "warn", "half"),
    "no_data": Mark("Nothing to sync", "quiet", "ring"),
    "blocked": Mark("Blocked", "warn", "barred"),
    "failed": Mark("Failed", "bad", "cross"),
    "not_done": Mark("Not done", "quiet", "stop"),
}
CHECK = {
    "permitted": Mark("Permitted", "good", "tick"),
    "blocked": STEP["blocked"],
    "failed": STEP["failed"],
    "unknown": Mark("Could not be checked", "quiet", "ring"),
}
STANDING = {
    "unchecked": Mark("Not checked yet", "quiet", "ring"),
    "permitted": Mark("All permitted", "good", "tick"),
    "unknown": Mark("Could not be checked", "quiet", "ring"),
    "lacking": Mark("Not all permitted", "warn", "half"),
    "connected": Mark("Connected", "good", "tick"),
    "unconnected": Mark("Not connected yet", "warn", "barred"),
    "reconnect": Mark("Reconnect needed", "bad", "cross"),
}
PRESENCE = {
    "present": Mark("Present", "good", "tick"),
    "late": Mark("Late", "warn", "clock"),
    "left_early": Mark("Left early", "warn", "half"),
    "partial": Mark("Partial", "warn", "half"),
    "absent": Mark("Absent", "bad", "cross"),
}
HEALTH = {
    "healthy": Mark("Healthy", "good", "tick"),
    "fair": Mark("Fair", "warn", "half"),
    "poor": Mark("Poor", "bad", "half"),
    "critical": Mark("Critical", "bad", "cross"),
    "unknown": Mark("No data yet", "quiet", "ring"),
}
WORKER = {
    "well": Mark("Well", "good", "tick"),
    "deaf": Mark("Takes no work", "bad", "barred"),
    "lost": Mark("Lost", "bad", "cross"),
}
NOT_JUDGED = Mark("Not judged", "quiet", "ring")


@register.inclusion_tag("conferences/_mark.html")
def run_mark(state: str | None) -> dict[str, Mark]:
    return {"mark": RUN.get(state or "", UNKNOWN)}


@register.inclusion_tag("conferences/_mark.html")
def step_mark(state: str) -> dict[str, Mark]:
    return {"mark": STEP.get(state, UNKNOWN)}


@register.inclusion_tag("conferences/_mark.html")
def check_mark(state: str) -> dict[str, Mark]:
    return {"mark": CHECK.get(state, UNKNOWN)}


@register.inclusion_tag("conferences/_mark.html")
def standing_mark(state: str) -> dict[str, Mark]:
    return {"mark": STANDING.get(state, UNKNOWN)}


@register.inclusion_tag("conferences/_mark.html")
def presence_mark(presence: str | None) -> dict[str, Mark]:
    return {"mark": PRESENCE.get(presence or "", NOT_JUDGED)}


@register.inclusion_tag("conferences/_mark.html")
def health_mark(level: str) -> dict[str, Mark]:
    return {"mark": HEALTH.get(level, UNKNOWN)}


@register.inclusion_tag("conferences/_mark.html")
def worker_mark(condition: str) -> dict[str, Mark]:
    return {"mark": WORKER.get(condition, UNKNOWN)}
