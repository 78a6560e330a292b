"""Who hosts in the account; deactivated hosts still own what they held.

https://developers.zoom.us/docs/api/users/#tag/users/GET/users
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from conferences.providers.errors import ProviderError
from conferences.providers.records import Record, Unlisted
from zoom_integration.client import Raw
from zoom_integration.parsers import values
from zoom_integration.services.months import months
from zoom_integration.services.search import REFUSALS, Search

List = Callable[[], Iterator[Raw]]

ME = "me"
STATUSES = ("active", "inactive")
_REACH = timedelta(days=180)

FROM_REPORTS = "The users may not be listed, so those are asked about who hosted lately, as the reports tell."
ONLY_ME = "The account's users may not be listed, so only what the connected user hosts can be found."


@dataclass(frozen=True, slots=True)
class Host:
    id: str
    email: str = ""

    @property
    def name(self) -> str:
        return self.email or ("(the connected user)" if self.id == ME else self.id)


def known(search: Search) -> Generator[Record, None, list[Host]]:
    """All users; else those whom the reports name; else the connected one alone."""
    found, refusal = yield from _listed(search, (partial(search.client.users, status) for status in STATUSES))
    if refusal is None:
        return found
    yield Unlisted()
    found, _ = yield from _listed(search, _reported(search))
    yield search.lacks(refusal, FROM_REPORTS if found else ONLY_ME)
    return found or [_me(search)]


def _reported(search: Search) -> Iterator[List]:
    for first, last in months(search, _REACH):
        yield from (partial(search.client.report_users, first, last, status) for status in STATUSES)


def _listed(search: Search, lists: Iterable[List]) -> Generator[Record, None, tuple[list[Host], ProviderError | None]]:
    """Each once. A refusal ends it; who is still invited has no id and has hosted nothing."""
    found: dict[str, Host] = {}
    for each in lists:
        rows, error = search.gather(each)
        found.update({host.id: host for raw in rows if (host := _host(raw)).id})
        if isinstance(error, REFUSALS):
            return list(found.values()), error
        if error:
            yield search.broke(error)
    return list(found.values()), None


def _host(raw: Raw) -> Host:
    email = values.text(raw, "email")
    return Host(values.text(raw, "id") or email, email)


def _me(search: Search) -> Host:
    """https://developers.zoom.us/docs/api/using-zoom-apis/#the-me-keyword"""
    try:
        return Host(ME, values.text(search.client.user(ME), "email"))
    except REFUSALS:
        return Host(ME)
