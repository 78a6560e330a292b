"""One request a second for each app, tenant and chat. A refused call counts as well.

https://learn.microsoft.com/en-us/graph/throttling-limits#microsoft-teams-service-limits
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from teams_integration.sandbox.refusals import of_status

SECONDS = 1.0
# Somebody who keeps the limit exactly must not fail over the network's jitter.
_TOLERANCE = 0.08
_MESSAGES = re.compile(r"/v1\.0/chats/(?P<chat>[^/]+)/messages(?:/.*)?")


@dataclass(slots=True)
class ChatPace:
    clock: Callable[[], float] = time.monotonic
    _last: dict[tuple[str, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, tenant: str, path: str) -> None:
        """Raises the refusal, with the wait in fractions of a second."""
        match = _MESSAGES.fullmatch(path)
        if match is None:
            return
        key, now = (tenant, unquote(match["chat"])), self.clock()
        with self._lock:
            since = now - self._last.get(key, now - SECONDS)
            self._last[key] = now
        if since < SECONDS - _TOLERANCE:
            raise of_status(429, {"Retry-After": f"{SECONDS + 0.024:.3f}"})
