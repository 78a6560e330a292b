"""Promise: a secret goes in and never comes out. Adding leads from the provider to what the check found."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conferences.models import Connection
from conferences.providers import registry
from conferences.providers.base import Check, Link
from conferences.tests.by_hand.addresses import addresses
from conferences.tests.campus_integration.apps import CampusConfig

ADD = "/admin/conferences/connection/add/?provider=campus"
SECRET = "xyzzy-very-secret-7731"


def typed(**changes: str) -> dict[str, str]:
    return {"name": "New campus", "credential_script": "quick", "credential_key": SECRET, **changes}


def added(client: Client, on_commit: Any, **changes: str) -> Any:
    with on_commit(execute=True):
        return client.post(ADD, typed(**changes), follow=False)


def test_new_connection_leads_to_its_check_with_what_comes_next(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    answer = added(client, django_capture_on_commit_callbacks)
    connection = Connection.objects.get()
    assert answer["Location"] == f"/connections/{connection.pk}/check/"
    page = client.get(answer["Location"]).text
    assert ("Everything is permitted." in page, "sync its conferences</a>." in page) == (True, True)


def test_what_is_missing_comes_before_the_sync(
    client: Client, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(self: CampusConfig, credentials: Mapping[str, Any], link: Link) -> Iterator[Check]:
        yield Check("attendance", "blocked", "Attendance may not be read.", ("doors",), "Ask the porter.")

    monkeypatch.setattr(CampusConfig, "check", refusing)
    page = client.get(added(client, django_capture_on_commit_callbacks)["Location"]).text
    told = ("do what stands below, and check again.</p>", "Ask the porter.", "sync its conferences</a>")
    assert [words in page for words in told] == [True, True, False]


def test_one_who_goes_on_editing_stays_in_the_admin(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    answer = added(client, django_capture_on_commit_callbacks, _continue="1")
    assert answer["Location"].startswith(f"/admin/conferences/connection/{Connection.objects.get().pk}/change/")


def test_secret_is_in_no_answer_address_history_or_statement_of_the_admin(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    refused = added(client, django_capture_on_commit_callbacks, name="")
    stored = added(client, django_capture_on_commit_callbacks)
    connection = Connection.objects.get()
    change = f"/admin/conferences/connection/{connection.pk}/change/"
    wrong = client.post(change, typed(name="", credential_key=f"{SECRET}-2"))
    client.post(change, typed(credential_key=f"{SECRET}-3"))
    connection.refresh_from_db()
    assert connection.credentials.reveal()["key"] == f"{SECRET}-3"
    answers = [refused, stored, wrong]
    places = [address.replace("/1/", f"/{connection.pk}/") for address in addresses() if "logout" not in address]
    answers += [client.get(address) for address in (change, *places)]
    told = [f"{dict(answer.items())} {answer.text}" for answer in answers if not answer.streaming]
    history = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert [text for text in (*told, *history) if SECRET in text] == []
    assert len(history) >= 2


def test_stored_secret_stands_in_no_statement(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    with CaptureQueriesContext(database) as queries:
        added(client, django_capture_on_commit_callbacks)
    assert [each["sql"] for each in queries if SECRET in each["sql"]] == []


@pytest.mark.parametrize("slug", ["teams", "zoom"])
def test_field_that_is_typed_says_where_to_find_it(slug: str) -> None:
    silent = [
        field.key for field in registry.provider(slug).credential_fields if not (field.help_text or field.choices)
    ]
    assert silent == []
