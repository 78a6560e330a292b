"""What Zoom's sign-in and API answer, for tests that fake the socket."""

import re
from typing import Any

import responses

from zoom_integration.conf import Credentials
from zoom_integration.scopes import GRANULAR

SECRET = "c4n4ryS3cretValue8Qx"
CREDENTIALS = Credentials("AbCdEfGhIjKlMnOp", "cL1entId_xyz", SECRET)
TOKEN = "c4n4ry-token-1"

SIGN_IN = "https://zoom.us/oauth/token"
API = "https://api.zoom.us/v2"
ANY = re.compile(re.escape(API))

ALL_SCOPES = tuple(GRANULAR.values())


def sign_in(api: responses.RequestsMock, token: str = TOKEN, **answer: Any) -> None:
    """Lets a client sign in, and gives it this token; `answer` adds to or changes what comes with it."""
    told = {"token_type": "bearer", "expires_in": 3599, "scope": " ".join(ALL_SCOPES), "api_url": "https://api.zoom.us"}
    api.post(SIGN_IN, json={"access_token": token, **told, **answer})


def zoom_error(code: int | str, message: str = "Something is wrong.", **more: Any) -> dict[str, Any]:
    return {"code": code, "message": message, **more}


def no_scope(*scopes: str) -> dict[str, Any]:
    return zoom_error(4711, f"Invalid access token, does not contain scopes:[{', '.join(scopes)}].")


def page(key: str, *ids: str, token: str = "", **more: Any) -> dict[str, Any]:
    return {key: [{"id": each} for each in ids], "next_page_token": token, "page_size": 300, **more}
