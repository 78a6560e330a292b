"""Zoom wants a uuid encoded twice when it begins with a slash or has two in a row."""

from urllib.parse import quote

import pytest

from zoom_integration.sandbox.stories import odd_runs
from zoom_integration.tests.sandbox.asking import Asker, segment

REPORT = "/report/webinars/{}/participants"


def _once(uuid: str) -> str:
    return quote(uuid, safe="")


@pytest.mark.parametrize("story", odd_runs.SLASHES)
def test_uuid_encoded_by_the_rule_is_found(zoom: Asker, story: str) -> None:
    answer = zoom.json(REPORT.format(segment(odd_runs.uuid(story))))
    assert answer["total_records"] == 4


@pytest.mark.parametrize("story", odd_runs.SLASHES)
def test_uuid_encoded_twice_is_always_found(zoom: Asker, story: str) -> None:
    assert zoom.get(REPORT.format(_once(_once(odd_runs.uuid(story))))).status_code == 200


@pytest.mark.parametrize(("story", "code"), [("leading_slash", 3001), ("two_slashes", 2300), ("both_slashes", 3001)])
def test_slashes_encoded_once_are_not_found(zoom: Asker, story: str, code: int) -> None:
    assert zoom.refusal(REPORT.format(_once(odd_runs.uuid(story))))[:2] == (404, code)


def test_refusal_quotes_the_uuid_without_its_slash(zoom: Asker) -> None:
    uuid = odd_runs.uuid("leading_slash")
    assert zoom.refusal(REPORT.format(_once(uuid)))[2] == f"Meeting does not exist: {uuid[1:]}."


@pytest.mark.parametrize("story", odd_runs.SLASHES)
def test_slashes_as_they_are_lead_nowhere(zoom: Asker, story: str) -> None:
    assert zoom.refusal(REPORT.format(quote(odd_runs.uuid(story))))[:2] == (404, 2300)


def test_unknown_uuid_is_not_found(zoom: Asker) -> None:
    assert zoom.refusal(REPORT.format("AAAAAAAAAAAAAAAAAAAAAA%3D%3D"))[:2] == (404, 3001)


@pytest.mark.parametrize("address", ["/nothing", "/past_webinars/91234567890", "/webinars"])
def test_address_of_nothing_is_not_recognised(zoom: Asker, address: str) -> None:
    assert zoom.refusal(address)[:2] == (404, 2300)
