"""F56: whatever the links between pages say, a listing ends, and what its good pages gave is kept."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.errors import Malformed, Missing, ProviderError, Rejected, ServerTrouble
from conferences.providers.paging import MANY_EMPTY_PAGES, MANY_KNOWN_PAGES, Page, Repeats, entries, pages

Site = dict[str, dict[str, Any]]


def values(page: Page) -> object:
    return page.get("value")


def whole(page: Page) -> object:
    return [page]


def walk(site: Site, *, max_pages: int = 50) -> Iterator[object]:
    asked = pages(
        lambda cursor: site[cursor], lambda page: page.get("next"), who="It", listed=values, max_pages=max_pages
    )
    for page in asked:
        yield from (entry["n"] for entry in entries(page, "value", "It"))


def listing(*links: object) -> Site:
    """Pages whose addresses are "", "1", "2", … with one entry each, and these links to the next."""
    return {str(at or ""): {"value": [{"n": at}], "next": link} for at, link in enumerate(links)}


def seen_before(code: str, walked: Iterator[object]) -> list[object]:
    """What came before the Malformed with this code."""
    got: list[object] = []
    with pytest.raises(Malformed) as caught:
        got.extend(iter_into(got, walked))
    assert caught.value.code == code
    return got


def iter_into(got: list[object], walked: Iterator[object]) -> list[object]:
    for entry in walked:
        got.append(entry)  # noqa: PERF402
    return []


@pytest.mark.parametrize("end", [None, ""])
def test_pages_walks_to_the_end(end: str | None) -> None:
    assert list(walk(listing("1", "2", end))) == [0, 1, 2]


def test_pages_ends_where_the_link_is_absent() -> None:
    assert list(walk({"": {"value": [{"n": 1}]}})) == [1]


def test_pages_goes_on_after_an_empty_page() -> None:
    site: Site = {"": {"value": [], "next": "1"}, "1": {"value": [{"n": 1}]}}
    assert list(walk(site)) == [1]


@pytest.mark.parametrize(
    ("links", "kept"),
    [(("1", "1"), [0, 1]), (("1", "2", "1"), [0, 1, 2]), (("1", "2", "3", "2"), [0, 1, 2, 3])],
)
def test_pages_stops_at_a_loop_and_keeps_what_it_read(links: tuple[str, ...], kept: list[int]) -> None:
    assert seen_before("paging_loop", walk(listing(*links))) == kept


def test_pages_stops_a_list_that_never_ends() -> None:
    def fetch(cursor: str) -> dict[str, Any]:
        return {"value": [{"n": cursor}], "next": f"{cursor}x"}

    endless = (
        page["value"][0]["n"] for page in pages(fetch, lambda page: page["next"], who="It", listed=values, max_pages=7)
    )
    assert len(seen_before("paging_loop", endless)) == 7


@pytest.mark.parametrize("link", [7, True, ["2"], {"href": "2"}, 0.5])
def test_pages_refuses_a_link_that_is_no_text(link: object) -> None:
    assert seen_before("malformed_answer", walk(listing("1", link))) == [0, 1]


@pytest.mark.parametrize("value", [None, {}, "text", 7, {"0": {"n": 1}}])
def test_entries_refuses_what_is_no_list(value: object) -> None:
    site = listing("1", None)
    site["1"]["value"] = value
    assert seen_before("malformed_answer", walk(site)) == [0]


def test_entries_refuses_a_page_without_the_list() -> None:
    assert seen_before("malformed_answer", walk({"": {"n": 1}})) == []


@pytest.mark.parametrize("odd", [None, "text", 7, ["list"], True])
def test_entries_gives_the_good_ones_before_it_refuses_the_others(odd: object) -> None:
    page = {"value": [{"n": 1}, odd, {"n": 2}]}
    assert seen_before("malformed_answer", (entry["n"] for entry in entries(page, "value", "It"))) == [1, 2]


def test_pages_passes_on_what_breaks_a_page() -> None:
    def fetch(cursor: str) -> dict[str, Any]:
        if cursor:
            raise ServerTrouble("down")
        return {"value": [{"n": 0}], "next": "1"}

    walked = pages(fetch, lambda page: page.get("next"), who="It", listed=values)
    assert next(walked)["value"] == [{"n": 0}]
    with pytest.raises(ServerTrouble):
        next(walked)


class Expiring:
    """Three pages; the second one's link is refused so many times."""

    def __init__(self, error: ProviderError, times: int, at: str = "1") -> None:
        self.error, self.times, self.at = error, times, at

    def __call__(self, cursor: str) -> dict[str, Any]:
        if cursor == self.at and self.times:
            self.times -= 1
            raise self.error
        return listing("1", "2", None)[cursor]

    def walk(self) -> Iterator[object]:
        return (page["value"][0]["n"] for page in pages(self, lambda page: page["next"], who="It", listed=values))


@pytest.mark.parametrize("error", [Rejected("expired", status=400), Missing("expired", status=410)])
def test_pages_starts_again_once_when_a_link_has_expired(error: ProviderError) -> None:
    """must-beat 25: the list restarts; whoever stores it stores each entry once."""
    assert list(Expiring(error, 1).walk()) == [0, 0, 1, 2]
    with pytest.raises((Rejected, Malformed)):
        list(Expiring(error, 2).walk())


@pytest.mark.parametrize("error", [Rejected("no", status=422), ServerTrouble("no", status=500)])
def test_pages_does_not_start_again_for_other_errors(error: ProviderError) -> None:
    with pytest.raises(type(error)):
        list(Expiring(error, 1).walk())


def test_pages_does_not_start_again_when_the_question_itself_is_refused() -> None:
    expiring = Expiring(Rejected("no", status=400), 1, at="")
    with pytest.raises(Rejected):
        list(expiring.walk())
    assert expiring.times == 0


@given(st.lists(st.integers(min_value=0, max_value=12), min_size=13, max_size=13), st.integers(0, 12))
def test_pages_always_ends_whatever_the_links_say(targets: list[int], last: int) -> None:
    """Any graph of thirteen pages: every page is read at most once, or a loop is reported."""
    site: Site = {
        str(at or ""): {"value": [{"n": at}], "next": None if at == last else str(target)}
        for at, target in enumerate(targets)
    }
    site["0"] = site[""]
    read: list[object] = []
    with suppress(Malformed):
        iter_into(read, walk(site))
    # The first page has two names, so it may be read twice.
    assert len(read) <= len(site)
    assert len(set(read)) >= len(read) - 1


@pytest.mark.parametrize("at", ["1", "2"])
def test_pages_a_further_page_that_is_missing_is_a_broken_list_and_not_an_unknown_one(at: str) -> None:
    assert seen_before("broken_listing", Expiring(Missing("no", status=404), 9, at).walk()) == list(range(int(at)))


def test_pages_a_list_that_vanishes_while_it_starts_again_is_broken_too() -> None:
    errors: list[ProviderError] = [Missing("gone", status=404), Missing("expired", status=410)]

    def fetch(cursor: str) -> dict[str, Any]:
        if cursor or len(errors) < 2:
            raise errors.pop()
        return {"n": 0, "next": "1"}

    walked = (page["n"] for page in pages(fetch, lambda page: page["next"], who="It", listed=whole))
    assert seen_before("broken_listing", walked) == [0]


def test_pages_a_first_page_that_is_missing_is_an_unknown_list() -> None:
    with pytest.raises(Missing):
        list(Expiring(Missing("no", status=404), 1, at="").walk())


@pytest.mark.parametrize(
    "link",
    [
        "https://api.example/list?$expand=all&id=a%3D",
        "https://API.example/list?id=a%3d&%24expand=all",
        "https://api.example/%6Cist?%24expand=all&id=a=",
    ],
)
def test_pages_knows_a_link_back_to_the_first_page_before_it_follows_it(link: str) -> None:
    first = "https://api.example/list?%24expand=all&id=a%3D"
    walked = (page["n"] for page in pages(lambda _: {"n": 0}, lambda _: link, who="It", listed=whole, first=first))
    assert seen_before("paging_loop", walked) == [0]


@pytest.mark.parametrize("link", ["https://api.example/list?id=b", "https://api.example/list", "https://[", "list"])
def test_pages_takes_no_other_link_for_the_first_page(link: str) -> None:
    site = {"": {"n": 0, "next": link}, link: {"n": 1}}
    first = "https://api.example/list?id=a"
    walked = pages(lambda at: site[at], lambda page: page.get("next"), who="It", listed=whole, first=first)
    assert [page["n"] for page in walked] == [0, 1]


def empty_but(full: set[int], links: int) -> Iterator[object]:
    """Pages with ever-new links, all of them empty but these."""

    def fetch(cursor: str) -> dict[str, Any]:
        at = int(cursor or 0)
        return {"value": [at] if at in full else [], "next": str(at + 1) if at < links else None}

    walked = pages(fetch, lambda page: page["next"], who="It", listed=values)
    return (entry for page in walked for entry in page["value"])


def test_pages_does_not_follow_empty_pages_for_ever() -> None:
    assert seen_before("paging_loop", empty_but({0}, 10**6)) == [0]


def test_pages_outlasts_a_few_empty_pages_in_a_row_as_often_as_they_come() -> None:
    full = {MANY_EMPTY_PAGES - 1, 2 * MANY_EMPTY_PAGES - 1}
    assert list(empty_but(full, 2 * MANY_EMPTY_PAGES)) == sorted(full)


def numbered(*listed: list[Any], last: bool = True) -> Iterator[Any]:
    """Pages that list this, each with a link that was never seen before; the last one ends the list, or goes on."""

    def fetch(cursor: str) -> dict[str, Any]:
        at = int(cursor or 0)
        ends = last and at == len(listed) - 1
        return {"value": listed[min(at, len(listed) - 1)], "next": None if ends else str(at + 1)}

    walked = pages(fetch, lambda page: page["next"], who="It", listed=values)
    return (entry for page in walked for entry in page["value"])


GUEST = {"name": "Guest", "id": ""}


def test_pages_a_list_that_repeats_itself_under_ever_new_links_is_a_loop() -> None:
    """What was good is kept, and it ends after a few requests instead of thousands."""
    rows = [{"n": number} for number in range(10)]
    assert seen_before("paging_loop", numbered(rows, last=False)) == rows * (MANY_KNOWN_PAGES + 1)


def test_pages_a_circle_of_several_pages_under_ever_new_links_is_a_loop() -> None:
    circle = [[{"n": 1}], [{"n": 2}], [{"n": 3}]]
    walked = numbered(*circle, *(page[:] for page in circle), last=False)
    assert seen_before("paging_loop", walked) == [{"n": 1}, {"n": 2}, {"n": 3}] * 2


def test_pages_a_known_page_counts_in_whatever_order_its_entries_and_their_keys_come() -> None:
    rows = [{"a": 1, "b": 2}, {"a": 3}]
    turned = [{"a": 3}, {"b": 2, "a": 1}]
    assert len(seen_before("paging_loop", numbered(rows, turned, last=False))) == 2 * (MANY_KNOWN_PAGES + 1)


def test_pages_empty_pages_in_between_do_not_hide_a_circle() -> None:
    rows: list[Any] = [GUEST]
    walked = numbered(rows, *([], rows) * MANY_KNOWN_PAGES, [{"n": "never reached"}])
    assert seen_before("paging_loop", walked) == [GUEST] * (MANY_KNOWN_PAGES + 1)


@pytest.mark.parametrize("again", [1, MANY_KNOWN_PAGES - 1])
def test_pages_goes_on_after_a_few_pages_that_it_knows(again: int) -> None:
    """A list may move while it is read; whenever it brings something new, the count begins anew."""
    known, one, two = [{"n": 0}], [{"n": 1}], [{"n": 2}]
    walked = list(numbered(known, *[known] * again, one, *[known] * again, two))
    assert walked == [*known * (again + 1), *one, *known * again, *two]


def test_pages_one_new_entry_among_known_ones_is_something_new() -> None:
    grown = [[{"n": each} for each in range(number + 1)] for number in range(3 * MANY_KNOWN_PAGES)]
    assert len(list(numbered(*grown))) == sum(len(page) for page in grown)


def test_pages_entries_that_differ_in_anything_are_new() -> None:
    guests = [[{**GUEST, "joined": number}] for number in range(3 * MANY_KNOWN_PAGES)]
    assert [row["joined"] for row in numbered(*guests)] == list(range(3 * MANY_KNOWN_PAGES))


def test_pages_equals_on_one_page_are_nothing_known() -> None:
    assert list(numbered([GUEST, GUEST], [{"n": 1}])) == [GUEST, GUEST, {"n": 1}]


def test_pages_a_whole_last_page_may_be_known() -> None:
    known = [GUEST]
    assert list(numbered(*[known] * (MANY_KNOWN_PAGES + 1))) == known * (MANY_KNOWN_PAGES + 1)


def test_pages_a_list_begun_again_is_read_to_its_end_however_many_pages_it_knows_by_then() -> None:
    errors = [Rejected("expired", status=400)]
    last = 2 * MANY_KNOWN_PAGES

    def fetch(cursor: str) -> dict[str, Any]:
        at = int((cursor or "0").rpartition(" ")[2])
        if at == last and errors:
            raise errors.pop()
        # The links of the second reading are others than those of the first.
        return {"value": [{"n": at}], "next": f"{len(errors)} {at + 1}" if at < last else None}

    walked = pages(fetch, lambda page: page["next"], who="It", listed=values)
    assert [page["value"][0]["n"] for page in walked] == [*range(last), *range(last + 1)]


@pytest.mark.parametrize("odd", [None, "text", 7, {"n": 1}])
def test_pages_what_is_no_list_brings_nothing(odd: object) -> None:
    walked = pages(lambda at: {"value": odd, "next": f"{at}x"}, lambda page: page["next"], who="It", listed=values)
    assert len(seen_before("paging_loop", walked)) == MANY_EMPTY_PAGES


def test_repeats_leaves_out_what_an_earlier_page_listed_however_its_keys_are_ordered() -> None:
    repeats = Repeats()
    assert list(repeats.without([{"a": 1, "b": [2]}, {"a": 2}])) == [{"a": 1, "b": [2]}, {"a": 2}]
    assert list(repeats.without([{"b": [2], "a": 1}, {"a": 3}])) == [{"a": 3}]


def test_repeats_keeps_equals_of_one_page_for_they_may_be_two_people() -> None:
    guest = {"identity": {"displayName": "Guest \ud800"}, "joined": "10:00"}
    repeats = Repeats()
    assert list(repeats.without([guest, guest])) == [guest, guest]
    assert list(repeats.without([guest, guest])) == []


@pytest.mark.parametrize(("word", "restarts"), [("300", True), ("9999", False)])
def test_pages_lets_the_provider_say_what_an_expired_link_is(word: str, restarts: bool) -> None:
    site = Expiring(Missing("refused", status=404, provider_code=word), 1)
    walked = pages(
        site, lambda page: page["next"], who="It", listed=values, expired=lambda error: error.provider_code == "300"
    )
    got: list[object] = []
    with suppress(Missing, Malformed):
        got.extend(page["value"][0]["n"] for page in walked)
    assert got == ([0, 0, 1, 2] if restarts else [0])
