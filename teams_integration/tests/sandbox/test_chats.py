import re

import pytest

from teams_integration.sandbox import odata
from teams_integration.sandbox.service import Microsoft
from teams_integration.sandbox.stories import odd_ones, seminar
from teams_integration.sandbox.throttling import ChatPace
from teams_integration.tests.sandbox.asking import Asker, asking, segment

CHAT = f"/chats/{segment(seminar.THREAD)}"
MESSAGES = f"{CHAT}/messages"
ALL_KINDS = {"Prefer": "include-unknown-enum-members"}
BY_CREATION = "createdDateTime desc"


def test_messages_come_newest_first_in_pages_of_twenty(graph: Asker) -> None:
    page = graph.json(MESSAGES)
    changed = [message["lastModifiedDateTime"] for message in page["value"]]
    assert (changed, page["@odata.count"]) == (sorted(changed, reverse=True), 20)


def test_all_messages_are_there_once(graph: Asker) -> None:
    pages = graph.pages(MESSAGES, top="50", orderby=BY_CREATION)
    ids = [message["id"] for page in pages for message in page]
    assert ([len(page) for page in pages], len(set(ids))) == ([50] * 7 + [10], 360)


@pytest.mark.parametrize(
    "params",
    [
        {"top": "51"},
        {"top": "0"},
        {"top": "x"},
        {"orderby": "createdDateTime"},
        {"orderby": "createdDateTime asc"},
        {"orderby": "subject desc"},
        {"orderby": BY_CREATION, "filter": "createdDateTime gt 2025-11-20T00:00:00Z"},
        {"orderby": BY_CREATION, "filter": "createdDateTime lt '2025-11-20T00:00:00Z'"},
        {"filter": "from/user/id eq 'x'"},
        {"skip": "5"},
        {"expand": "replies"},
    ],
)
def test_other_questions_are_refused(graph: Asker, params: dict[str, str]) -> None:
    assert graph.refusal(MESSAGES, **params)[:2] == (400, "BadRequest")


def test_filter_counts_where_the_order_names_the_same_property(graph: Asker) -> None:
    rows = graph.rows(
        MESSAGES,
        top="50",
        orderby="lastModifiedDateTime desc",
        filter="lastModifiedDateTime gt 2025-11-20T14:00:00Z and lastModifiedDateTime lt 2025-11-20T14:10:00Z",
    )
    bounds = [odata.moment(f"2025-11-20T14:{minute}:00Z") for minute in ("00", "10")]
    assert len(rows) == 28
    assert all(bounds[0] < odata.moment(row["lastModifiedDateTime"]) < bounds[1] for row in rows)


@pytest.mark.parametrize("orderby", [{}, {"orderby": BY_CREATION}])
def test_filter_on_another_property_than_the_order_is_ignored(graph: Asker, orderby: dict[str, str]) -> None:
    filtered = graph.rows(MESSAGES, top="50", filter="lastModifiedDateTime lt 2025-11-20T14:10:00Z", **orderby)
    assert len(filtered) == 360


def test_edited_and_deleted_messages_move_up_by_change(graph: Asker) -> None:
    by_change = [row["id"] for row in graph.rows(MESSAGES, top="50")]
    by_creation = [row["id"] for row in graph.rows(MESSAGES, top="50", orderby=BY_CREATION)]
    assert sorted(by_change) == sorted(by_creation)
    assert by_change != by_creation


def test_system_messages_hide_their_kind_from_those_who_do_not_ask(graph: Asker) -> None:
    plain, named = ({row["messageType"] for row in graph.rows(MESSAGES, headers)} for headers in ({}, ALL_KINDS))
    assert (plain, named) == ({"message", "unknownFutureValue"}, {"message", "systemEventMessage"})


def test_pasted_picture_can_be_fetched_with_the_token(graph: Asker) -> None:
    message = next(row for row in graph.rows(MESSAGES, top="50") if "<img height" in row["body"]["content"])
    (row,) = graph.rows(f"{MESSAGES}/{message['id']}/hostedContents")
    address = f"{MESSAGES}/{message['id']}/hostedContents/{row['id']}/$value"
    assert graph.get(address).headers["Content-Type"] == "image/png"
    assert re.search(r'src="https://graph\.microsoft\.com/[^"]+\$value"', message["body"]["content"])


def test_single_message_can_be_read(graph: Asker) -> None:
    message = graph.json(MESSAGES)["value"][0]
    assert graph.json(f"{MESSAGES}/{message['id']}")["body"] == message["body"]
    assert graph.refusal(f"{MESSAGES}/1")[0] == 404


def test_members_name_the_owner(graph: Asker) -> None:
    owners = [row["displayName"] for row in graph.rows(f"{CHAT}/members") if row["roles"] == ["owner"]]
    assert owners == ["Ingrid Solheim"]


@pytest.mark.parametrize(
    ("chat", "status"), [(odd_ones.CHANNEL, 404), ("19:meeting_unknown@thread.v2", 404), ("nonsense", 400)]
)
def test_what_is_no_chat_is_refused(graph: Asker, chat: str, status: int) -> None:
    assert graph.refusal(f"/chats/{segment(chat)}/messages")[0] == status


def test_licence_that_is_missing_looks_like_an_expired_token() -> None:
    with asking("unlicensed") as graph:
        refused = graph.refusal(MESSAGES)
    assert refused == (401, "Unauthorized", "Invoked API requires a valid license for the user.")


def test_second_request_within_a_second_is_throttled_for_that_chat_only() -> None:
    with asking(throttle=True) as graph:
        moment = [100.0]
        _at(graph.microsoft, moment)
        first, second = graph.get(MESSAGES), graph.get(MESSAGES)
        other = graph.get(f"/chats/{segment(odd_ones.NO_DRIVE)}/messages")
        members = graph.get(f"{CHAT}/members")
        moment[0] += 1.0
        third = graph.get(MESSAGES)
    assert [each.status_code for each in (first, second, other, members, third)] == [200, 429, 200, 200, 200]
    assert (second.headers["Retry-After"], second.json()["error"]["code"]) == ("1.024", "TooManyRequests")


def test_throttled_requests_count_as_well() -> None:
    with asking(throttle=True) as graph:
        moment = [100.0]
        _at(graph.microsoft, moment)
        statuses = []
        for _ in range(3):
            statuses.append(graph.get(MESSAGES).status_code)
            moment[0] += 0.6
    assert statuses == [200, 429, 429]


def _at(microsoft: Microsoft, moment: list[float]) -> None:
    microsoft.pace = ChatPace(lambda: moment[0])
