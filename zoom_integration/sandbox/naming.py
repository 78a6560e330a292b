"""Ids and times that are the same at every start, in the forms in which Zoom writes them."""

import base64
import hashlib
from datetime import UTC, datetime


def _digest(*parts: object) -> bytes:
    return hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()


def short(*parts: object) -> str:
    """Ids of users, registrants and questions: 22 characters that are safe in an address."""
    return base64.urlsafe_b64encode(_digest(*parts)[:16]).decode().rstrip("=")


def number(*parts: object) -> int:
    """Ids of webinars and meetings: eleven digits."""
    return 90_000_000_000 + int.from_bytes(_digest("number", *parts)[:8]) % 9_000_000_000


def choice(count: int, *parts: object) -> int:
    """A number below `count` that looks like chance."""
    return int.from_bytes(_digest("choice", *parts)[:8]) % count


def uuid(*parts: object, start: str = "", inside: str = "") -> str:
    """One run's id: 24 characters of plain base64, so `+`, `/` and `=` occur. `start` and `inside` force characters."""
    text = base64.b64encode(_digest("uuid", *parts)[:16]).decode()
    text = start + text[len(start) :]
    return text[:8] + inside + text[8 + len(inside) :] if inside else text


def at(text: str) -> datetime:
    """`2026-11-10 14:00[:00[.5]]`, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stamp(moment: datetime, digits: int = 0) -> str:
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{f'{moment.microsecond:06d}'[:digits]}Z" if digits else f"{text}Z"
