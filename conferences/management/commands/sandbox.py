"""Serves the providers' stand-in until it is told to stop."""

import logging
import signal
import threading
from argparse import ArgumentParser, RawTextHelpFormatter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from conferences.providers import registry, sandbox
from conferences.providers.sandbox import Application, Options, Running, faults, running
from conferences.providers.sandbox.faults import BadFault

_DEFAULTS = Options()


class Command(BaseCommand):
    help = (
        "Serve a stand-in for the providers' sign-in and API over HTTPS on 127.0.0.1, with invented data. Prints the\n"
        "environment that points the LMS at it, then one line a request. Ends with Ctrl-C."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawTextHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8443, help="0 takes a free one (default 8443)")
        parser.add_argument("--scenario", default="default", metavar="NAME", help="see --list-scenarios")
        parser.add_argument("--list-scenarios", action="store_true", help="say which there are, and end")
        parser.add_argument("--latency", type=float, default=0.0, metavar="MS", help="milliseconds before every answer")
        parser.add_argument("--fault", action="append", default=[], metavar="SPEC", help="repeatable: " + faults.HELP)
        parser.add_argument("--throttle", choices=("on", "off"), default="on", help="the providers' rate limits")
        for name in ("participants", "messages", "webinars"):
            default = getattr(_DEFAULTS, name)
            parser.add_argument(f"--{name}", type=int, default=default, help="of the scenario “large”")
        parser.add_argument(
            "--certificate",
            type=Path,
            metavar="FILE",
            default=Path(settings.BASE_DIR) / ".local" / "sandbox" / "certificate.pem",
            help="where the authority's certificate is kept; the rest is put beside it",
        )

    def handle(self, **options: Any) -> None:
        if options["list_scenarios"]:
            self._list_scenarios(_applications(Options()))
            return
        with ExitStack() as stack:
            stopped = stack.enter_context(_told_to_stop())
            applications = _playing(_chosen(options))
            self._announce(self._start(stack, applications, options), applications)
            stopped.wait()
        self.stderr.write("The sandbox has ended.")

    def _start(self, stack: ExitStack, applications: Sequence[Application], options: dict[str, Any]) -> Running:
        stack.enter_context(self._request_log())
        try:
            serving = running(
                *applications,
                port=options["port"],
                latency_seconds=options["latency"] / 1000,
                faults=options["fault"],
                authority=options["certificate"].resolve(),
            )
            return stack.enter_context(serving)
        except BadFault as error:
            raise CommandError(str(error), returncode=2) from None
        except OSError as error:
            raise CommandError(f"The sandbox cannot listen on port {options['port']}: {error.strerror}.") from None

    @contextmanager
    def _request_log(self) -> Iterator[None]:
        """One line a request, whatever the project's own logging says."""
        handler = logging.StreamHandler(self.stderr)
        logger = logging.getLogger(sandbox.__name__)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.propagate = True

    def _announce(self, serving: Running, applications: Sequence[Application]) -> None:
        for application in applications:
            for name, path in application.environment.items():
                self.stdout.write(f"export {name}={serving.base_url}{path}")
        self.stdout.write(f"export REQUESTS_CA_BUNDLE={serving.ca_bundle}")
        self.stdout.flush()

    def _list_scenarios(self, applications: Sequence[Application]) -> None:
        for application in applications:
            for name, description in application.scenarios.items():
                self.stdout.write(f"{name:<22}{description}")


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by Ctrl-C, or by whoever supervises this process."""
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _chosen(options: dict[str, Any]) -> Options:
    throttle = options["throttle"] == "on"
    return Options(options["scenario"], throttle, options["participants"], options["messages"], options["webinars"])


def _applications(options: Options) -> list[Application]:
    return [import_string(config.sandbox)(options) for config in registry.all_providers() if config.sandbox is not None]


def _playing(options: Options) -> list[Application]:
    """A provider that does not know the scenario plays its usual one; one of them must know it."""
    known = {name for application in _applications(Options()) for name in application.scenarios}
    if options.scenario not in known:
        raise CommandError(
            f"There is no scenario “{options.scenario}”. Known are: {', '.join(sorted(known))}.", returncode=2
        )
    return _applications(options)
