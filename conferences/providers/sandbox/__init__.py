"""A stand-in for providers' APIs over HTTPS on loopback, for demo, tests and benchmarks, and never for production."""

from conferences.providers.sandbox.application import Application, Options
from conferences.providers.sandbox.routing import Request, Response, Router
from conferences.providers.sandbox.server import Running, running

__all__ = ["Application", "Options", "Request", "Response", "Router", "Running", "running"]
