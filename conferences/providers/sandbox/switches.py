"""Changes while the stand-in is served: `POST /_sandbox/NAME` with a JSON object, for all providers that know NAME."""

import json
from collections.abc import Callable, Sequence

from conferences.providers.sandbox.application import Application
from conferences.providers.sandbox.faults import Faults
from conferences.providers.sandbox.routing import Request, Response

PREFIX = "/_sandbox/"


def throw(request: Request, applications: Sequence[Application], faults: Faults) -> Response:
    name, known = request.path.removeprefix(PREFIX), _known(applications, faults)
    if request.method != "POST" or name not in known:
        return _refused(f"There is no switch “{name}”. Known are: {', '.join(sorted(known))}.")
    try:
        options = json.loads(request.body or b"{}")
        for switch in known[name]:
            switch(**options)
    except (ValueError, TypeError) as error:
        return _refused(f"The switch “{name}” does not take that: {error}.")
    return Response(204)


def _known(applications: Sequence[Application], faults: Faults) -> dict[str, list[Callable[..., None]]]:
    """Faults belong to the server, and so to all."""
    known: dict[str, list[Callable[..., None]]] = {
        "fault": [lambda *, spec: faults.add(spec)],
        "clear-faults": [faults.clear],
    }
    for application in applications:
        for name, switch in application.switches.items():
            known.setdefault(name, []).append(switch)
    return known


def _refused(message: str) -> Response:
    return Response.json({"error": message}, 400)
