"""What was shared."""

from typing import Any

import pytest

from conferences.providers.errors import Missing, NotPermitted, RateLimited
from conferences.providers.records import FileRecord
from teams_integration.services.session import TeamsSession
from teams_integration.tests.graph import FakeGraph, at, fetched, files, inquiry, listing, nothing, payload, problems

FOLDER = "https://example-my.sharepoint.com/personal/ann_example_org/Documents/Microsoft%20Teams%20Chat%20Files/"
BUDGET, NOTES = f"{FOLDER}Budget.xlsx", f"{FOLDER}Notes%20%231.docx"


def graph(notes: Any = None, **answers: Any) -> FakeGraph:
    def shared_item(url: str) -> Any:
        return payload("shares_budget") if url == BUDGET else (notes or payload("shares_budget"))

    given = {"chat_messages": listing("chat_messages_lesson"), "chat_members": [], "shared_item": shared_item}
    return FakeGraph(**{**given, **answers})


def test_files_are_resolved_to_name_size_and_link() -> None:
    assert files(fetched(graph(), "files"))[0] == FileRecord(
        key="att-1",
        name="Budget.xlsx",
        url=BUDGET,
        size=2048,
        mime_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        shared_by="Ann Lee",
        shared_at=at("10:40"),
    )


def test_files_are_asked_for_by_the_address_exactly_as_it_was_given() -> None:
    fake = graph()
    fetched(fake, "files")

    assert [call[1] for call in fake.asked if call[0] == "shared_item"] == [BUDGET, NOTES]


def test_files_a_refused_resolution_keeps_the_link_that_the_message_gave() -> None:
    records = fetched(graph(NotPermitted("no", code="onedrive_denied")), "files")

    assert files(records)[1] == FileRecord(
        key="att-2", name="Notes #1.docx", url=NOTES, shared_by="Vera", shared_at=at("10:39"), status="unresolved"
    )
    assert problems(records) == ["onedrive_denied"]


def test_files_a_reason_is_told_once() -> None:
    records = fetched(graph(shared_item=NotPermitted("no", code="onedrive_denied")), "files")

    assert [file.status for file in files(records)] == ["unresolved", "unresolved"]
    assert problems(records) == ["onedrive_denied"]


def test_files_a_deleted_file_is_marked_missing() -> None:
    records = fetched(graph(Missing("gone")), "files")

    assert [file.status for file in files(records)] == ["available", "missing"]
    assert problems(records) == []


def test_files_after_a_passing_fault_the_rest_is_listed_without_asking_on() -> None:
    fake = graph(shared_item=RateLimited("wait"))
    records = fetched(fake, "files")

    assert [file.status for file in files(records)] == ["unresolved", "unresolved"]
    assert (problems(records), fake.times_asked("shared_item")) == (["rate_limited"], 1)


def test_files_a_malformed_answer_costs_only_details() -> None:
    records = fetched(graph({"id": 5}), "files")

    assert [(file.status, file.size) for file in files(records)] == [("available", 2048), ("unresolved", None)]
    assert problems(records) == ["malformed_answer"]


def test_files_shared_twice_are_one_file() -> None:
    twice = [listing("chat_messages_lesson")[5], {**listing("chat_messages_lesson")[5], "id": "1772620800001"}]

    assert len(files(fetched(graph(chat_messages=twice), "files"))) == 1


def test_files_share_one_reading_of_the_chat_with_the_chat() -> None:
    fake = graph()
    session = TeamsSession(inquiry(fake))
    for operation in ("chat", "files"):
        list(session.fetch(operation))

    assert fake.times_asked("chat_messages") == 1


def test_files_share_the_refusal_of_the_chat() -> None:
    fake = graph(chat_messages=NotPermitted("no", code="missing_permission"))
    session = TeamsSession(inquiry(fake))
    for operation in ("chat", "files"):
        with pytest.raises(NotPermitted) as raised:
            list(session.fetch(operation))
        assert raised.value.code == "missing_permission"

    assert fake.times_asked("chat_messages") == 1


def test_files_pass_on_what_was_unreadable_in_the_chat() -> None:
    records = fetched(graph(chat_messages=listing("chat_messages_malformed_entries")), "files")

    assert problems(records) == ["malformed_answer"] * 3


def test_files_of_a_chat_without_any_are_none() -> None:
    assert nothing(fetched(graph(chat_messages=listing("chat_messages_lesson")[:1]), "files")) == ["none_found"]


def test_files_before_the_start_ask_nobody() -> None:
    fake = FakeGraph()

    assert (nothing(fetched(fake, "files", now=at("09:00"))), fake.asked) == (["not_started"], [])


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JavaScript://x/%0aalert(1)", "data:text/html,x", "file:///etc/x"]
)
def test_files_an_address_that_is_none_of_the_web_is_no_link(url: str) -> None:
    shared = listing("chat_messages_lesson")[5]
    attachment = {"id": "odd", "contentType": "reference", "contentUrl": url, "name": "Notes.docx"}
    fake = graph(chat_messages=[{**shared, "attachments": [attachment]}])
    [found] = files(fetched(fake, "files"))

    assert (found.name, found.url, found.status, found.extra) == ("Notes.docx", "", "unresolved", {"given_url": url})
    assert fake.times_asked("shared_item") == 0


def test_files_an_address_in_the_drive_that_is_none_of_the_web_is_no_link() -> None:
    item = {**payload("shares_budget"), "webUrl": "javascript:alert(1)"}

    assert [file.url for file in files(fetched(graph(shared_item=item), "files"))] == [BUDGET, NOTES]


@pytest.mark.parametrize("odd", [None, "text", 7, {"contentType": "reference", "contentUrl": 5}])
def test_files_a_malformed_attachment_costs_only_itself(odd: Any) -> None:
    shared = listing("chat_messages_lesson")[5]
    fake = graph(chat_messages=[{**shared, "attachments": [odd, *shared["attachments"]]}])
    records = fetched(fake, "files")

    assert (len(files(records)), problems(records)) == (1, ["malformed_answer"])
