"""How the log is written: lines for people, or JSON objects for programs, both without anybody's secrets."""

import json
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from conferences.providers import trail
from conferences.providers.redaction import for_logs

FORMATS = ("line", "json")
_OF_EVERY_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """One object a line: when, how bad, who says it and what; where in the work; and figures given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **trail.here().known(),
            **dict(_extras(record)),
            "pid": record.process,
        }
        if record.exc_text:  # made by the filter that redacts
            told["exception"] = record.exc_text
        if record.stack_info:
            told["stack"] = record.stack_info
        return json.dumps(told)


def _extras(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    """Plain values only: an object's own words could tell anything."""
    for name, value in vars(record).items():
        if name in _OF_EVERY_RECORD or value is None or value == "":
            continue
        if isinstance(value, str):
            yield name, for_logs(value)
        elif isinstance(value, bool | int | float):
            yield name, value


def configured(form: str, level: str, ours: Iterable[str]) -> dict[str, Any]:
    """For `logging.config`: everything goes to standard error by one handler, whose filter redacts last.

    ours  the loggers of the project itself
    """
    formatters = {
        "line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"},
        "json": {"()": "lms_project.logs.JsonFormatter"},
    }
    told = {name: {"handlers": [], "level": "INFO", "propagate": True} for name in ("django", "celery", "gunicorn")}
    # The site writes a line of its own for each request, without what the address's query says.
    silent = {name: {"handlers": [], "level": "CRITICAL"} for name in ("django.server", "gunicorn.access")}
    own_handlers = {"gunicorn.error": {"handlers": [], "propagate": True}}
    # Whoever watches over a worker's processes lets nobody above hear of them.
    apart = {"multiprocessing": {"handlers": ["stderr"], "level": "WARNING"}}
    # A refused request has its line already. That nobody collects is told once a time-out, not at each try.
    patient = {name: {"level": "ERROR"} for name in ("django.request", "opentelemetry")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redact": {"()": "conferences.providers.redaction.RedactingFilter"}},
        "formatters": formatters,
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["redact"]}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {**told, **silent, **own_handlers, **apart, **patient, **{name: {"level": level} for name in ours}},
    }
