"""Promise: an entry that failed validation is kept and listed; it never counts as data, and is never lost."""

from typing import Any

import pytest

from conferences.models import ChatMessage, Conference, FlawedEntry
from conferences.providers.records import ChatRecord, FlawRecord
from conferences.tests.sync.store.listings import STARTS_AT, Listings, counts

RAW = {"leave_time": "", "duration": -1}


def flaw(key: str = "row-1", *reasons: str, **more: Any) -> FlawRecord:
    return FlawRecord(key, reasons or ("no leave time",), **{"raw": RAW, "about": "Ann", **more})


def live() -> list[str]:
    return list(FlawedEntry.objects.filter(gone_at=None).order_by("provider_id").values_list("provider_id", flat=True))


def test_flaw_is_stored_with_its_reasons_and_what_was_said(sync: Listings, conference: Conference) -> None:
    assert sync(flaw("row-1", "no leave time", "negative length", stored=False)) == counts()
    (row,) = FlawedEntry.objects.all()
    assert (row.connection, row.conference, row.operation) == (conference.connection, conference, "attendance")
    assert (row.provider_id, row.about, row.reasons, row.raw, row.stored) == (
        "row-1",
        "Ann",
        ["no leave time", "negative length"],
        RAW,
        False,
    )


def test_second_sync_leaves_flaws_untouched(sync: Listings) -> None:
    sync(flaw())
    before = FlawedEntry.objects.values().get()
    sync(flaw())
    assert FlawedEntry.objects.values().get() == before


def test_flaw_that_changed_tells_what_is_wrong_now(sync: Listings) -> None:
    sync(flaw())
    sync(flaw("row-1", "left before joining", raw={"leave_time": "1999"}))
    row = FlawedEntry.objects.get()
    assert (row.reasons, row.raw, row.last_seen_at) == (["left before joining"], {"leave_time": "1999"}, sync.seen_at)


def test_only_a_clean_listing_marks_a_flaw_gone(sync: Listings) -> None:
    sync(flaw("row-1"), flaw("row-2"))
    sync(flaw("row-2"), clean=False)
    assert live() == ["row-1", "row-2"]
    sync(flaw("row-2"))
    assert live() == ["row-2"]
    sync(flaw("row-1"))
    assert live() == ["row-1"]


def test_operations_do_not_know_of_one_anothers_flaws(sync: Listings) -> None:
    sync(flaw(), operation="attendance")
    sync(flaw(), operation="chat")
    sync(operation="chat")
    assert list(FlawedEntry.objects.filter(gone_at=None).values_list("operation", flat=True)) == ["attendance"]


def test_entry_that_could_not_be_stored_may_be_any_row_so_none_is_gone(sync: Listings) -> None:
    message = ChatRecord("m1", STARTS_AT, "Ann", text="Hello")
    sync(message, operation="chat")
    sync(flaw(stored=False), operation="chat")
    assert ChatMessage.objects.get().gone_at is None
    sync(flaw(stored=True), operation="chat")
    assert ChatMessage.objects.get().gone_at == sync.seen_at


def test_reasons_are_counted_once_per_entry(sync: Listings) -> None:
    sync(flaw("row-1"), flaw("row-2"), flaw("row-3", "no join time"), flaw("row-1"), batch=2)
    assert sync.store.flaws.count == 3
    assert sync.store.flaws.reasons() == "no join time (1), no leave time (2)"


@pytest.mark.parametrize("key", ["join_url", "joinWebUrl", "download_url", "access_token", "Password", "passcode"])
def test_secrets_of_an_entry_are_kept_nowhere(sync: Listings, key: str) -> None:
    raw = {key: "canary", "deep": [{key: "canary", "id": 7}], "said": "Bearer canary-canary", "name": "Ann"}
    sync(flaw(raw=raw))
    assert FlawedEntry.objects.get().raw == {"deep": [{"id": 7}], "said": "Bearer •••", "name": "Ann"}


def test_whatever_an_entry_holds_can_be_stored(sync: Listings) -> None:
    sync(flaw("k\x00" + "k" * 600, "r" * 400, about="\x00A" * 300, raw={"\x00n": float("nan"), "at": STARTS_AT}))
    row = FlawedEntry.objects.get()
    assert (len(row.provider_id), row.reasons, row.about) == (512, ["r" * 255], "A" * 255)
    assert row.raw == {"n": "nan", "at": "2026-03-02 09:00:00+00:00"}
