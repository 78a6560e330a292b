"""Chat messages and shared files."""

from typing import Any

from conferences.models import ChatMessage, SharedFile
from conferences.providers.records import ChatRecord, FileRecord
from conferences.tests.sync.store.listings import Listings, counts, every_row, minute


def chat(key: str = "m1", text: str = "Hello", at: float = 1, **more: Any) -> ChatRecord:
    return ChatRecord(key, minute(at), "Ann", text=text, **more)


def test_messages_that_say_the_same_are_two(sync: Listings) -> None:
    """Promise: chat loses no message that says the same thing, and each keeps its own time."""
    assert sync(chat("m1", "yes", 1), chat("m2", "yes", 2), operation="chat") == counts(created=2)
    assert list(ChatMessage.objects.values_list("text", "sent_at")) == [("yes", minute(1)), ("yes", minute(2))]


def test_deleted_message_keeps_its_text_and_says_when(sync: Listings) -> None:
    sync(chat(html="<b>Hello</b>"), operation="chat")
    assert sync(chat(text="", deleted_at=minute(9)), operation="chat") == counts(updated=1)
    row = ChatMessage.objects.get()
    assert (row.text, row.html, row.deleted_at) == ("Hello", "<b>Hello</b>", minute(9))


def test_restored_message_is_no_longer_deleted(sync: Listings) -> None:
    sync(chat(), operation="chat")
    sync(chat(text="", deleted_at=minute(9)), operation="chat")
    sync(chat(), operation="chat")
    assert list(ChatMessage.objects.values_list("text", "deleted_at")) == [("Hello", None)]


def test_edited_message_has_its_new_text(sync: Listings) -> None:
    sync(chat(html="<b>Hello</b>"), operation="chat")
    sync(chat(text="Hullo", edited_at=minute(5)), operation="chat")
    row = ChatMessage.objects.get()
    assert (row.text, row.html, row.edited_at) == ("Hullo", "", minute(5))


def test_message_listed_twice_is_one(sync: Listings) -> None:
    assert sync(chat(), chat(), operation="chat") == counts(created=1)
    assert sync(chat(), chat(), operation="chat", batch=1) == counts(unchanged=1)


def test_clean_listing_marks_what_it_left_out(sync: Listings) -> None:
    sync(chat("m1"), chat("m2"), operation="chat")
    sync(chat("m2"), operation="chat")
    rows = {row.provider_id: (row.text, row.gone_at) for row in ChatMessage.objects.all()}
    assert rows == {"m1": ("Hello", sync.seen_at), "m2": ("Hello", None)}


def test_moment_of_going_is_not_moved_by_later_syncs(sync: Listings) -> None:
    sync(chat("m1"), chat("m2"), operation="chat")
    sync(chat("m2"), operation="chat")
    first = sync.seen_at
    sync(chat("m2"), operation="chat")
    assert ChatMessage.objects.get(provider_id="m1").gone_at == first


def test_listing_of_chat_says_nothing_about_files(sync: Listings) -> None:
    sync(FileRecord("f1", "Slides.pdf"), operation="files")
    sync(chat("m1"), operation="chat")
    assert SharedFile.objects.get().gone_at is None


def test_unclean_listing_marks_nothing(sync: Listings) -> None:
    sync(chat("m1"), chat("m2"), operation="chat")
    sync(chat("m2"), operation="chat", clean=False)
    assert ChatMessage.objects.filter(gone_at__isnull=False).count() == 0


def test_file_that_may_no_longer_be_looked_at_keeps_what_was_known(sync: Listings) -> None:
    sync(FileRecord("f1", "Budget 2026.xlsx", "https://example.org/real", size=10), operation="files")
    refused = FileRecord("f1", "Budget.xlsx", "https://example.org/message", status="unresolved")
    assert sync(refused, operation="files") == counts(unchanged=1)
    row = SharedFile.objects.get()
    assert (row.name, row.url, row.size, row.status) == (
        "Budget 2026.xlsx",
        "https://example.org/real",
        10,
        "available",
    )


def test_file_that_was_deleted_keeps_its_name_and_link(sync: Listings) -> None:
    sync(FileRecord("f1", "Budget 2026.xlsx", "https://example.org/real", size=10), operation="files")
    sync(FileRecord("f1", "Budget.xlsx", "https://example.org/message", status="missing"), operation="files")
    row = SharedFile.objects.get()
    assert (row.name, row.url, row.status) == ("Budget 2026.xlsx", "https://example.org/real", "missing")


def test_file_keeps_its_link_when_its_details_go_missing(sync: Listings) -> None:
    sync(FileRecord("f1", "Slides.pdf", "https://files.example.org/1", 900, "application/pdf"), operation="files")
    assert sync(FileRecord("f1", "Slides.pdf"), operation="files") == counts(unchanged=1)
    row = SharedFile.objects.get()
    assert (row.url, row.size, row.mime_type) == ("https://files.example.org/1", 900, "application/pdf")


def test_status_of_a_file_follows_the_provider(sync: Listings) -> None:
    sync(FileRecord("f1", "Slides.pdf", status="unresolved"), operation="files")
    sync(FileRecord("f1", "Slides.pdf"), operation="files")
    assert SharedFile.objects.get().status == "available"


def test_numbers_and_links_that_fit_no_column_are_kept_beside(sync: Listings) -> None:
    url = "https://files.example.org/" + "x" * 9_000
    sync(FileRecord("f" * 3_000, "Slides.pdf", url, size=2**70), operation="files")
    row = SharedFile.objects.get()
    assert (row.url, row.size, row.extra) == (url[:4096], None, {"url": url, "size": 2**70})
    assert sync(FileRecord("f" * 3_000, "Slides.pdf", url, size=2**70), operation="files") == counts(unchanged=1)


def test_unchanged_rows_are_not_written(sync: Listings) -> None:
    records = [chat(f"m{number}", at=number) for number in range(20)]
    sync(*records, operation="chat")
    before = every_row()
    assert sync(*records, operation="chat") == counts(unchanged=20)
    assert every_row() == before
