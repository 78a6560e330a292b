"""Entries of Graph's that make no sense, as they came."""

import hashlib
import json
from collections.abc import Iterator

from conferences.providers.errors import Malformed
from conferences.providers.records import FlawRecord, Problem
from conferences.providers.shape import Raw


def flaw(raw: Raw, *reasons: str, about: str = "", stored: bool = True) -> FlawRecord:
    """Nearly all entries have an id; what has none is named by all that it says."""
    marks = raw.get("id") or hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()
    return FlawRecord(str(marks), reasons, raw, about, stored)


def unreadable(raw: Raw, error: Malformed) -> Iterator[FlawRecord | Problem]:
    """An entry that could not be read: it is kept, and the step has failed to that extent."""
    yield flaw(raw, f"not readable: {error.detail}", stored=False)
    yield Problem(error)
