import pytest
import requests

from zoom_integration.sandbox.stories import open_lecture
from zoom_integration.tests.sandbox.asking import Asker, segment

FILES = f"/meetings/{segment(open_lecture.UUID)}/recordings"
TRANSCRIPT = """\
WEBVTT

1
00:00:00.000 --> 00:00:04.250
Mira Okafor: Welcome, everybody.

2
00:00:05.000 --> 00:00:09.250
Jonas Lindqvist: We have four hundred slides.
Not really.

3
00:00:10.000 --> 00:00:14.250
Laughter
"""


def _of(zoom: Asker, kind: str) -> list[dict[str, str]]:
    return [row for row in zoom.json(FILES)["recording_files"] if row["file_type"] == kind]


def test_webinar_has_files_of_two_segments(zoom: Asker) -> None:
    kinds = ["MP4", "M4A", "TRANSCRIPT", "CHAT", "CC", "TIMELINE"]
    files = zoom.json(FILES)["recording_files"]
    assert [row["file_type"] for row in files] == kinds * 2
    assert {row["recording_start"] for row in files} == {"2026-11-10T15:02:00Z", "2026-11-10T15:36:00Z"}
    assert {row["meeting_id"] for row in files} == {open_lecture.UUID}


@pytest.mark.parametrize("kind", ["CC", "TIMELINE"])
def test_files_without_an_id_have_no_size_state_or_page_either(zoom: Asker, kind: str) -> None:
    for row in _of(zoom, kind):
        assert not {"id", "status", "file_size", "recording_type", "play_url"} & set(row)


def test_every_file_has_an_address_of_its_own(zoom: Asker) -> None:
    files = zoom.json(FILES)["recording_files"]
    assert len({row["download_url"] for row in files}) == len(files)


def test_transcript_is_handed_over_by_another_host_that_must_not_see_the_token(zoom: Asker) -> None:
    first = zoom.get(_of(zoom, "TRANSCRIPT")[0]["download_url"])
    assert first.status_code == 302
    location = first.headers["Location"]
    assert location.startswith("https://localhost:")
    assert zoom.get(location).status_code == 401
    assert zoom.get(location, {}).content.decode() == TRANSCRIPT


def test_signed_address_is_good_with_its_signature_only(zoom: Asker) -> None:
    location = zoom.get(_of(zoom, "TRANSCRIPT")[0]["download_url"]).headers["Location"]
    assert zoom.get(location.partition("?")[0], {}).status_code == 401


def test_chat_is_a_text_with_times(zoom: Asker) -> None:
    answer = zoom.get(_of(zoom, "CHAT")[1]["download_url"])
    assert answer.content.decode() == (
        "00:00:40\tFrom Amara Nwosu : Thank you\n00:01:55\tFrom Bastian Keller : Bravo 👏\n"
    )


@pytest.mark.parametrize("kind", ["CHAT", "TRANSCRIPT"])
def test_file_wants_a_token(zoom: Asker, kind: str) -> None:
    assert zoom.get(_of(zoom, kind)[0]["download_url"], {}).json()["code"] == 124


def test_download_token_comes_on_request_only(zoom: Asker) -> None:
    assert "download_access_token" not in zoom.json(FILES)
    answer = zoom.json(FILES, include_fields="download_access_token")
    chat = _of(zoom, "CHAT")[0]["download_url"]
    named = {"Authorization": f"Bearer {answer['download_access_token']}"}
    assert requests.get(chat, headers=named, verify=zoom.served.ca_bundle, timeout=10).status_code == 200


def test_file_that_is_none_is_not_found(zoom: Asker) -> None:
    assert zoom.get(f"{zoom.served.base_url}/rec/download/nothing").status_code == 404


def test_transcript_call_finds_nothing(zoom: Asker) -> None:
    path = f"/meetings/{segment(open_lecture.UUID)}/transcript"
    assert zoom.refusal(path) == (404, 3322, "This meeting transcript does not exist.")


def test_recordings_of_a_user_are_those_of_the_range(zoom: Asker) -> None:
    path = f"/users/{open_lecture.MIRA.id}/recordings"
    answer = zoom.json(path, from_="2026-11-10", to="2026-11-10")
    assert [row["uuid"] for row in answer["meetings"]] == [open_lecture.UUID]
    assert zoom.json(path, from_="2026-11-11", to="2026-11-11")["meetings"] == []


def test_longer_range_than_a_month_is_cut_without_a_word(zoom: Asker) -> None:
    path = f"/users/{open_lecture.MIRA.id}/recordings"
    answer = zoom.json(path, from_="2026-01-01", to="2026-11-30")
    assert (answer["from"], answer["to"]) == ("2026-10-30", "2026-11-30")
