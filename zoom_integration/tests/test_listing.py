"""must-beat 13 and 25: every list is read to its end, and to its end only."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from conferences.providers.errors import Malformed, Missing, NotPermitted, ProviderError, Rejected
from conferences.providers.paging import MANY_KNOWN_PAGES
from zoom_integration.listing import ignore, rows
from zoom_integration.tests.account import page

Answer = dict[str, Any] | ProviderError


class Script:
    """Answers in order, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, str]] = []

    def __call__(self, params: Mapping[str, str]) -> dict[str, Any]:
        self.asked.append(dict(params))
        answer = self.answers.pop(0)
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    def ids(self) -> list[str]:
        return [row["id"] for row in self.rows()]

    def rows(self, totals: list[int] | None = None) -> Iterator[dict[str, Any]]:
        return rows(self, {"page_size": "300"}, "users", ignore if totals is None else totals.append)


def expired(code: str = "300", status: int = 400) -> Rejected:
    return Rejected("Expired.", status=status, provider_code=code)


def test_an_empty_token_ends_the_list() -> None:
    """facts 0.6: sending it back would give the first page for ever."""
    script = Script(page("users", "1", "2", token="t1"), page("users", "3", token="t2"), page("users", "4"))
    assert script.ids() == ["1", "2", "3", "4"]
    assert script.asked == [
        {"page_size": "300"},
        {"page_size": "300", "next_page_token": "t1"},
        {"page_size": "300", "next_page_token": "t2"},
    ]


@pytest.mark.parametrize(
    "last", [{"users": []}, *({"users": [], "next_page_token": none} for none in (None, " ", "\t"))]
)
def test_a_missing_null_or_blank_token_ends_the_list_too(last: dict[str, Any]) -> None:
    assert Script(page("users", "1", token="t1"), last).ids() == ["1"]


def test_pages_are_asked_for_only_when_they_are_needed() -> None:
    script = Script(page("users", "1", token="t1"), page("users", "2"))
    listing = script.rows()
    assert script.asked == []
    next(listing)
    assert len(script.asked) == 1


def test_greatest_total_of_all_pages_is_handed_over() -> None:
    totals: list[int] = []
    script = Script(
        page("users", "1", token="t1", total_records=3),
        page("users", "2", token="t2", total_records="many"),
        page("users", "3", token="t3", total_records="25"),
        page("users", "4", total_records=0),
    )
    assert len(list(script.rows(totals))) == 4
    assert totals == [25]


def test_total_of_a_list_that_was_read_again_is_that_of_the_last_reading() -> None:
    """Somebody may have been taken out of it in the meantime."""
    totals: list[int] = []
    script = Script(
        page("users", "1", token="t1", total_records=51),
        expired(),
        page("users", "1", token="t2", total_records=50),
        page("users", "2", total_records=50),
    )
    assert [row["id"] for row in script.rows(totals)] == ["1", "1", "2"]
    assert totals == [50]


def test_total_of_a_list_that_breaks_off_is_handed_over_too() -> None:
    totals: list[int] = []
    script = Script(page("users", "1", token="t1", total_records=9), NotPermitted("No."))
    with pytest.raises(NotPermitted):
        list(script.rows(totals))
    assert totals == [9]


def test_an_expired_token_starts_the_list_again() -> None:
    script = Script(page("users", "1", token="t1"), expired(), page("users", "1", token="t2"), page("users", "2"))
    assert script.ids() == ["1", "1", "2"]
    assert script.asked[2] == {"page_size": "300"}


def test_a_list_that_expires_three_times_is_read_to_its_end() -> None:
    broken = [each for number in range(3) for each in (page("users", "1", token=f"t{number}"), expired())]
    script = Script(*broken, page("users", "1", token="t3"), page("users", "2"))
    assert script.ids() == ["1", "1", "1", "1", "2"]


def test_an_expired_token_is_known_by_its_code_whatever_the_status() -> None:
    script = Script(page("users", "1", token="t1"), expired(status=404), page("users", "1"))
    assert script.ids() == ["1", "1"]


def test_a_list_that_expires_again_and_again_is_broken_after_what_was_good() -> None:
    """facts 0.6 and 3.3: it is begun again, but not for ever."""
    times = [(page("users", "1", token=f"t{number}"), expired()) for number in range(4)]
    script = Script(*(answer for pair in times for answer in pair))
    listing = script.rows()
    assert [next(listing)["id"] for _ in range(4)] == ["1"] * 4
    with pytest.raises(Rejected):
        next(listing)


@pytest.mark.parametrize(
    "error",
    [
        Rejected("Other.", status=400, provider_code="9999"),
        Missing("Gone.", status=400, provider_code="3000"),
        NotPermitted("No.", status=400, provider_code="4711"),
    ],
)
def test_other_refusals_do_not_start_the_list_again(error: ProviderError) -> None:
    """What is missing in mid-list broke the list: it does not mean that there is none."""
    script = Script(page("users", "1", token="t1"), error)
    with pytest.raises(Malformed if isinstance(error, Missing) else type(error)):
        script.ids()
    assert len(script.asked) == 2


def test_code_300_on_the_first_page_is_a_refusal() -> None:
    with pytest.raises(Rejected):
        Script(expired()).ids()


@pytest.mark.parametrize("answers", [("t1", "t1"), ("t1", "t2", "t1")])
def test_a_loop_ends_after_what_was_good(answers: tuple[str, ...]) -> None:
    script = Script(*(page("users", str(number), token=token) for number, token in enumerate(answers)))
    listing, got = script.rows(), []
    with pytest.raises(Malformed) as caught:
        got.extend(row["id"] for row in listing)
    assert caught.value.code == "paging_loop"
    assert len(script.asked) == len(answers)


def test_a_list_that_repeats_itself_under_ever_new_tokens_ends_after_what_was_good() -> None:
    """A heavy request each: such a list would cost the account its day."""
    script = Script(*(page("users", "1", "2", token=f"t{number}", total_records=50) for number in range(1000)))
    listing, got = script.rows(), []
    with pytest.raises(Malformed) as caught:
        got.extend(row["id"] for row in listing)
    assert caught.value.code == "paging_loop"
    assert len(script.asked) == MANY_KNOWN_PAGES + 1


def test_a_last_page_that_repeats_the_one_before_ends_the_list() -> None:
    script = Script(page("users", "1", "2", token="t1"), page("users", "1", "2"))
    assert script.ids() == ["1", "2", "1", "2"]


def test_a_list_begun_again_again_and_again_is_no_loop() -> None:
    """Each reading knows only what it has listed itself."""
    ids = [str(number) for number in range(MANY_KNOWN_PAGES + 2)]
    reading = [[page("users", each, token=f"{turn}.{each}") for each in ids] for turn in range(4)]
    script = Script(*(answer for pages in reading[:3] for answer in (*pages, expired())), *reading[3], page("users"))
    assert script.ids() == ids * 4


def test_a_token_that_is_no_text_is_malformed() -> None:
    with pytest.raises(Malformed):
        Script({"users": [], "next_page_token": 5}).ids()


def numbered(number: int, count: int, *ids: str) -> dict[str, Any]:
    return page("users", *ids, page_number=number, page_count=count)


def test_page_numbers_are_followed_where_there_is_no_token() -> None:
    """facts 2.1: the only parameter for paging that Zoom documents for this list."""
    script = Script(numbered(1, 3, "1", "2"), numbered(2, 3, "3"), numbered(3, 3, "4"))
    assert script.ids() == ["1", "2", "3", "4"]
    assert [asked.get("page_number") for asked in script.asked] == [None, "2", "3"]


def test_page_numbers_end_when_a_page_brings_nothing_new() -> None:
    script = Script(numbered(1, 9, "1"), numbered(1, 9, "1"))
    assert script.ids() == ["1", "1"]


def test_page_numbers_are_not_mixed_with_tokens() -> None:
    last = page("users", "2", page_number=1, page_count=2)
    assert Script(page("users", "1", token="t1", page_number=1, page_count=2), last).ids() == ["1", "2"]


@pytest.mark.parametrize("odd", [{"users": None}, {}, {"users": {"id": 1}}, {"total_records": 3}])
def test_a_page_without_its_list_is_malformed(odd: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        Script(odd).ids()


@pytest.mark.parametrize("empty", [{"total_records": 0}, {"users": None, "total_records": 0}])
def test_a_list_left_out_beside_a_total_of_zero_is_empty(empty: dict[str, Any]) -> None:
    assert Script(empty).ids() == []


def test_entries_that_are_no_objects_do_not_cost_the_others() -> None:
    listing = Script({"users": [{"id": "1"}, "odd", {"id": "2"}]}).rows()
    assert [next(listing)["id"], next(listing)["id"]] == ["1", "2"]
    with pytest.raises(Malformed):
        next(listing)
