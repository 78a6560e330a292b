"""Every request has an id, which its answer tells and its log lines carry."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from conferences.providers import trail
from lms_project.request_trail import followed

ANY = re.compile(r"[0-9a-f]{32}")


def ask(path: str = "/healthz", **headers: str) -> Any:
    return Client(raise_request_exception=False).get(path, headers=headers)


def test_request_without_an_id_gets_one() -> None:
    assert ANY.fullmatch(ask()["X-Request-ID"])


@pytest.mark.parametrize("given", ["abcd1234", "a.B_c-9" * 9])
def test_sane_id_is_kept(given: str) -> None:
    assert ask(X_Request_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "has space", "line%0abreak", "<script>alert", "ünicode-id"])
def test_other_id_is_replaced(given: str) -> None:
    assert ANY.fullmatch(ask(X_Request_ID=given)["X-Request-ID"])


def test_work_of_the_request_knows_its_id_and_nothing_afterwards_does() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(trail.here().request_id)

    answer = followed(view)(RequestFactory().get("/", headers={"X-Request-ID": "click-0001"}))
    assert (answer.content, trail.here().request_id) == (b"click-0001", "")  # type: ignore[attr-defined]


def access(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    records = [record for record in caplog.records if record.name == "lms_project.request_trail"]
    names = ("levelname", "method", "path", "status", "user")
    return [{name: getattr(record, name) for name in names} for record in records]


def test_line_tells_path_and_user_by_number_and_never_the_query(
    caplog: pytest.LogCaptureFixture, client: Client, db: None
) -> None:
    user = User.objects.create(username="kim@example.org")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    caplog.set_level(logging.INFO, "lms_project")
    client.get("/conferences/?q=canary")
    (told,) = access(caplog)
    assert told == {"levelname": "INFO", "method": "GET", "path": "/conferences/", "status": 200, "user": user.pk}
    assert "canary" not in caplog.text
    assert re.search(r"GET /conferences/ → 200 in \d+ ms", caplog.text)


@pytest.mark.parametrize("path", ["/healthz", "/nowhere"])
def test_stranger_has_no_number(caplog: pytest.LogCaptureFixture, path: str) -> None:
    """And nobody asks the database who it is."""
    caplog.set_level(logging.DEBUG, "lms_project")
    ask(path)
    assert access(caplog)[0]["user"] is None


def test_probes_are_told_of_only_to_whoever_looks_closely(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "lms_project")
    ask("/healthz")
    assert access(caplog)[0]["levelname"] == "DEBUG"


def test_request_that_breaks_has_id_and_line_too(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "lms_project")
    broken: Callable[..., None] = lambda *_: 1 / 0  # type: ignore[assignment,return-value]  # noqa: E731
    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", broken)
    assert ANY.fullmatch(ask("/nowhere")["X-Request-ID"])
    assert access(caplog)[0]["status"] == 500
