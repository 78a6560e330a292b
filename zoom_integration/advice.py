"""What an admin must do, for each refusal that somebody can lift."""

from zoom_integration.scopes import classic

_APP = "Zoom App Marketplace › Manage › your app"

APP = (
    f"{_APP}: check that the app is of the kind that the connection names (Server-to-Server OAuth app, or General app "
    "where a person connects it), that it is activated, and that the connection's values are those under App "
    "Credentials."
)
CONNECT = "Press Connect Zoom on the connection's page, and allow the access in Zoom."
GENERAL_APP = "The app must be a General app. Create one in the Zoom App Marketplace › Develop › Build App."
WITHDRAW = "To be sure, look into Zoom App Marketplace › Manage › Added Apps, and remove the app there."
SECRET = f"{_APP} › App Credentials: copy the client ID and the client secret again."
ACCOUNT = f"{_APP} › App Credentials: copy the account ID again. It is not the account number on Zoom's bills."
APP_TYPE = "The app must be of the type Server-to-Server OAuth. Create one in the Zoom App Marketplace › Develop."
ACTIVATE = f"{_APP} › Activation: activate the app. If that is refused, its owner has left or lost their role."
ROLE = (
    "Zoom web portal › User Management › Roles, as the account's owner or an admin: the role of the app's owner, or of "
    "the person who connected it, must allow viewing Usage Reports (Account Management › Reports), Users, and "
    "Recording Management.\n"
    "Then sync again."
)
PLAN = (
    "Zoom web portal › Account Management › Billing: reports need a paid plan, and webinars a webinar licence for "
    "their host."
)
HOST = "The host's account settings in Zoom do not allow this. An admin of the Zoom account can change them."
USER = (
    "Zoom web portal › User Management › Users: check that the person is still there. The app sees the users of its "
    "own account only."
)


def redirect(uri: str) -> str:
    return (
        f"{_APP} › Basic Information: enter {uri} as the OAuth Redirect URL, and into the OAuth Allow List, letter by "
        "letter. Then connect again."
    )


def scopes(names: tuple[str, ...]) -> str:
    """Names are granular; the classic ones that include them are added for older apps."""
    older = tuple(dict.fromkeys(filter(None, map(classic, names))))
    instead = f" An older app with classic scopes needs {', '.join(older)} instead." if older else ""
    lines = [
        f"{_APP} › Scopes › Add Scopes: add {', '.join(names)}.{instead}",
        "The webinar scopes stand under the product Meetings. Whoever may edit the app can add them.",
        "A person who connected the account (General app) has to connect it again.",
        "Then sync again: a token that was issued before does not have them.",
    ]
    return "\n".join(lines)
