"""A client of no cleverness at all: it asks one question and shows the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from conferences.providers.sandbox import Options, Running, running
from zoom_integration.sandbox import application
from zoom_integration.sandbox.service import Zoom
from zoom_integration.sandbox.world import Account, Json


def segment(uuid: str) -> str:
    """A uuid as a part of an address, encoded as often as it needs."""
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


@dataclass(slots=True)
class Asker:
    """Signed in to one account. Addresses that begin with a slash are below /v2."""

    zoom: Zoom
    served: Running
    account: Account
    token: str = ""

    def sign_in(self, **changes: Any) -> requests.Response:
        """`auth`, `headers`, `params` and `data` replace what a good sign-in sends."""
        asked: dict[str, Any] = {
            "data": {"grant_type": "account_credentials", "account_id": self.account.id},
            "auth": (self.account.client_id, self.account.secret),
            **changes,
        }
        url = f"{self.served.base_url}/oauth/token"
        answer = requests.post(url, verify=self.served.ca_bundle, timeout=10, **asked)
        self.token = answer.json().get("access_token", "")
        return answer

    def get(self, address: str, headers: dict[str, str] | None = None, **params: Any) -> requests.Response:
        """`from_` asks for `from`. The address goes out as it is written."""
        url = f"{self.served.base_url}/v2{address}" if address.startswith("/") else address
        named = {"Authorization": f"Bearer {self.token}"} if headers is None else headers
        query = {name.rstrip("_"): value for name, value in params.items()}
        return requests.get(
            url, query or None, headers=named, verify=self.served.ca_bundle, timeout=30, allow_redirects=False
        )

    def json(self, address: str, **params: Any) -> Json:
        answer = self.get(address, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, address: str, **params: Any) -> tuple[int, int, str]:
        """Status, code and message."""
        answer = self.get(address, **params)
        body = answer.json()
        return answer.status_code, body["code"], body["message"]

    def pages(self, address: str, name: str, **params: Any) -> list[list[Json]]:
        pages, token = [], ""
        while True:
            answer = self.json(address, **params, **({"next_page_token": token} if token else {}))
            pages.append(answer[name])
            token = answer["next_page_token"]
            if not token:
                return pages

    def rows(self, address: str, name: str, **params: Any) -> list[Json]:
        return [row for page in self.pages(address, name, **params) for row in page]

    def switch(self, switch: str, **body: Any) -> int:
        url = f"{self.served.base_url}/_sandbox/{switch}"
        return requests.post(url, json=body, verify=self.served.ca_bundle, timeout=10).status_code


@contextmanager
def asking(scenario: str = "default", account: str = "northfield", **options: Any) -> Iterator[Asker]:
    zoom = application(Options(scenario, **{"throttle": False, **options}))
    found = zoom.world.account(account)
    assert found is not None
    with running(zoom) as served:
        asker = Asker(zoom, served, found)
        asker.sign_in()
        yield asker
