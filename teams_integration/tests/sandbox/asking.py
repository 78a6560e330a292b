"""A client of no cleverness at all: it asks one question and shows the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from conferences.providers.sandbox import Options, Running, running
from teams_integration.sandbox import application
from teams_integration.sandbox.service import Microsoft
from teams_integration.sandbox.world import Json, Meeting, Person, Tenant

SCOPE = "https://graph.microsoft.com/.default"


def segment(text: str) -> str:
    return quote(text, safe="")


def meeting_path(meeting: Meeting) -> str:
    return f"/users/{meeting.organizer.id}/onlineMeetings/{segment(meeting.id)}"


@dataclass(slots=True)
class Asker:
    """Signed in to one tenant. Addresses that begin with a slash are below /v1.0."""

    microsoft: Microsoft
    served: Running
    tenant: Tenant
    token: str = ""

    def sign_in(self, **changes: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.tenant.client_id,
            "client_secret": self.tenant.secret,
            "scope": SCOPE,
            **changes,
        }
        address = f"{self.served.base_url}/{self.tenant.id}/oauth2/v2.0/token"
        answer = requests.post(address, data=form, verify=self.served.ca_bundle, timeout=10)
        self.token = answer.json().get("access_token", "")
        return answer

    def get(self, address: str, headers: dict[str, str] | None = None, **params: str) -> requests.Response:
        """`filter="x"` asks for `$filter=x`."""
        url = f"{self.served.base_url}/v1.0{address}" if address.startswith("/") else address
        named = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        query = {f"${name}": value for name, value in params.items()}
        return requests.get(
            url, query or None, headers=named, verify=self.served.ca_bundle, timeout=10, allow_redirects=False
        )

    def json(self, address: str, headers: dict[str, str] | None = None, **params: str) -> Json:
        answer = self.get(address, headers, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, address: str, headers: dict[str, str] | None = None, **params: str) -> tuple[int, str, str]:
        """Status, code and message."""
        answer = self.get(address, headers, **params)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["message"]

    def pages(self, address: str, headers: dict[str, str] | None = None, **params: str) -> list[list[Any]]:
        pages = []
        answer = self.json(address, headers, **params)
        while True:
            pages.append(answer["value"])
            if "@odata.nextLink" not in answer:
                return pages
            answer = self.json(answer["@odata.nextLink"], headers)

    def rows(self, address: str, headers: dict[str, str] | None = None, **params: str) -> list[Any]:
        return [row for page in self.pages(address, headers, **params) for row in page]

    def switch(self, switch: str, **body: Any) -> int:
        url = f"{self.served.base_url}/_sandbox/{switch}"
        return requests.post(url, json=body, verify=self.served.ca_bundle, timeout=10).status_code

    def meeting(self, thread_id: str) -> Meeting:
        return next(each for each in self.tenant.meetings if each.thread_id == thread_id)

    def by_join_url(self, person: Person, url: str) -> list[Json]:
        return self.json(f"/users/{person.id}/onlineMeetings", filter=f"JoinWebUrl eq '{url}'")["value"]


@contextmanager
def asking(scenario: str = "default", tenant: str = "northfield", **options: Any) -> Iterator[Asker]:
    microsoft = application(Options(scenario, **{"throttle": False, **options}))
    found = microsoft.world.tenant(tenant)
    assert found is not None
    with running(microsoft) as served:
        asker = Asker(microsoft, served, found)
        asker.sign_in()
        yield asker
