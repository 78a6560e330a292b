import base64
from urllib.parse import quote

import pytest
import requests

from teams_integration.sandbox.stories.cast import HARRIET, INGRID, SOFIA, WEI
from teams_integration.sandbox.stories.seminar_chat import SHARED
from teams_integration.tests.sandbox.asking import Asker

CHILDREN = f"/users/{INGRID.id}/drive/root:/Recordings:/children"
SLIDES, NOTES, HANDOUT = SHARED


def _share(url: str) -> str:
    return f"/shares/u!{base64.urlsafe_b64encode(url.encode()).decode().rstrip('=')}/driveItem"


def test_folder_pages_by_two_hundred(graph: Asker) -> None:
    assert [len(page) for page in graph.pages(CHILDREN)] == [200, 18]
    assert [len(page) for page in graph.pages(CHILDREN, top="90")] == [90, 90, 38]


def test_folder_is_found_by_principal_name_as_well(graph: Asker) -> None:
    assert len(graph.json(CHILDREN.replace(INGRID.id, INGRID.email))["value"]) == 200


def test_folder_of_another_language_is_found_by_its_own_name_only(graph: Asker) -> None:
    path = f"/users/{SOFIA.id}/drive/root:/{{}}:/children"
    assert graph.refusal(path.format("Recordings"))[:2] == (404, "itemNotFound")
    assert len(graph.rows(path.format("Grabaciones"))) == 1


def test_search_finds_by_any_word_in_any_folder(graph: Asker) -> None:
    found = graph.rows(f"/users/{SOFIA.id}/drive/root/search(q='Spanish Reading')")
    assert [item["parentReference"]["path"] for item in found] == ["/drive/root:/Grabaciones"]


def test_search_text_has_its_quotes_doubled(graph: Asker) -> None:
    path = f"/users/{SOFIA.id}/drive/root/search(q='{{}}')"
    assert graph.json(path.format("Spanish''s"))["value"] == []
    assert graph.refusal(path.format("Spanish's"))[0] == 400


def test_person_without_onedrive_has_no_site(graph: Asker) -> None:
    refused = graph.refusal(f"/users/{WEI.id}/drive/root:/Recordings:/children")
    assert refused == (404, "itemNotFound", "User's mysite not found.")


def test_closed_onedrive_is_refused(graph: Asker) -> None:
    assert graph.refusal(f"/users/{HARRIET.id}/drive/root:/Recordings:/children")[:2] == (403, "accessDenied")


def test_content_leads_to_an_address_that_wants_no_token(graph: Asker) -> None:
    item = graph.json(CHILDREN)["value"][0]
    answer = graph.get(f"/drives/{quote(item['parentReference']['driveId'])}/items/{item['id']}/content")
    link = answer.headers["Location"]
    assert (answer.status_code, link) == (302, item["@microsoft.graph.downloadUrl"])
    verify = graph.served.ca_bundle
    assert requests.get(link, verify=verify, timeout=10).status_code == 200
    token = {"Authorization": f"Bearer {graph.token}"}
    assert requests.get(link, headers=token, verify=verify, timeout=10).status_code == 401


def test_item_is_found_by_drive_and_id(graph: Asker) -> None:
    item = graph.json(CHILDREN)["value"][0]
    found = graph.json(f"/drives/{quote(item['parentReference']['driveId'])}/items/{item['id']}")
    assert found["name"] == item["name"]
    assert graph.refusal(f"/drives/{quote(item['parentReference']['driveId'])}/items/nothing")[0] == 404


def test_shared_file_is_found_by_its_address(graph: Asker) -> None:
    assert graph.json(_share(SLIDES))["name"] == "Week 6 – slides #2 (50%).pdf"


def test_recording_is_found_by_the_address_of_the_chat_event(graph: Asker) -> None:
    item = graph.rows(CHILDREN)[-1]
    assert graph.json(_share(f"{item['webUrl']}?web=1"))["id"] == item["id"]


def test_shared_file_can_be_refused_or_gone(graph: Asker) -> None:
    assert graph.refusal(_share(NOTES))[:2] == (403, "accessDenied")
    assert graph.refusal(_share(HANDOUT))[:2] == (404, "itemNotFound")


@pytest.mark.parametrize("token", ["abc", "u!abc=", "u!a+b", "u!%2Fx", "u!!!"])
def test_share_token_in_another_spelling_is_refused(graph: Asker, token: str) -> None:
    assert graph.refusal(f"/shares/{token}/driveItem")[:2] == (400, "invalidRequest")


def test_query_option_that_is_none_is_refused(graph: Asker) -> None:
    assert graph.refusal(CHILDREN, filter="name eq 'x'")[0] == 400
