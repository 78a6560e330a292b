"""One request's answer, with whatever fault is due."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from conferences.providers.sandbox import switches
from conferences.providers.sandbox.application import Application
from conferences.providers.sandbox.faults import Fault, Faults, mistyped
from conferences.providers.sandbox.routing import Request, Response

_HTML = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Not available right now</h1></body></html>"
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_DEFAULT_SLOWNESS = "5"


@dataclass(frozen=True, slots=True)
class Broken:
    """No proper answer: a reset connection, or only the first half of `kept`."""

    kept: Response | None = None

    @property
    def status(self) -> int:
        return self.kept.status if self.kept else 0


def answer(request: Request, applications: Sequence[Application], faults: Faults) -> Response | Broken:
    if request.path.startswith(switches.PREFIX):
        return switches.throw(request, applications, faults)
    application = next((each for each in applications if each.handles(request.path)), None)
    if application is None:
        return Response(404, b"No provider's sandbox answers at this address.\n", _TEXT)
    fault = faults.next(request.target)
    return _failing(fault, request, application) if fault else application.respond(request)


def _failing(fault: Fault, request: Request, application: Application) -> Response | Broken:
    match fault.kind:
        case "reset":
            return Broken()
        case "html":
            return Response(fault.status, _HTML, {"Content-Type": "text/html; charset=utf-8"})
        case "empty":
            return Response(int(fault.option("status", "200")), b"")
        case kind if kind.isdigit():
            wait = fault.option("retry-after")
            return application.refuse(request, fault.status, {"Retry-After": wait} if wait else {})
        case "slow":
            time.sleep(float(fault.option("seconds", _DEFAULT_SLOWNESS)))
            return application.respond(request)
        case _:
            return _spoiled(fault, request, application)


def _spoiled(fault: Fault, request: Request, application: Application) -> Response | Broken:
    """A good answer gone bad."""
    response = application.respond(request)
    match fault.kind:
        case "truncate":
            return Broken(response)
        case "loop":
            return application.relink(response, request.url)
        case "foreign":
            return application.relink(response, fault.option("to") or _elsewhere(request))
        case _:
            return replace(response, body=mistyped(response.body))


def _elsewhere(request: Request) -> str:
    """Another host that is in truth this server, so that a token sent there is noticed."""
    parts = urlsplit(request.url)
    other = "127.0.0.1" if parts.hostname == "localhost" else "localhost"
    return f"https://{other}:{parts.port}{request.target}"
