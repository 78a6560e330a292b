"""Promise: an administrator edits the retry policy of each class of error, within safe bounds, and can take it back."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from conferences.admin.retry_policies import all_in_force
from conferences.models import RetryPolicy
from conferences.providers.policy import BUILT_IN, Policy
from conferences.sync.policies import in_force
from conferences.tests.admin.pages import errors, told

LIST = reverse("admin:conferences_retrypolicy_changelist")
ADD = reverse("admin:conferences_retrypolicy_add")
FORM = {
    "error_class": "server",
    "tries": "3",
    "first_wait_seconds": "2",
    "longest_wait_seconds": "20",
    "patience_seconds": "300",
}


def page_of(row: RetryPolicy) -> str:
    return reverse("admin:conferences_retrypolicy_change", args=[row.pk])


def reset_of(row: RetryPolicy) -> str:
    return reverse("admin:conferences_retrypolicy_reset", args=[row.pk])


def member(*permissions: str) -> Client:
    user = User.objects.create_user("member", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def row(db: None) -> RetryPolicy:
    values: dict[str, Any] = {**FORM, "tries": 3, "first_wait_seconds": 2, "longest_wait_seconds": 20}
    return RetryPolicy.objects.create(**values)


def test_list_shows_every_class_with_what_holds(client: Client, row: RetryPolicy) -> None:
    listed = {line.error_class: (line.policy, line.row) for line in client.get(LIST).context["classes"]}
    assert listed == {name: (policy, row if name == "server" else None) for name, policy in in_force().items()}
    assert listed["server"][0] == Policy(3, 2, 20, 300)


def test_form_of_a_class_starts_with_what_is_built_in(client: Client) -> None:
    line = next(line for line in all_in_force() if line.error_class == "network")
    form = client.get(line.url).context["adminform"].form
    started = {name: form[name].value() for name in FORM}
    assert started == {
        "error_class": "network",
        "tries": "5",
        "first_wait_seconds": "1.0",
        "longest_wait_seconds": "30.0",
        "patience_seconds": "300.0",
    }
    assert [name for name, _ in form.fields["error_class"].choices] == list(BUILT_IN)


def test_what_is_saved_holds_for_the_next_sync_and_says_by_whom(client: Client, administrator: User) -> None:
    client.post(ADD, FORM)
    row = RetryPolicy.objects.get()
    client.post(page_of(row), {**FORM, "tries": "4"})
    assert in_force() == {**BUILT_IN, "server": Policy(4, 2, 20, 300)}
    assert RetryPolicy.objects.get().changed_by == administrator


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tries": "0"}, "tries"),
        ({"tries": "11"}, "tries"),
        ({"error_class": "data", "tries": "4"}, "tries"),
        ({"error_class": "authentication", "tries": "4"}, "tries"),
        ({"first_wait_seconds": "0"}, "first_wait_seconds"),
        ({"first_wait_seconds": "61"}, "first_wait_seconds"),
        ({"first_wait_seconds": "nan"}, "first_wait_seconds"),
        ({"longest_wait_seconds": "301"}, "longest_wait_seconds"),
        ({"first_wait_seconds": "30"}, "longest_wait_seconds"),
        ({"patience_seconds": "1801"}, "patience_seconds"),
        ({"error_class": "permission"}, "error_class"),
        ({"error_class": "internal"}, "error_class"),
    ],
)
def test_what_is_out_of_bounds_is_refused_at_its_field(client: Client, changes: dict[str, str], field: str) -> None:
    response = client.post(ADD, {**FORM, **changes})
    assert field in errors(response)
    assert in_force() == BUILT_IN


def test_bounds_of_a_class_hold_for_a_change_too(client: Client, row: RetryPolicy) -> None:
    RetryPolicy.objects.update(error_class="data")
    response = client.post(page_of(row), {**FORM, "tries": "4"})
    assert errors(response) == {"tries": ["Errors of this class are tried at most 3 times."]}


def test_class_of_a_row_never_changes(client: Client, row: RetryPolicy) -> None:
    client.post(page_of(row), {**FORM, "error_class": "data"})
    assert RetryPolicy.objects.get().error_class == "server"


def test_reset_brings_back_what_is_built_in(client: Client, row: RetryPolicy) -> None:
    response = client.post(reset_of(row))
    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    assert in_force() == BUILT_IN
    assert told(response) == [("success", "Provider's server: reset to built-in. It holds for what is synced next.")]


def test_who_may_only_look_changes_nothing(row: RetryPolicy) -> None:
    client = member("view_retrypolicy")
    page = client.get(LIST)
    assert (page.status_code, page.context["may_change"]) == (200, False)
    refused = [client.post(ADD, FORM), client.post(page_of(row), {**FORM, "tries": "9"}), client.post(reset_of(row))]
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert RetryPolicy.objects.get().tries == 3


def test_who_may_change_may_set_and_reset_but_nobody_else_looks(row: RetryPolicy) -> None:
    assert member("view_syncrun").get(LIST).status_code == 403
    User.objects.all().delete()
    client = member("change_retrypolicy")
    client.post(ADD, {**FORM, "error_class": "network"})
    client.post(reset_of(row))
    assert list(RetryPolicy.objects.values_list("error_class", flat=True)) == ["network"]
