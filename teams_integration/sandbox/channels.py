"""Channels: a meeting there has no chat of its own, and its files are the team's.

https://learn.microsoft.com/en-us/graph/api/channel-get-filesfolder
"""

from teams_integration.sandbox import odata
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.drives import READ as READ_FILES
from teams_integration.sandbox.naming import guid
from teams_integration.sandbox.refusals import not_found
from teams_integration.sandbox.world import Json

READ_MESSAGES = ("ChannelMessage.Read.All",)


def files_folder(asking: Asking, team: str, channel: str) -> Json:
    """Its time of creation is the year one, as in reality."""
    asking.need(READ_FILES, "files")
    _insist(asking, channel)
    return {
        "@odata.context": f"{odata.METADATA}teams('{team}')/channels('{channel}')/filesFolder/$entity",
        "id": "01" + guid("folder", channel).replace("-", "").upper(),
        "createdDateTime": "0001-01-01T00:00:00Z",
        "lastModifiedDateTime": "2025-11-17T12:00:00Z",
        "name": "General",
        "webUrl": "https://northfield.sharepoint.example.org/sites/methods/Shared%20Documents/General",
        "size": 0,
        "parentReference": {"driveId": f"b!{guid('drive', channel).replace('-', '')}", "driveType": "documentLibrary"},
        "folder": {"childCount": 0},
    }


def replies(asking: Asking, team: str, channel: str, message: str) -> Json:
    asking.need(READ_MESSAGES, "teams")
    odata.allow(asking.request, "$top")
    _insist(asking, channel)
    context = f"teams('{team}')/channels('{channel}')/messages('{message}')/replies"
    return odata.page(asking.request, [], 50, context=context, count=True)


def _insist(asking: Asking, channel: str) -> None:
    if channel not in {meeting.thread_id for meeting in asking.tenant.meetings}:
        raise not_found("No channel found with the given id.")


_CHANNEL = "/v1.0/teams/{team}/channels/{channel}"
ROUTES = (
    (f"{_CHANNEL}/filesFolder", files_folder),
    (f"{_CHANNEL}/messages/{{message}}/replies", replies),
)
