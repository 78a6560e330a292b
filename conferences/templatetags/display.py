"""Stored values as people read them. Nothing here trusts what a provider sent."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from conferences import wording
from conferences.models import AttendanceSession, Conference
from conferences.providers.html import sanitise
from conferences.register import Row
from conferences.views.sync_card import provider_label
from conferences.zone import class_zone

register = template.Library()

TENTHS_BELOW = 10  # seconds
MINUTE = 60
SOURCES = {
    "attendance_report": "attendance report",
    "call_records": "call records",
    "participant_report": "participant report",
    "past_participants": "participant list",
}
_COMMAND = re.compile(r"^\s*(?:\$|[A-Z][A-Za-z]+-[A-Z][A-Za-z]+\b|https://\S+$)|^ {2,}\S")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


@register.filter
def minutes(seconds: float | None) -> str:
    """Minutes with two decimals; a dash where nothing is known."""
    return "–" if seconds is None else f"{seconds / 60:.2f}"


@register.filter
def total_minutes(row: Row) -> str:
    """From the exact length: a total that was rounded to seconds first would be a hundredth off."""
    return minutes(row.length.total_seconds())


@register.filter
def session_minutes(session: AttendanceSession) -> str:
    return minutes(between(session.joined_at, session.left_at))


@register.filter
def clock_length(seconds: float | None) -> str:
    """A position in a recording, as h:mm:ss."""
    whole = max(0, int(seconds or 0))
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"


@register.filter
def duration(seconds: float | None) -> str:
    """A rough length in words, for "about … left" and "took …"."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return f"{max(1, round(seconds))} s"
    whole = round(seconds / MINUTE)
    return f"{whole} min" if whole < MINUTE else f"{whole // MINUTE} h {whole % MINUTE} min"


@register.filter
def exact_duration(seconds: float | None) -> str:
    """For comparing lengths: tenths below ten seconds."""
    return f"{seconds:.1f} s" if seconds is not None and seconds < TENTHS_BELOW else duration(seconds)


@register.filter
def in_words(names: Iterable[str]) -> str:
    return wording.listed(names)


@register.filter
def floored(value: float) -> str:
    return wording.floored(value)


@register.filter
def between(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds from start to end."""
    return (end - start).total_seconds() if start and end else None


@register.filter
def class_zone_name(conference: Conference) -> str:
    """The zone's short name on the day of the class, beside its long one."""
    return zone_label(class_zone(conference), conference.starts_at)


@register.filter
def class_time(conference: Conference) -> SafeString:
    """Start and end in the class's zone, which may be another one for each line of a list."""
    zone = class_zone(conference)
    start, end = conference.starts_at.astimezone(zone), conference.ends_at.astimezone(zone)
    last = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a} {end.day} {end:%b %H:%M}"
    return format_html(
        '<time datetime="{}"><span class="short">{}</span> <span class="short">{}</span></time>',
        start.isoformat(),
        f"{start:%a} {start.day} {start:%b %Y},",
        f"{start:%H:%M}–{last} {start:%Z}",
    )


def zone_label(zone: tzinfo, moment: datetime) -> str:
    short, name = moment.astimezone(zone).strftime("%Z"), str(zone)
    return name if short == name else f"{short}, {name}"


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, coarsely, so that nothing flickers: "just now", "5 min ago", "3 days ago"."""
    if moment is None:
        return ""
    passed = timezone.now() - moment
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min")):
        if count := int(passed / unit):
            return f"{count} {name}{'s' if name == 'day' and count > 1 else ''} ago"
    return "just now"


@register.filter
def moment(text: str | None) -> datetime | None:
    """A moment that is stored as text, as in the answers to a question; None when it is none."""
    try:
        return parse_datetime(text) if text else None
    except ValueError:
        return None


@register.filter
def safe_url(url: str) -> str:
    """The address when it may become a link: https, a host, no credentials, no control characters. Else ""."""
    if not url or _CONTROL.search(url) or "\\" in url:
        return ""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return url if plain else ""


@register.filter
def chat_html(message: Any) -> SafeString:
    """A message's HTML, sanitised once more on its way out; plain text where it has none."""
    if message.html:
        return mark_safe(sanitise(message.html))  # noqa: S308 -- this is the one place, and it has just been sanitised
    return mark_safe(linebreaks(message.text, autoescape=True))  # noqa: S308 -- escaped by linebreaks


@register.filter
def advice_blocks(advice: str) -> list[tuple[str, str]]:
    """Advice in runs of lines: ("text", …) to read and ("commands", …) to copy, such as `Grant-CsSomething -Global`."""
    blocks: list[tuple[str, str]] = []
    for line in advice.splitlines():
        if not line.strip():
            continue
        kind = "commands" if _COMMAND.match(line) else "text"
        if blocks and blocks[-1][0] == kind == "commands":
            blocks[-1] = (kind, f"{blocks[-1][1]}\n{line.strip()}")
        else:
            blocks.append((kind, line.strip()))
    return blocks


@register.filter
def source_label(source: str) -> str:
    return SOURCES.get(source, source.replace("_", " "))


@register.filter
def provider(slug: str) -> str:
    return provider_label(slug)


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **values: Any) -> str:
    """This page's address with some query values replaced; an empty value is left out."""
    query = context["request"].GET.copy()
    for name, value in values.items():
        query.pop(name, None)
        if value not in {None, ""}:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def person_name(user: User | None) -> str:
    """What people call a user; "" for nobody, for instance somebody whose account was removed."""
    return (user.get_full_name() or user.get_username()) if user else ""
