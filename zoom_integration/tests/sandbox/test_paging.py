import time

import pytest

from zoom_integration.sandbox.stories import big_class, odd_rows, odd_runs
from zoom_integration.sandbox.stories.cast import JONAS
from zoom_integration.tests.sandbox.asking import Asker, asking, segment

STALE = (400, 300, "The next page token is invalid or expired.")
BIG = f"/report/webinars/{segment(big_class.UUID)}/participants"


def _of(story: str) -> str:
    return f"/report/webinars/{segment(odd_runs.uuid(story))}/participants"


@pytest.mark.parametrize(
    ("size", "pages"), [(0, [0]), (1, [1]), (300, [300]), (301, [300, 1]), (5_000, [300] * 16 + [200])]
)
def test_pages_of_every_size(zoom: Asker, size: int, pages: list[int]) -> None:
    path = _of(f"size_{size}")
    assert [len(page) for page in zoom.pages(path, "participants", page_size=300)] == pages
    first = zoom.json(path, page_size=300)
    assert (first["total_records"], first["page_count"]) == (size, len(pages))


def test_page_has_thirty_rows_unless_told(zoom: Asker) -> None:
    answer = zoom.json(BIG)
    assert (answer["page_size"], len(answer["participants"])) == (30, 30)


def test_token_is_empty_at_the_end_and_then_means_the_beginning(zoom: Asker) -> None:
    first = zoom.json(BIG, page_size=300)
    last = zoom.json(BIG, page_size=300, next_page_token=first["next_page_token"])
    assert last["next_page_token"] == ""
    assert zoom.json(BIG, page_size=300, next_page_token="")["participants"] == first["participants"]


@pytest.mark.parametrize("size", ["301", "0", "-1", "many", ""])
def test_page_size_is_refused(zoom: Asker, size: str) -> None:
    answer = zoom.get(f"{BIG}?page_size={size}")
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


@pytest.mark.parametrize("token", ["x", "eyJhIjogMX0=", "bnVsbA=="])
def test_token_that_is_none_is_refused(zoom: Asker, token: str) -> None:
    assert zoom.refusal(BIG, next_page_token=token) == STALE


def test_token_is_good_for_its_own_question_only(zoom: Asker) -> None:
    token = zoom.json(BIG)["next_page_token"]
    assert zoom.refusal(BIG, page_size=300, next_page_token=token) == STALE
    assert zoom.refusal(_of("size_301"), next_page_token=token) == STALE


def test_token_dies_after_a_quarter_of_an_hour(own_zoom: Asker) -> None:
    token = own_zoom.json(BIG)["next_page_token"]
    issued = time.time()
    own_zoom.zoom.pages.now = lambda: issued + 890
    assert own_zoom.get(BIG, next_page_token=token).status_code == 200
    own_zoom.zoom.pages.now = lambda: issued + 901
    assert own_zoom.refusal(BIG, next_page_token=token) == STALE


def test_tokens_can_be_made_to_expire_at_once(own_zoom: Asker) -> None:
    own_zoom.zoom.switches["expire-pages"]()
    token = own_zoom.json(BIG)["next_page_token"]
    assert own_zoom.get(BIG, next_page_token=token).status_code == 200
    assert own_zoom.switch("expire-pages") == 204
    assert own_zoom.refusal(BIG, next_page_token=token) == STALE


def test_scenario_of_stale_pages_fails_every_list_once() -> None:
    with asking("stale-pages") as zoom:
        token = zoom.json(BIG)["next_page_token"]
        assert zoom.refusal(BIG, next_page_token=token) == STALE
        assert len(zoom.rows(BIG, "participants")) == 301


def test_repeated_row_and_cut_page_contradict_the_total(zoom: Asker) -> None:
    repeated, cut = (f"/report/webinars/{segment(odd_rows.uuid(story))}/participants" for story in ("repeated", "cut"))
    pages = zoom.pages(repeated, "participants", page_size=300)
    assert pages[1] == [pages[0][-1]]
    assert zoom.json(repeated)["total_records"] == 300
    assert (len(zoom.rows(cut, "participants")), zoom.json(cut)["total_records"]) == (40, 45)


def test_list_of_webinars_pages_by_number_where_there_is_no_token(own_zoom: Asker) -> None:
    own_zoom.account.list_tokens = False
    path = f"/users/{JONAS.id}/webinars"
    whole = own_zoom.json(path, page_size=300)
    pages = [own_zoom.json(path, page_size=2, page_number=number + 1) for number in range(whole["total_records"])]
    assert {page["next_page_token"] for page in pages} == {""}
    assert [row for page in pages for row in page["webinars"]] == whole["webinars"]
    assert {page["page_count"] for page in pages} == {-(-whole["total_records"] // 2)}
