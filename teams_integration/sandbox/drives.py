"""OneDrive: folders, search, and files by their address.

https://learn.microsoft.com/en-us/graph/api/driveitem-list-children, …/driveitem-search and …/shares-get
"""

import base64
import binascii
from collections.abc import Iterator

from conferences.providers.sandbox import Response
from teams_integration.sandbox import odata
from teams_integration.sandbox.access import Asking
from teams_integration.sandbox.naming import guid
from teams_integration.sandbox.refusals import Refusal, bad_request, not_found
from teams_integration.sandbox.world import Drive, Json

READ = ("Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All")
PER_PAGE = 200
_DOWNLOAD = "@microsoft.graph.downloadUrl"


def drive(asking: Asking, user: str) -> Json:
    found = _of_user(asking, user)
    person = asking.person(user)
    owner = {"user": {"id": person.id, "displayName": person.name, "email": person.email}}
    context = odata.METADATA + "drives/$entity"
    return {"@odata.context": context, "id": found.id, "driveType": "business", "name": "OneDrive", "owner": owner}


def children(asking: Asking, user: str, path: str) -> Json:
    found = _of_user(asking, user)
    query = odata.allow(asking.request, "$top", "$select", "$orderby", "$expand", "$skiptoken")
    if path not in found.folders:
        raise not_found("The resource could not be found.", "itemNotFound")
    rows = [odata.select(_shown(asking, item), query.get("$select", "")) for item in found.folders[path]]
    size = odata.top(asking.request, PER_PAGE, 1_000)
    context = f"users('{user}')/drive/root/children"
    return odata.page(asking.request, rows, min(size, PER_PAGE), context=context)


def search(asking: Asking, user: str, text: str) -> Json:
    """Names that hold every word of the text, in any order; the match is loose, as Graph's is."""
    found = _of_user(asking, user)
    query = odata.allow(asking.request, "$top", "$select", "$orderby")
    words = odata.literal(f"'{text}'").lower().split()
    if not words:
        raise bad_request("The search text is empty.", "invalidRequest")
    rows = [item for item in _items(found) if any(word in item["name"].lower() for word in words)]
    shown = [odata.select({**_shown(asking, item), "searchResult": {}}, query.get("$select", "")) for item in rows]
    size = odata.top(asking.request, PER_PAGE, 1_000)
    return odata.page(asking.request, shown, min(size, PER_PAGE), context="Collection(driveItem)")


def item(asking: Asking, drive: str, item: str) -> Json:
    return {"@odata.context": odata.METADATA + "drives/items/$entity", **_shown(asking, _item(asking, drive, item))}


def content(asking: Asking, drive: str, item: str) -> Response:
    """Leads to a pre-authenticated address that needs no token, and must not be sent one."""
    link = _shown(asking, _item(asking, drive, item))[_DOWNLOAD]
    return Response(302, b"", {"Location": link})


def shared(asking: Asking, token: str) -> Json:
    asking.need(READ, "files")
    odata.allow(asking.request, "$select", "$expand")
    url = _address(token)
    found = asking.tenant.shared.get(url) or asking.tenant.shared.get(url.removesuffix("?web=1"))
    if isinstance(found, dict):
        return {"@odata.context": odata.METADATA + "shares/driveItem/$entity", **_shown(asking, found)}
    if found == "accessDenied":
        raise Refusal(403, "accessDenied", "Access denied")
    raise not_found("The sharing link no longer exists, or you do not have permission to access it.", "itemNotFound")


def _address(token: str) -> str:
    """`u!` and the address in base64url without padding; padding or another alphabet is refused."""
    if not token.startswith("u!") or set(token) & set("=+/"):
        raise bad_request("The sharing token is invalid.", "invalidRequest")
    try:
        raw = token[2:].encode()
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        raise bad_request("The sharing token is invalid.", "invalidRequest") from None


def _of_user(asking: Asking, user: str) -> Drive:
    asking.need(READ, "files")
    found = asking.tenant.drives.get(asking.person(user).id)
    if found is None:
        raise not_found("User's mysite not found.", "itemNotFound")
    if found.refused:
        raise Refusal(403, "accessDenied", "Access denied")
    return found


def _items(drive: Drive) -> Iterator[Json]:
    for items in drive.folders.values():
        yield from items


def _item(asking: Asking, drive: str, item: str) -> Json:
    asking.need(READ, "files")
    for each in asking.tenant.drives.values():
        if each.id == drive and each.refused:
            raise Refusal(403, "accessDenied", "Access denied")
        for found in _items(each) if each.id == drive else ():
            if found["id"] == item:
                return found
    raise not_found("The resource could not be found.", "itemNotFound")


def _shown(asking: Asking, item: Json) -> Json:
    link = f"{asking.request.origin}/_download/{item['id']}?tempauth=v1.{guid('tempauth', item['id'])}"
    return {_DOWNLOAD: link, **item}


ROUTES = (
    ("/v1.0/users/{user}/drive", drive),
    ("/v1.0/users/{user}/drive/root:/{path*}:/children", children),
    ("/v1.0/users/{user}/drive/root/search(q='{text*}')", search),
    ("/v1.0/drives/{drive}/items/{item}", item),
    ("/v1.0/drives/{drive}/items/{item}/content", content),
    ("/v1.0/shares/{token}/driveItem", shared),
)
