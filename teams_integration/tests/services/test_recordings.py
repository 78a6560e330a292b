"""Recordings and transcripts. Numbers in names are the complaints of users that each test answers."""

from datetime import timedelta
from typing import Any

import pytest

from conferences.providers.errors import (
    CredentialsRefused,
    Malformed,
    Missing,
    NotPermitted,
    NotSupported,
    ProviderError,
    RateLimited,
    ServerTrouble,
)
from conferences.providers.records import Cue, Problem, RecordingRecord
from teams_integration.services.session import TeamsSession
from teams_integration.tests.graph import (
    CHANNEL_URL,
    MEETING_ID,
    ORGANIZER,
    FakeGraph,
    at,
    details,
    fetched,
    inquiry,
    listing,
    nothing,
    notices,
    payload,
    problems,
    recordings,
    target,
    text,
)

NAME = "Weekly seminar-20260304_110000-Meeting Recording.mp4"
URL = "https://example-my.sharepoint.com/personal/olga_example_org/Documents/Recordings/Weekly%20seminar-20260304_110000-Meeting%20Recording.mp4"
URL_KEY = (
    "url:example-my.sharepoint.com/personal/olga_example_org/documents/recordings/"
    "weekly seminar-20260304_110000-meeting recording.mp4"
)
NO_DRIVE = NotSupported("The organiser has no OneDrive.", code="no_onedrive")


def graph(**answers: Any) -> FakeGraph:
    """Everything is there, unless the test says otherwise."""
    given = {
        "meetings_by_join_url": listing("onlineMeetings_recurring"),
        "recordings": listing("recordings_series"),
        "transcripts": [],
        "chat_messages": listing("chat_messages_lesson"),
        "chat_members": [],
        "shared_item": payload("shares_recording"),
        "drive_folder": listing("drive_recordings_folder"),
        "drive_search": [],
    }
    return FakeGraph(**{**given, **answers})


def bare(**answers: Any) -> FakeGraph:
    """Nothing is there, unless the test says otherwise."""
    return graph(**{"recordings": [], "chat_messages": [], "drive_folder": [], **answers})


COMPLETE = RecordingRecord(
    keys=("graph:rec-1", "drive:b!drive:01REC1", URL_KEY, "call:call-1"),
    name=NAME,
    url=URL,
    started_at=at("10:05:00.123456"),
    ended_at=at("10:55"),
    size=123456789,
    extra={"call_id": "call-1"},
)


def test_recordings_are_one_row_whichever_way_they_were_found() -> None:
    assert recordings(fetched(graph(), "recordings")) == [COMPLETE]


def test_recordings_11_of_other_occurrences_are_left_out() -> None:
    fake = bare(recordings=listing("recordings_series"))

    assert [record.keys[0] for record in recordings(fetched(fake, "recordings"))] == ["graph:rec-1"]


def test_recordings_know_what_the_chat_announced_without_the_drive() -> None:
    fake = graph(recordings=[], drive_folder=[], shared_item=NotPermitted("no", code="onedrive_denied"))
    records = fetched(fake, "recordings")

    assert recordings(records) == [
        RecordingRecord(
            keys=(URL_KEY, "call:call-1"),
            name=NAME,
            url=f"{URL}?web=1",
            started_at=at("11:01:30") - timedelta(minutes=50, seconds=0.5),
            ended_at=at("11:01:30"),
            extra={"call_id": "call-1"},
        )
    ]
    assert problems(records) == ["onedrive_denied"]


def test_recordings_find_the_file_by_time_and_name_without_the_chat() -> None:
    fake = graph(chat_messages=[])
    found = recordings(fetched(fake, "recordings"))

    assert [(record.keys[:2], record.size) for record in found] == [(COMPLETE.keys[:2], 123456789)]


def test_recordings_find_the_file_by_time_and_length_where_the_name_says_nothing() -> None:
    item = {**listing("drive_recordings_folder")[0], "name": "Aufzeichnung.mp4"}
    found = recordings(fetched(graph(chat_messages=[], drive_folder=[item]), "recordings"))

    assert [record.keys[:2] for record in found] == [COMPLETE.keys[:2]]


def test_recordings_are_never_matched_by_time_alone_but_named_in_the_log() -> None:
    item = {**listing("drive_recordings_folder")[0], "name": "Aufzeichnung.mp4", "video": None}
    records = fetched(graph(chat_messages=[], drive_folder=[item]), "recordings")

    assert [record.keys[0] for record in recordings(records)] == ["graph:rec-1"]
    assert recordings(records)[0].size is None
    assert notices(records) == ["unplaced_recording"]


def test_recordings_of_another_meeting_at_the_same_time_are_left_out() -> None:
    records = fetched(graph(), "recordings")

    assert [record.name for record in recordings(records)] == [NAME]
    assert notices(records) == ["unplaced_recording"]


def test_recordings_of_one_call_stay_two_and_share_no_key() -> None:
    fake = bare(recordings=listing("recordings_two_of_one_call"), drive_folder=listing("drive_recordings_two_parts"))
    found = recordings(fetched(fake, "recordings"))

    assert [(record.keys[0], record.size) for record in found] == [("graph:rec-a", 11), ("graph:rec-b", 22)]
    assert not set(found[0].keys) & set(found[1].keys)


def test_recordings_of_one_call_are_told_apart_by_their_length() -> None:
    announced = listing("chat_messages_lesson")[2]
    short = {**announced, "eventDetail": {**announced["eventDetail"], "callRecordingDuration": "PT34M1S"}}
    fake = bare(recordings=listing("recordings_two_of_one_call"), chat_messages=[short])
    found = recordings(fetched(fake, "recordings"))

    assert [(record.keys[0], record.size) for record in found] == [("graph:rec-a", None), ("graph:rec-b", 123456789)]


def test_recordings_20_are_searched_for_where_the_folder_has_another_name() -> None:
    fake = bare(drive_folder=Missing("no such folder"), drive_search=listing("drive_search_remote"))
    found = recordings(fetched(fake, "recordings"))

    assert [(record.keys[0], record.size) for record in found] == [("drive:b!other:01REC1", 77)]
    assert [call[1:] for call in fake.asked if call[0] == "drive_search"] == [
        (ORGANIZER, "Weekly seminar"),
        (ORGANIZER, "Seminar"),
    ]


def test_recordings_are_not_searched_for_when_every_file_is_known() -> None:
    fake = graph()
    fetched(fake, "recordings")

    assert fake.times_asked("drive_search") == 0


def test_recordings_in_the_folder_are_known_by_the_conferences_title() -> None:
    item = {**listing("drive_recordings_folder")[0], "name": "Seminar-20260304_110000-Meeting Recording.mp4"}
    fake = bare(meetings_by_join_url=Missing("unknown"), drive_folder=[item])

    assert [record.keys[0] for record in recordings(fetched(fake, "recordings"))] == ["drive:b!drive:01REC1"]


@pytest.mark.parametrize("answer", [Missing("unknown", code="meeting_not_found"), []])
def test_recordings_of_an_instant_meeting_come_from_chat_and_drive(answer: Any) -> None:
    fake = graph(meetings_by_join_url=answer)
    records = fetched(fake, "recordings")

    assert [(record.keys[0], record.name) for record in recordings(records)] == [("drive:b!drive:01REC1", NAME)]
    assert problems(records) == []


def test_recordings_of_a_meeting_that_was_known_before_are_not_said_to_be_gone() -> None:
    fake = bare(meetings_by_join_url=Missing("unknown", code="meeting_not_found"))

    assert problems(fetched(fake, "recordings", target(detail={"meeting_id": MEETING_ID}))) == ["meeting_not_found"]


def test_recordings_go_on_where_the_meeting_may_not_be_looked_up() -> None:
    fake = graph(meetings_by_join_url=NotPermitted("no policy", code="missing_access_policy"))
    records = fetched(fake, "recordings")

    assert len(recordings(records)) == 1
    assert problems(records) == ["missing_access_policy"]


def test_recordings_18_policy_and_drive_refused_is_two_problems_and_never_nothing() -> None:
    fake = bare(
        meetings_by_join_url=NotPermitted("no policy", code="missing_access_policy"),
        drive_folder=NotPermitted("accessDenied", code="onedrive_denied"),
    )
    records = fetched(fake, "recordings")

    assert problems(records) == ["missing_access_policy", "onedrive_denied"]
    assert nothing(records) == []


def test_recordings_of_a_wrong_organiser_are_not_looked_for_in_that_persons_drive() -> None:
    fake = graph(meetings_by_join_url=NotPermitted("3003", code="wrong_organizer"))
    fetched(fake, "recordings")

    assert (fake.times_asked("drive_folder"), fake.times_asked("drive_search")) == (0, 0)


@pytest.mark.parametrize("error", [RateLimited("wait"), ServerTrouble("down"), CredentialsRefused("expired")])
def test_recordings_18_a_fault_at_the_meeting_is_not_worked_around(error: ProviderError) -> None:
    with pytest.raises(type(error)):
        fetched(graph(meetings_by_join_url=error), "recordings")


def test_recordings_a_refused_listing_is_a_problem_beside_what_was_found() -> None:
    records = fetched(graph(recordings=NotPermitted("no", code="missing_permission")), "recordings")

    assert len(recordings(records)) == 1
    assert problems(records) == ["missing_permission"]


def test_recordings_of_a_meeting_that_has_expired_are_blocked_and_no_fault() -> None:
    fake = bare(recordings=Missing("gone", code="meeting_expired"), transcripts=Missing("gone", code="meeting_expired"))
    found = [record.error for record in fetched(fake, "recordings") if isinstance(record, Problem)]

    assert [(error.code, error.outcome) for error in found] == [("meeting_expired", "blocked")]


def test_recordings_without_a_onedrive_are_a_notice_where_graph_lists_them() -> None:
    records = fetched(bare(recordings=listing("recordings_series"), drive_folder=NO_DRIVE), "recordings")

    assert (len(recordings(records)), problems(records), notices(records)) == (1, [], ["no_onedrive"])


def test_recordings_without_a_onedrive_are_a_problem_where_nothing_was_found() -> None:
    records = fetched(bare(drive_folder=NO_DRIVE), "recordings")

    assert (recordings(records), problems(records)) == ([], ["no_onedrive"])


def test_recordings_do_not_mind_a_refused_chat_when_every_file_is_known() -> None:
    records = fetched(graph(chat_messages=NotPermitted("no", code="missing_permission")), "recordings")

    assert (len(recordings(records)), problems(records), notices(records)) == (
        1,
        [],
        ["unplaced_recording", "missing_permission"],
    )


def test_recordings_say_so_when_a_refused_chat_may_know_more() -> None:
    records = fetched(bare(chat_messages=NotPermitted("no", code="missing_permission")), "recordings")

    assert problems(records) == ["missing_permission"]


def test_recordings_that_only_the_chat_remembers_are_gone() -> None:
    records = fetched(bare(chat_messages=listing("chat_messages_lesson"), shared_item=Missing("gone")), "recordings")

    assert (recordings(records), notices(records)) == ([], ["recording_missing"])
    assert (problems(records), nothing(records)) == ([], ["none_found"])


@pytest.mark.parametrize("listed", ["recordings", "drive_folder"])
def test_recordings_whose_old_address_is_dead_stay_while_a_listing_has_them(listed: str) -> None:
    full = {"recordings": listing("recordings_series"), "drive_folder": listing("drive_recordings_folder")}
    fake = bare(**{listed: full[listed]}, chat_messages=listing("chat_messages_lesson"), shared_item=Missing("gone"))

    [found] = recordings(fetched(fake, "recordings"))

    assert {"recordings": "graph:rec-1", "drive_folder": "drive:b!drive:01REC1"}[listed] == found.keys[0]


def test_recordings_whose_file_could_not_be_looked_up_keep_what_the_chat_said() -> None:
    refused = NotPermitted("no", code="onedrive_denied")
    records = fetched(bare(chat_messages=listing("chat_messages_lesson"), shared_item=refused), "recordings")

    assert [record.url for record in recordings(records)] == [f"{URL}?web=1"]


@pytest.mark.parametrize("status", ["initial", "chunkFinished", "failure", "unknownFutureValue"])
def test_recordings_that_are_not_finished_are_no_recordings(status: str) -> None:
    announced = listing("chat_messages_lesson")[2]
    event = {**announced, "eventDetail": {**announced["eventDetail"], "callRecordingStatus": status}}

    assert nothing(fetched(bare(chat_messages=[event]), "recordings")) == ["none_found"]


def test_recordings_never_keep_an_address_that_carries_a_token() -> None:
    announced = listing("chat_messages_lesson")[2]
    event = {**announced, "eventDetail": {**announced["eventDetail"], "callRecordingUrl": f"{URL}?tempauth=eyJ0"}}
    found = recordings(fetched(bare(chat_messages=[event]), "recordings"))

    assert [(record.url, record.keys) for record in found] == [("", ("call:call-1",))]


@pytest.mark.parametrize(
    ("now", "code"), [(at("09:00"), "not_started"), (at("11:30"), "not_ready"), (at("14:00"), "none_found")]
)
def test_recordings_16_say_which_kind_of_nothing_it_is(now: Any, code: str) -> None:
    assert nothing(fetched(bare(), "recordings", now=now)) == [code]


def test_recordings_19_of_a_channel_meeting_are_not_supported() -> None:
    fake = bare(meetings_by_join_url=[])

    with pytest.raises(NotSupported) as raised:
        fetched(fake, "recordings", target(CHANNEL_URL))

    assert raised.value.code == "channel_meeting"


def test_recordings_of_a_channel_meeting_that_graph_knows_are_listed() -> None:
    fake = graph(meetings_by_join_url=[{**listing("onlineMeetings_recurring")[0], "joinWebUrl": CHANNEL_URL}])
    found = recordings(fetched(fake, "recordings", target(CHANNEL_URL)))

    assert [record.keys[0] for record in found] == ["graph:rec-1"]
    assert (fake.times_asked("chat_messages"), fake.times_asked("drive_folder")) == (0, 0)


def test_recordings_a_malformed_entry_costs_only_itself() -> None:
    fake = graph(
        recordings=[{"id": "x", "createdDateTime": 5}, *listing("recordings_series")],
        drive_folder=[{"name": "no id", "file": {}}, *listing("drive_recordings_folder")],
    )
    records = fetched(fake, "recordings")

    assert recordings(records) == [COMPLETE]
    assert problems(records) == ["malformed_answer"]


def test_recordings_13_a_folder_that_breaks_off_keeps_its_good_pages() -> None:
    fake = bare(
        recordings=listing("recordings_series"), drive_folder=[*listing("drive_recordings_folder"), Malformed("loop")]
    )
    records = fetched(fake, "recordings")

    assert recordings(records)[0].size == 123456789
    assert problems(records) == ["malformed_answer"]


def test_recordings_that_seem_to_last_for_years_do_not_turn_up_in_every_later_class() -> None:
    last_year = {
        **listing("recordings_series")[0],
        "createdDateTime": "2025-03-04T10:05:00Z",
        "endDateTime": "2027-01-01T00:00:00Z",
    }

    assert nothing(fetched(bare(recordings=[last_year]), "recordings")) == ["none_found"]


def test_recordings_listed_twice_are_one() -> None:
    fake = bare(recordings=[*listing("recordings_series"), *listing("recordings_series")])

    assert len(recordings(fetched(fake, "recordings"))) == 1


def test_recordings_share_what_attendance_learned_of_the_meeting() -> None:
    fake = graph(attendance_reports=[], call_records=[])
    session = TeamsSession(inquiry(fake))
    for operation in ("attendance", "recordings"):
        assert details(list(session.fetch(operation)))["meeting_id"] == MEETING_ID

    assert fake.times_asked("meetings_by_join_url") == 1


def test_transcripts_are_stored_as_text_with_speakers_and_times() -> None:
    fake = bare(transcripts=listing("transcripts_series"), transcript_metadata=text("transcript_metadataContent.vtt"))

    assert recordings(fetched(fake, "recordings")) == [
        RecordingRecord(
            keys=("graph:transcript:tr-1",),
            name="Weekly seminar (transcript)",
            kind="transcript",
            started_at=at("10:05"),
            ended_at=at("10:55"),
            cues=(
                Cue(16.246, 17.726, "Ann Lee", "Good morning, <everybody>."),
                Cue(-5.32, 1.5, "", "Before it began."),
                Cue(3622.5, 3623.75, "Bo Chen", "Bye"),
            ),
            extra={"call_id": "call-1"},
        )
    ]


def test_transcripts_share_no_key_with_the_recording_of_the_same_call() -> None:
    fake = graph(transcripts=listing("transcripts_series"), transcript_metadata=text("transcript_metadataContent.vtt"))
    video, transcript = recordings(fetched(fake, "recordings"))

    assert not set(video.keys) & set(transcript.keys)


@pytest.mark.parametrize("answer", ["", "WEBVTT", Missing("none")])
def test_transcripts_fall_back_to_the_plain_form(answer: Any) -> None:
    fake = bare(
        transcripts=listing("transcripts_series"),
        transcript_metadata=answer,
        transcript_content=text("transcript_content.vtt"),
    )
    records = fetched(fake, "recordings")

    assert len(recordings(records)[0].cues or ()) == 5
    assert problems(records) == []


def test_transcripts_whose_speakers_may_not_be_named_are_kept_as_words() -> None:
    fake = bare(
        transcripts=listing("transcripts_series"),
        transcript_metadata=NotPermitted("no", code="speaker_attribution_off"),
        transcript_words="Good morning.\r\n\r\nBye\n",
    )
    records = fetched(fake, "recordings")

    assert recordings(records)[0].cues == (Cue(0.0, 3000.0, "", "Good morning."), Cue(0.0, 3000.0, "", "Bye"))
    assert (problems(records), notices(records)) == ([], ["speaker_attribution_off"])


def test_transcripts_do_not_fall_back_after_a_passing_fault() -> None:
    records = fetched(
        bare(transcripts=listing("transcripts_series"), transcript_metadata=RateLimited("wait")), "recordings"
    )

    assert (recordings(records)[0].cues, problems(records)) == (None, ["rate_limited"])


def test_transcripts_switched_off_are_listed_without_text_and_told_once() -> None:
    twice = [listing("transcripts_series")[0], {**listing("transcripts_series")[0], "id": "tr-2"}]
    refused = NotPermitted("off", code="transcripts_disabled")
    records = fetched(bare(transcripts=twice, transcript_metadata=refused), "recordings")

    assert [record.cues for record in recordings(records)] == [None, None]
    assert problems(records) == ["transcripts_disabled"]


def test_transcripts_refused_do_not_cost_the_recordings() -> None:
    records = fetched(graph(transcripts=NotPermitted("off", code="transcripts_disabled")), "recordings")

    assert recordings(records) == [COMPLETE]
    assert problems(records) == ["transcripts_disabled"]


def test_transcripts_a_malformed_entry_costs_only_itself() -> None:
    fake = bare(
        transcripts=[{}, *listing("transcripts_series")], transcript_metadata=text("transcript_metadataContent.vtt")
    )
    records = fetched(fake, "recordings")

    assert (len(recordings(records)), problems(records)) == (1, ["malformed_answer"])
