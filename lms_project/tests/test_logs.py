"""What a line of the log looks like, and who writes there."""

import io
import json
import logging
import logging.config
import subprocess
import sys
from typing import Any

import pytest

from conferences.providers import trail
from conferences.providers.redaction import MASK, RedactingFilter
from lms_project import logs

CANARY = "c4n4ry~Secret.Value_8Q"


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(written: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(written)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.Logger("some.module")
    logger.addHandler(handler)
    return logger


def line(written: io.StringIO) -> dict[str, Any]:
    """The one that was written; its moment and process are looked at elsewhere."""
    (text,) = written.getvalue().splitlines()
    return {name: value for name, value in json.loads(text).items() if name not in {"ts", "pid"}}


def test_line_is_one_object_with_what_everybody_wants_to_know(logger: logging.Logger, written: io.StringIO) -> None:
    record = logger.makeRecord("some.module", logging.WARNING, "x.py", 1, "%s of\n%s", (1, 2), None)
    record.created, record.process = 1_767_323_045.25, 99
    logger.handle(record)
    assert json.loads(written.getvalue()) == {
        "ts": "2026-01-02T03:04:05.250+00:00",
        "level": "warning",
        "logger": "some.module",
        "message": "1 of\n2",
        "pid": 99,
    }
    assert len(written.getvalue().splitlines()) == 1


def test_line_tells_where_in_the_work_it_was_written(logger: logging.Logger, written: io.StringIO) -> None:
    with trail.on(request_id="click-1", run=7), trail.on(item=9, operation="chat"):
        logger.info("here")
    told = line(written)
    assert (told["request_id"], told["run"], told["item"], told["operation"]) == ("click-1", 7, 9, "chat")


def test_figures_given_along_are_fields(logger: logging.Logger, written: io.StringIO) -> None:
    logger.info("done", extra={"rows": 12, "seconds": 1.5, "ok": True, "code": "synced", "nothing": None, "empty": ""})
    told = line(written)
    del told["level"], told["logger"], told["message"]
    assert told == {"rows": 12, "seconds": 1.5, "ok": True, "code": "synced"}


def test_objects_given_along_are_left_out(logger: logging.Logger, written: io.StringIO) -> None:
    """Django gives the whole request along, which would tell its address with all that was asked."""
    logger.info("done", extra={"request": object(), "people": ["Ann"]})
    assert set(line(written)) == {"level", "logger", "message"}


def test_fields_are_redacted_as_the_message_is(logger: logging.Logger, written: io.StringIO) -> None:
    told = f"password={CANARY}"
    logger.info("to ann@example.org: %s", told, extra={"detail": told, "to": "ann@example.org"})
    assert line(written) == {
        "level": "info",
        "logger": "some.module",
        "message": f"to {MASK}: password={MASK}",
        "detail": f"password={MASK}",
        "to": MASK,
    }


def test_traceback_is_a_field_of_the_same_line(logger: logging.Logger, written: io.StringIO) -> None:
    try:
        raise ValueError("no")
    except ValueError:
        logger.exception("it broke", stack_info=True)
    told = line(written)
    assert told["exception"].endswith("ValueError: no")
    assert told["stack"].startswith("Stack (most recent call last):")


def test_text_that_no_encoding_knows_is_no_trouble(logger: logging.Logger, written: io.StringIO) -> None:
    logger.info("half a character: \ud83d")
    assert written.getvalue().isascii()
    assert line(written)["message"] == "half a character: \ud83d"


def loggers(form: str = "json", level: str = "DEBUG") -> dict[str, Any]:
    return logs.configured(form, level, ("conferences",))["loggers"]


def test_own_loggers_have_the_level_that_was_asked_for() -> None:
    assert loggers(level="ERROR")["conferences"] == {"level": "ERROR"}


@pytest.mark.parametrize("name", ["django", "celery", "gunicorn", "gunicorn.error"])
def test_whoever_logs_does_so_by_the_one_handler(name: str) -> None:
    assert (loggers()[name]["handlers"], loggers()[name]["propagate"]) == ([], True)


@pytest.mark.parametrize("name", ["django.server", "gunicorn.access"])
def test_addresses_with_their_query_are_written_by_nobody(name: str) -> None:
    assert loggers()[name] == {"handlers": [], "level": "CRITICAL"}


@pytest.mark.parametrize("name", ["django.request", "opentelemetry"])
def test_errors_alone_are_heard_of_those_who_repeat_themselves(name: str) -> None:
    assert loggers()[name] == {"level": "ERROR"}


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    settings = {"ENV_FILE": "/dev/null", "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "lms_project.settings", **environment}
    return subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, text=True, check=False)  # noqa: S603


def test_gunicorn_writes_the_same_way() -> None:
    ended = run(
        "from gunicorn.app.wsgiapp import WSGIApplication as App; import sys;"
        "sys.argv = ['gunicorn', '--config', 'python:lms_project.gunicorn', 'lms_project.wsgi']; app = App();"
        "log = app.cfg.logger_class(app.cfg); log.info('ready %s', 'password=canary');"
        "log.access_log.info('GET /?code=canary')",
        LOG_FORMAT="json",
    )
    (told,) = map(json.loads, ended.stderr.splitlines())
    assert (told["logger"], told["message"]) == ("gunicorn.error", f"ready password={MASK}")


def test_celery_writes_the_same_way() -> None:
    ended = run(
        "from lms_project.celery import app; import django, logging; django.setup(); app.log.setup(loglevel='DEBUG');"
        "logging.getLogger('celery.worker').info('password=canary'); logging.getLogger('kombu').info('chatter')",
        LOG_FORMAT="json",
    )
    (told,) = map(json.loads, ended.stderr.splitlines())
    assert (told["logger"], told["message"]) == ("celery.worker", f"password={MASK}")


def test_whoever_watches_over_processes_writes_the_same_way() -> None:
    ended = run(
        "from lms_project.celery import app; import django; django.setup(); app.log.setup();"
        "from billiard import util; util.get_logger(); util.error('Process %r exited', 'password=canary')",
        LOG_FORMAT="json",
    )
    (told,) = map(json.loads, ended.stderr.splitlines())
    assert (told["logger"], told["level"], told["message"]) == (
        "multiprocessing",
        "error",
        f"Process 'password={MASK}' exited",
    )


@pytest.mark.parametrize(("form", "logger"), [("json", "py.warnings"), ("line", None)])
def test_warnings_are_lines_of_the_log_for_programs(form: str, logger: str | None) -> None:
    ended = run("import django, warnings; django.setup(); warnings.warn('look out')", LOG_FORMAT=form)
    assert "UserWarning: look out" in ended.stderr
    if logger:
        (told,) = map(json.loads, ended.stderr.splitlines())
        assert (told["logger"], told["level"]) == (logger, "warning")


@pytest.mark.parametrize(("debug", "form"), [("1", "line"), ("0", "json")])
def test_format_is_for_people_only_while_developing(debug: str, form: str) -> None:
    shown = "from lms_project import settings; print(settings.LOG_FORMAT)"
    secrets = {"SECRET_KEY": "x", "FIELD_ENCRYPTION_KEYS": "ZGV2ZWxvcG1lbnQtb25seS1rZXktb2YtMzItYnl0ZXM="}
    assert run(shown, DEBUG=debug, **secrets).stdout.strip() == form


def test_format_that_nobody_knows_stops_the_start() -> None:
    ended = run("import lms_project.settings", LOG_FORMAT="xml")
    assert ended.stderr.strip().endswith("LOG_FORMAT must be one of line and json, not “xml”.")
