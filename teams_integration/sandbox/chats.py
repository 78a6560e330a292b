"""Chats: messages, members and pasted pictures.

https://learn.microsoft.com/en-us/graph/api/chat-list-messages and …/chat-list-members
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from urllib.parse import quote

from conferences.providers.sandbox import Response
from teams_integration.sandbox import odata
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.refusals import Refusal, bad_request, not_found
from teams_integration.sandbox.world import Chat, Json

READ = ("Chat.Read.All", "Chat.ReadWrite.All")
READ_MEMBERS = ("ChatMember.Read.All", "ChatMember.ReadWrite.All", "Chat.ReadBasic.All", *READ)
DEFAULT_PAGE, LARGEST_PAGE = 20, 50
_ORDERS = {"lastmodifieddatetime desc": "lastModifiedDateTime", "createddatetime desc": "createdDateTime"}
_BOUND = re.compile(r"(?P<property>lastModifiedDateTime|createdDateTime)\s+(?P<comparison>gt|lt)\s+(?P<instant>\S+)")
_COMPARISONS = {"lastModifiedDateTime": {"gt", "lt"}, "createdDateTime": {"lt"}}
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557"
    "bfabd40000000049454e44ae426082"
)


def chat(asking: Asking, chat: str) -> Json:
    asking.need(READ_MEMBERS, "teams")
    found = _find(asking, chat)
    odata.allow(asking.request)
    first = found.messages[0]["createdDateTime"] if len(found.messages) else "0001-01-01T00:00:00Z"
    return {
        "@odata.context": odata.METADATA + "chats/$entity",
        "id": found.thread_id,
        "topic": found.topic,
        "createdDateTime": first,
        "lastUpdatedDateTime": first,
        "chatType": "meeting",
        "tenantId": asking.tenant.id,
    }


def messages(asking: Asking, chat: str) -> Json:
    """Newest first, by the property that `$orderby` names."""
    asking.need(READ, "teams")
    found = _find(asking, chat)
    query = odata.allow(asking.request, "$top", "$orderby", "$filter")
    by = _ORDERS.get(" ".join(query.get("$orderby", "lastModifiedDateTime desc").lower().split()))
    if by is None:
        raise bad_request("QueryOptions to order by is not supported: only descending order is.")
    rows = found.messages if by == "createdDateTime" else found.by_change
    newest_first = _Reversed(rows, *_range(rows, by, query))
    size = odata.top(asking.request, DEFAULT_PAGE, LARGEST_PAGE)
    answer = odata.page(asking.request, newest_first, size, context=_context(found, "messages"), count=True)
    if not odata.prefers(asking.request, "include-unknown-enum-members"):
        answer["value"] = [_without_new_members(row) for row in answer["value"]]
    return answer


class _Reversed(Sequence[Json]):
    """A range of the rows from its end, without reading more than is asked for."""

    def __init__(self, rows: Sequence[Json], first: int, end: int) -> None:
        self._rows = rows
        self._first = first
        self._end = max(first, end)

    def __len__(self) -> int:
        return self._end - self._first

    def __getitem__(self, index: "int | slice") -> "Json | list[Json]":  # type: ignore[override]
        if isinstance(index, slice):
            return [self._rows[self._end - 1 - each] for each in range(*index.indices(len(self)))]
        return self._rows[self._end - 1 - range(len(self))[index]]


def _range(rows: Sequence[Json], by: str, query: dict[str, str]) -> tuple[int, int]:
    """A filter on another property than the order's is read, and then ignored, as Graph does."""
    first, end = 0, len(rows)
    for clause in filter(None, query.get("$filter", "").split(" and ")):
        match = _BOUND.fullmatch(clause.strip())
        if match is None or match["comparison"] not in _COMPARISONS[match["property"]]:
            raise bad_request(f"QueryOptions to filter by '{clause.strip()}' is not supported.")
        bound = odata.instant(match["instant"])
        if match["property"] != by or "$orderby" not in query:
            continue
        if match["comparison"] == "lt":
            end = bisect_left(rows, bound, key=lambda row: odata.moment(row[by]))
        else:
            first = bisect_right(rows, bound, key=lambda row: odata.moment(row[by]))
    return first, end


def _without_new_members(row: Json) -> Json:
    new = row["messageType"] == "systemEventMessage"
    return {**row, "messageType": "unknownFutureValue"} if new else row


def message(asking: Asking, chat: str, message: str) -> Json:
    asking.need(READ, "teams")
    odata.allow(asking.request)
    found = _find(asking, chat)
    return {"@odata.context": odata.METADATA + _context(found, "messages/$entity"), **_message(found, message)}


def hosted_contents(asking: Asking, chat: str, message: str) -> Json:
    asking.need(READ, "teams")
    found = _find(asking, chat)
    keys = re.findall(r"/hostedContents/([^/\"]+)/\$value", _message(found, message)["body"]["content"])
    rows = [{"id": key, "contentBytes": None, "contentType": None} for key in keys]
    context = _context(found, f"messages('{message}')/hostedContents")
    return odata.page(asking.request, rows, LARGEST_PAGE, context=context, count=True)


def hosted_content(asking: Asking, chat: str, message: str, content: str) -> Response:
    known = [row["id"] for row in hosted_contents(asking, chat, message)["value"]]
    if content not in known:
        raise not_found()
    return Response(200, _PIXEL, {"Content-Type": "image/png"})


def members(asking: Asking, chat: str) -> Json:
    asking.need(READ_MEMBERS, "teams")
    found = _find(asking, chat)
    odata.allow(asking.request, "$top", "$filter")
    return odata.page(asking.request, found.members, 100, context=_context(found, "members"), count=True)


def _find(asking: Asking, chat: str) -> Chat:
    """A channel is no chat, though it has a thread."""
    if not asking.tenant.chat_licensed:
        raise Refusal(401, "Unauthorized", "Invoked API requires a valid license for the user.")
    if not chat.startswith("19:") or "@" not in chat:
        raise bad_request("Chat ID is not in the expected format.")
    found = asking.tenant.chats.get(chat)
    if found is None:
        raise not_found("NotFound: no chat found with the given id.")
    return found


def _message(chat: Chat, key: str) -> Json:
    for each in chat.messages:
        if each["id"] == key:
            return each
    raise not_found()


def _context(chat: Chat, what: str) -> str:
    return f"chats('{quote(chat.thread_id, safe='')}')/{what}"


_CHAT = "/v1.0/chats/{chat}"
ROUTES = (
    (_CHAT, chat),
    (f"{_CHAT}/messages", messages),
    (f"{_CHAT}/messages/{{message}}", message),
    (f"{_CHAT}/messages/{{message}}/hostedContents", hosted_contents),
    (f"{_CHAT}/messages/{{message}}/hostedContents/{{content}}/$value", hosted_content),
    (f"{_CHAT}/members", members),
)
