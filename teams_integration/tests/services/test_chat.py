"""What was said. Numbers in names are the complaints of users that each test answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from conferences.providers.errors import (
    Malformed,
    Missing,
    NotConfigured,
    NotPermitted,
    NotSupported,
    ProviderError,
    RateLimited,
)
from conferences.providers.records import ChatRecord, Record
from conferences.providers.window import Window
from teams_integration.services.session import TeamsSession
from teams_integration.tests.graph import (
    CHANNEL_URL,
    ORGANIZER,
    SHORT_URL,
    THREAD,
    FakeGraph,
    at,
    fetched,
    inquiry,
    listing,
    messages,
    nothing,
    problems,
    target,
)

ANN = "id:aaaaaaaa-0001-4001-8001-aaaaaaaaaaaa"


def graph(chat: str = "chat_messages_lesson", **answers: Any) -> FakeGraph:
    return FakeGraph(**{"chat_messages": listing(chat), "chat_members": listing("chat_members_lesson"), **answers})


@pytest.fixture
def lesson() -> dict[str, ChatRecord]:
    """The messages by the time of sending."""
    return {f"{message.sent_at:%H:%M}": message for message in messages(fetched(graph(), "chat"))}


def test_chat_31_every_message_has_its_own_id_and_time(lesson: dict[str, ChatRecord]) -> None:
    twice = [message for message in lesson.values() if message.text == "same words"]

    assert [(message.key, message.sent_at) for message in twice] == [
        ("1772620200000", at("10:30")),
        ("1772620140000", at("10:29")),
    ]


def test_chat_restricts_the_series_to_this_occurrence(lesson: dict[str, ChatRecord]) -> None:
    assert (max(lesson), min(lesson)) == ("11:20", "09:59")


def test_chat_is_asked_for_up_to_the_end_of_the_window_or_now() -> None:
    fake = graph()
    fetched(fake, "chat")
    fetched(fake, "chat", now=at("10:30"))

    assert [call for call in fake.asked if call[0] == "chat_messages"] == [
        ("chat_messages", THREAD, at("13:00")),
        ("chat_messages", THREAD, at("10:30")),
    ]


def test_chat_stops_reading_after_a_page_of_older_messages() -> None:
    def older(number: int) -> dict[str, Any]:
        sent_at = at("09:00") - timedelta(seconds=number)
        return {**listing("chat_messages_lesson")[-1], "id": str(number), "createdDateTime": sent_at.isoformat()}

    everything = [*listing("chat_messages_lesson"), *map(older, range(49)), Malformed("read too far")]

    assert problems(fetched(graph(chat_messages=everything), "chat")) == []


def test_chat_reads_on_where_a_newer_message_stands_among_older_ones() -> None:
    lesson = listing("chat_messages_lesson")

    assert [message.text for message in messages(fetched(graph(chat_messages=[lesson[-1], lesson[9]]), "chat"))] == [
        "same words"
    ]


def test_chat_keeps_plain_text_and_reactions(lesson: dict[str, ChatRecord]) -> None:
    assert lesson["10:30"] == ChatRecord(
        key="1772620200000",
        sent_at=at("10:30"),
        sender="Ann Lee",
        sender_key=ANN,
        sender_kind="member",
        text="same words",
        extra={"reactions": {"👍": 2, "❤️": 1}},
    )


def test_chat_keeps_sanitised_html_beside_its_text(lesson: dict[str, ChatRecord]) -> None:
    assert (lesson["10:40"].html, lesson["10:40"].text) == ("<p>Here is <b>the</b> budget</p>", "Here is the budget")


def test_chat_lets_no_attack_through(lesson: dict[str, ChatRecord]) -> None:
    assert lesson["10:27"].html == '<a rel="noopener noreferrer nofollow">click</a>[image]'


def test_chat_tells_edited_deleted_and_system_messages_apart(lesson: dict[str, ChatRecord]) -> None:
    assert lesson["10:29"].edited_at == at("10:29:30")
    assert (lesson["10:28"].deleted_at, lesson["10:28"].text, lesson["10:28"].kind) == (at("10:28:40"), "", "message")
    assert {clock for clock, message in lesson.items() if message.kind == "system"} == {
        "11:02", "11:01", "10:50", "10:05", "10:00", "09:59"
    }  # fmt: skip


def test_chat_does_not_repeat_what_was_deleted() -> None:
    deleted = {**listing("chat_messages_lesson")[8], "deletedDateTime": "2026-03-04T10:31:00Z"}
    [message] = messages(fetched(graph(chat_messages=[deleted]), "chat"))

    assert (message.text, message.html, message.deleted_at) == ("", "", at("10:31"))


def test_chat_says_in_words_what_happened() -> None:
    said = [message.text for message in messages(fetched(graph(), "chat")) if message.kind == "system"]

    assert said == [
        "The transcript is available.",
        "The recording is available: Weekly seminar-20260304_110000-Meeting Recording.mp4",
        "The meeting ended after 1 h 2 min 3 s.",
        "Bo Chen, 1 person left.",
        "System message.",
        "The meeting started.",
        "Ann Lee added to the chat.",
    ]


def test_chat_completes_names_from_the_members(lesson: dict[str, ChatRecord]) -> None:
    assert (lesson["11:20"].sender, lesson["11:20"].sent_at) == ("Bo Chen", at("11:20:00.123"))


def test_chat_asks_for_members_once_and_only_where_a_name_is_missing() -> None:
    fake = graph()
    fetched(fake, "chat")
    named = graph(chat_messages=listing("chat_messages_lesson")[8:10])
    fetched(named, "chat")

    assert (fake.times_asked("chat_members"), named.times_asked("chat_members")) == (1, 0)


@pytest.mark.parametrize("error", [NotPermitted("no"), RateLimited("wait"), Malformed("odd")])
def test_chat_without_the_members_lacks_nothing_but_names(error: ProviderError) -> None:
    records = fetched(graph(chat_members=error), "chat")

    assert (len(messages(records)), messages(records)[0].sender, problems(records)) == (18, "", [])


def test_chat_labels_its_senders(lesson: dict[str, ChatRecord]) -> None:
    assert {clock: lesson[clock].sender_kind for clock in ("10:39", "10:30", "10:24", "10:23", "10:28")} == {
        "10:39": "guest",
        "10:30": "member",
        "10:24": "bot",
        "10:23": "external",
        "10:28": "unknown",
    }


def test_chat_takes_the_time_from_the_id_where_it_cannot_be_read(lesson: dict[str, ChatRecord]) -> None:
    assert lesson["10:26"].sent_at == at("10:26")


def test_chat_shows_the_names_of_files_where_nothing_else_was_said(lesson: dict[str, ChatRecord]) -> None:
    assert lesson["10:39"].text == "[Notes #1.docx]"


def test_chat_knows_what_an_answer_answers(lesson: dict[str, ChatRecord]) -> None:
    assert (lesson["10:31"].reply_to, lesson["10:31"].text) == ("1772620200000", "Agreed")


def test_chat_leaves_out_somebody_typing(lesson: dict[str, ChatRecord]) -> None:
    assert "10:25" not in lesson


def test_chat_a_malformed_message_costs_only_itself() -> None:
    records = fetched(graph("chat_messages_malformed_entries"), "chat")

    assert [message.text for message in messages(records)] == ["good", "also good"]
    assert problems(records) == ["malformed_answer"] * 3


def test_chat_13_keeps_the_good_pages_of_a_listing_that_breaks_off() -> None:
    found: list[Record] = []
    broken = graph(chat_messages=[*listing("chat_messages_lesson")[8:10], Malformed("loop")])

    with pytest.raises(Malformed):
        found.extend(TeamsSession(inquiry(broken)).fetch("chat"))

    assert len(messages(found)) == 2


def test_chat_is_reached_through_the_join_link_even_when_the_meeting_may_not_be_looked_up() -> None:
    fake = graph(meetings_by_join_url=NotPermitted("no policy"))

    assert len(messages(fetched(fake, "chat"))) == 18
    assert fake.times_asked("meetings_by_join_url") == 0


def test_chat_of_a_short_link_is_found_through_the_meeting() -> None:
    fake = graph(meetings_by_digits=listing("onlineMeetings_recurring"))

    assert len(messages(fetched(fake, "chat", target(SHORT_URL, organizer=ORGANIZER)))) == 18


def test_chat_of_a_short_link_without_an_organiser_says_what_to_fill_in() -> None:
    with pytest.raises(NotConfigured) as raised:
        fetched(graph(), "chat", target(SHORT_URL))

    assert raised.value.code == "no_organizer"


@pytest.mark.parametrize("answer", [[], Missing("no")])
def test_chat_of_digits_that_nobody_knows_is_blocked_and_no_fault(answer: Any) -> None:
    fake = FakeGraph(meetings_by_digits=answer, meetings_by_join_url=answer)

    with pytest.raises(NotSupported) as raised:
        fetched(fake, "chat", target(SHORT_URL, organizer=ORGANIZER))

    assert raised.value.message.endswith("Without the meeting, its chat cannot be found.")


def test_chat_of_a_meeting_without_one_is_not_supported() -> None:
    fake = graph(meetings_by_digits=listing("onlineMeetings_bare"))

    with pytest.raises(NotSupported) as raised:
        fetched(fake, "chat", target(SHORT_URL, organizer=ORGANIZER))

    assert raised.value.code == "no_chat"


def test_chat_of_a_channel_meeting_is_not_supported() -> None:
    with pytest.raises(NotSupported) as raised:
        fetched(FakeGraph(), "chat", target(CHANNEL_URL))

    assert raised.value.code == "channel_meeting"


def test_chat_that_teams_does_not_know_is_blocked_and_not_empty() -> None:
    with pytest.raises(NotSupported) as raised:
        fetched(graph(chat_messages=Missing("gone")), "chat")

    assert raised.value.code == "chat_not_found"


def test_chat_18_a_refusal_is_no_empty_chat() -> None:
    with pytest.raises(NotPermitted):
        fetched(graph(chat_messages=NotPermitted("no")), "chat")


@pytest.mark.parametrize(
    ("now", "code"), [(at("09:00"), "not_started"), (at("10:30"), "not_ready"), (at("11:00"), "none_found")]
)
def test_chat_without_messages_says_which_kind_of_nothing_it_is(now: datetime, code: str) -> None:
    assert nothing(fetched(graph(chat_messages=[]), "chat", now=now)) == [code]


def test_chat_gives_a_message_to_the_class_that_is_nearer() -> None:
    after = Window(at("10:00"), at("11:00"), neighbours=((at("11:15"), at("12:00")),))

    times = [message.sent_at for message in messages(fetched(graph(), "chat", target(window=after)))]

    assert max(times) == at("11:02")


@pytest.mark.parametrize("attachments", [[None], "text", {"id": "1"}, [{"contentType": "reference", "contentUrl": 5}]])
def test_chat_a_malformed_attachment_does_not_cost_what_was_said(attachments: Any) -> None:
    said = {**listing("chat_messages_lesson")[9], "attachments": attachments}
    records = fetched(graph(chat_messages=[said]), "chat")

    assert ([message.text for message in messages(records)], problems(records)) == (
        ["same words"],
        ["malformed_answer"],
    )


def test_chat_gives_a_message_at_the_stroke_of_the_next_class_to_that_class_only() -> None:
    said = [{**listing("chat_messages_lesson")[9], "createdDateTime": "2026-03-04T11:00:00Z"}]
    lessons = (at("10:00"), at("11:00")), (at("11:00"), at("12:00"))
    first = Window(*lessons[0], neighbours=lessons[1:])
    second = Window(*lessons[1], neighbours=lessons[:1])

    kept = [len(messages(fetched(graph(chat_messages=said), "chat", target(window=each)))) for each in (first, second)]

    assert kept == [0, 1]
