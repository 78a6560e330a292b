from datetime import UTC, datetime, timedelta

import pytest

from teams_integration.sandbox import odata
from teams_integration.sandbox.stories import seminar
from teams_integration.sandbox.stories.cast import NADIA
from teams_integration.sandbox.stories.seminar_people import FIRST
from teams_integration.tests.sandbox.asking import Asker, asking

CALLS = "/communications/callRecords"
THAT_DAY = "startDateTime ge 2025-11-26T00:00:00Z and startDateTime lt 2025-11-27T00:00:00Z"


def _first_sitting(graph: Asker) -> str:
    return next(call.entry["id"] for call in graph.tenant.calls if call.starts_at == FIRST[0])


def test_store_holds_sixty_calls_ten_of_them_on_the_day(graph: Asker) -> None:
    assert (len(graph.rows(CALLS)), len(graph.rows(CALLS, filter=THAT_DAY))) == (60, 10)


def test_preferred_page_size_may_only_lower_the_pages(graph: Asker) -> None:
    lower = graph.pages(CALLS, {"Prefer": "include-unknown-enum-members, odata.maxpagesize=25"})
    higher = graph.pages(CALLS, {"Prefer": "odata.maxpagesize=1000"})
    assert ([len(page) for page in lower], [len(page) for page in higher]) == ([25, 25, 10], [60])


def test_preference_must_be_sent_again_with_every_page(graph: Asker) -> None:
    first = graph.json(CALLS, {"Prefer": "odata.maxpagesize=25"})
    assert len(graph.json(first["@odata.nextLink"])["value"]) == 35


def test_calls_are_found_by_participant(graph: Asker) -> None:
    found = graph.rows(CALLS, filter=f"participants_v2/any(p:p/id eq '{NADIA.id}')")
    assert len(found) == 4


@pytest.mark.parametrize(
    "asked",
    [
        "startDateTime ge '2025-11-26T00:00:00Z'",
        "startDateTime ge 2025-11-26T00:00:00+00:00",
        "startDateTime eq 2025-11-26T00:00:00Z",
        "startDateTime ge 2025-11-26T00:00:00Z or startDateTime lt 2025-11-01T00:00:00Z",
        "endDateTime ge 2025-11-26T00:00:00Z",
        "joinWebUrl eq 'https://teams.microsoft.com/x'",
        f"startDateTime ge 2025-11-26T00:00:00Z and participants_v2/any(p:p/id eq '{NADIA.id}')",
    ],
)
def test_other_filters_are_refused(graph: Asker, asked: str) -> None:
    assert graph.refusal(CALLS, filter=asked)[:2] == (400, "BadRequest")


def test_bound_in_the_future_is_refused(graph: Asker) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    asked = f"startDateTime lt {tomorrow:%Y-%m-%dT%H:%M:%SZ}"
    assert graph.refusal(CALLS, filter=asked)[0] == 400


@pytest.mark.parametrize("name", ["orderby", "top", "expand", "count", "search"])
def test_other_query_options_are_refused(graph: Asker, name: str) -> None:
    assert graph.refusal(CALLS, **{name: "1"})[0] == 400


def test_list_has_the_organizer_but_no_sessions_or_participants(graph: Asker) -> None:
    entry = graph.rows(CALLS)[0]
    assert entry["organizer_v2"]["identity"]["user"]["id"]
    assert (entry["organizer"], entry["participants"]) == (None, [])
    assert not {"sessions", "participants_v2"} & set(entry)


def test_select_keeps_what_is_named(graph: Asker) -> None:
    entry = graph.json(CALLS, select="joinWebUrl,startDateTime")["value"][0]
    assert sorted(entry) == ["id", "joinWebUrl", "startDateTime"]


def test_sessions_of_a_large_call_page_by_sixty_however_they_are_asked_for(graph: Asker) -> None:
    address = f"{CALLS}/{_first_sitting(graph)}"
    first = graph.json(address, expand="sessions")
    rest = graph.rows(first["sessions@odata.nextLink"])
    listed = graph.pages(f"{address}/sessions")
    assert (len(first["sessions"]), len(rest), [len(page) for page in listed]) == (60, 3, [60, 3])
    assert first["sessions"] + rest == listed[0] + listed[1]


def test_segments_come_only_when_asked_for(graph: Asker) -> None:
    address = f"{CALLS}/{_first_sitting(graph)}"
    bare, full = graph.json(f"{address}/sessions"), graph.json(f"{address}/sessions", expand="segments")
    assert ["segments" in bare["value"][0], "segments" in full["value"][0]] == [False, True]


def test_following_pages_of_expanded_sessions_have_segments_too(graph: Asker) -> None:
    first = graph.json(f"{CALLS}/{_first_sitting(graph)}", expand="sessions($expand=segments)")
    assert all(len(row["segments"]) == 1 for row in graph.rows(first["sessions@odata.nextLink"]))


def test_participants_of_a_large_call_page_by_130() -> None:
    with asking("large", participants=300) as graph:
        call = next(call for call in graph.tenant.calls if len(call.participants) == 300)
        pages = graph.pages(f"{CALLS}/{call.entry['id']}/participants_v2")
    assert [len(page) for page in pages] == [130, 130, 40]


def test_identity_of_an_endpoint_is_flat_and_the_old_one_empty(graph: Asker) -> None:
    session = graph.rows(f"{CALLS}/{_first_sitting(graph)}/sessions")[0]
    assert session["caller"]["identity"] is None
    assert session["caller"]["associatedIdentity"]["displayName"] == "Ingrid Solheim"


def test_names_of_guests_are_withheld(graph: Asker) -> None:
    rows = graph.rows(f"{CALLS}/{_first_sitting(graph)}/participants_v2")
    guests = [row["identity"]["guest"] for row in rows if row["identity"]["guest"]]
    assert len(guests) == 3
    assert {guest["displayName"] for guest in guests} == {None}


def test_person_who_was_dialled_is_the_callee(graph: Asker) -> None:
    rows = graph.rows(f"{CALLS}/{_first_sitting(graph)}/sessions")
    phones = [row for row in rows if row["callee"].get("associatedIdentity", {}).get("id") == "+442079460123"]
    assert len(phones) == 3
    assert {row["caller"]["userAgent"]["role"] for row in phones} == {"mediationServer"}


@pytest.mark.parametrize("token", ["abc", "eyJmcm9tIjogOTk5OX0=", "%25"])
def test_page_token_that_is_none_is_refused(graph: Asker, token: str) -> None:
    assert graph.refusal(CALLS, skiptoken=token)[0] == 400


def test_unknown_call_is_not_found(graph: Asker) -> None:
    assert graph.refusal(f"{CALLS}/00000000-0000-0000-0000-000000000000")[0] == 404


def test_seminar_is_told_alike_by_report_and_call(graph: Asker) -> None:
    """The call record of a sitting has the same people as its report."""
    meeting = graph.meeting(seminar.THREAD)
    report = next(report for report in meeting.reports if report.starts_at == FIRST[0])
    call = next(call for call in graph.tenant.calls if call.starts_at == FIRST[0])
    assert report.people == len(call.participants) == 58
    assert odata.moment(call.entry["endDateTime"]) == report.ends_at
