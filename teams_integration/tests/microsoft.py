"""What Microsoft's sign-in and Graph answer, for tests that fake the socket."""

import base64
import json
from typing import Any

import responses

from teams_integration.conf import Credentials

TENANT = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
CLIENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
ORGANIZER = "48d31887-5fad-4d73-a9f5-3c356e68a038"
SECRET = "c4n4ry~Secret.Value_8Q"
CREDENTIALS = Credentials(TENANT, CLIENT, SECRET)

LOGIN = f"https://login.microsoftonline.com/{TENANT}"
DISCOVERY = f"{LOGIN}/v2.0/.well-known/openid-configuration"
TOKEN = f"{LOGIN}/oauth2/v2.0/token"
GRAPH = "https://graph.microsoft.com/v1.0"

ALL_ROLES = (
    "OnlineMeetings.Read.All",
    "OnlineMeetingArtifact.Read.All",
    "OnlineMeetingRecording.Read.All",
    "OnlineMeetingTranscript.Read.All",
    "CallRecords.Read.All",
    "Chat.Read.All",
    "Files.Read.All",
    "User.ReadBasic.All",
)


def token_with(claims: Any) -> str:
    """An unsigned JSON web token."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2lnbmF0dXJl"])


def discovery(**changes: Any) -> dict[str, Any]:
    return {
        "issuer": f"{LOGIN}/v2.0",
        "authorization_endpoint": f"{LOGIN}/oauth2/v2.0/authorize",
        "token_endpoint": TOKEN,
        **changes,
    }


def sign_in(api: responses.RequestsMock, token: str, **answer: Any) -> None:
    """Lets a client sign in, and gives it this token."""
    api.get(DISCOVERY, json=discovery())
    api.post(TOKEN, json={"token_type": "Bearer", "expires_in": 3599, "access_token": token, **answer})


def graph_error(code: str, message: str, inner: str = "") -> dict[str, Any]:
    inner_error = {"date": "2026-03-02T09:00:00", "request-id": "r-inner", **({"code": inner} if inner else {})}
    return {"error": {"code": code, "message": message, "innerError": inner_error}}


def refused(number: int, text: str = "Something is wrong.", error: str = "invalid_client") -> dict[str, Any]:
    return {"error": error, "error_description": f"AADSTS{number}: {text} Trace ID: t", "error_codes": [number]}
