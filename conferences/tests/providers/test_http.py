"""The client over a faked socket: which answers are retried, renewed, refused, paced; and what people are told."""

from collections.abc import Iterator

import pytest
import responses
from responses.registries import OrderedRegistry

from conferences.providers.base import Link
from conferences.providers.errors import (
    Cancelled,
    CredentialsRefused,
    LicenceMissing,
    Malformed,
    Missing,
    NotPermitted,
    ProviderError,
    RateLimited,
    Rejected,
    ServerTrouble,
    Unreachable,
)
from conferences.providers.fake_clock import FakeClock
from conferences.providers.http import Call, HttpClient
from conferences.providers.pacing import LocalPacer
from conferences.providers.records import Notice
from conferences.providers.redaction import MASK
from conferences.providers.shared_pacing import PACER
from conferences.providers.transport import Answer, Transport

BASE = "https://api.example.org/v1"
CANARY = "canary-token-77aa"


class Purse:
    """Tokens that are numbered, so that a test sees which one was used."""

    def __init__(self) -> None:
        self.number = 1

    def current(self) -> str:
        return f"{CANARY}-{self.number}"

    def renew(self, stale: str) -> str:
        assert stale == self.current()
        self.number += 1
        return self.current()


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(registry=OrderedRegistry) as mock:
        yield mock


@pytest.fixture
def time() -> FakeClock:
    return FakeClock()


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def link(notices: list[Notice]) -> Link:
    return Link(notices.append)


@pytest.fixture
def client(time: FakeClock, link: Link) -> HttpClient:
    return HttpClient(Transport(BASE, who="The provider", link=link), link, tokens=Purse(), clock=time.clock)


def bearer(call: responses.Call) -> str:
    return str(call.request.headers["Authorization"])


def test_get_object_sends_the_token_and_counts(api: responses.RequestsMock, client: HttpClient, link: Link) -> None:
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x", params={"q": "a b"}, headers={"X-One": "1"})) == {"a": 1}
    [call] = api.calls
    assert (call.request.url, bearer(call)) == (f"{BASE}/x?q=a+b", f"Bearer {CANARY}-1")
    assert call.request.headers["X-One"] == "1"
    assert (link.stats.requests, link.stats.retries, link.stats.waited_seconds) == (1, 0, 0)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
@pytest.mark.parametrize("times", [1, 3])
def test_get_object_outlasts_server_errors(
    api: responses.RequestsMock, client: HttpClient, status: int, times: int, link: Link
) -> None:
    for _ in range(times):
        api.get(f"{BASE}/x", status=status, body="<html>")
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x")) == {"a": 1}
    assert link.stats.retries == times


def test_get_object_gives_up_on_a_server_that_stays_down(api: responses.RequestsMock, client: HttpClient) -> None:
    for _ in range(5):
        api.get(f"{BASE}/x", status=503, headers={"request-id": "r-7"})
    with pytest.raises(ServerTrouble) as caught:
        client.get_object(Call("/x"))
    assert (caught.value.status, caught.value.request_id) == (503, "r-7")
    assert caught.value.message == (
        "The provider has a fault of its own at the moment (503). Nothing is wrong at your end: try again in a few "
        "minutes."
    )


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"value": [', b'{"a": NaN}'])
def test_get_object_asks_again_when_it_gets_no_json(
    api: responses.RequestsMock, client: HttpClient, body: bytes
) -> None:
    api.get(f"{BASE}/x", body=body)
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x")) == {"a": 1}


def test_get_object_of_nothing_with_204_is_retried(api: responses.RequestsMock, client: HttpClient) -> None:
    for _ in range(5):
        api.get(f"{BASE}/x", status=204)
    with pytest.raises(ServerTrouble):
        client.get_object(Call("/x"))


def test_get_object_does_not_repeat_a_wrong_shape(api: responses.RequestsMock, client: HttpClient, link: Link) -> None:
    api.get(f"{BASE}/x", json=["a", "list"])
    with pytest.raises(Malformed):
        client.get_object(Call("/x"))
    assert link.stats.requests == 1


def test_get_object_outlasts_a_broken_connection(api: responses.RequestsMock, client: HttpClient) -> None:
    api.get(f"{BASE}/x", body=ConnectionResetError("reset"))
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x")) == {"a": 1}


def test_get_object_with_no_way_out_is_unreachable(api: responses.RequestsMock, client: HttpClient) -> None:
    for _ in range(5):
        api.get(f"{BASE}/x", body=ConnectionResetError("reset"))
    with pytest.raises(Unreachable) as caught:
        client.get_object(Call("/x"))
    assert caught.value.message == (
        "The provider could not be reached, or broke off. Nothing that was stored is lost: try again in a few minutes."
    )


@pytest.mark.parametrize(
    ("status", "headers", "waited"),
    [
        (429, {"Retry-After": "2"}, 2.0),
        (429, {"Retry-After": "2.128"}, 2.128),
        (429, {"Retry-After": "0"}, 0.0),
        (429, {"Retry-After": "Mon, 02 Mar 2026 09:00:12 GMT"}, 12.0),
        (429, {"Retry-After": "2026-03-02T09:00:12Z"}, 12.0),
        (429, {"Retry-After": "-3"}, 0.0),
        (429, {"Retry-After": "banana"}, 1.0),
        (429, {}, 1.0),
        (503, {"Retry-After": "7"}, 7.0),
        (509, {}, 1.0),
    ],
)
def test_get_object_waits_as_the_provider_asks(
    api: responses.RequestsMock,
    client: HttpClient,
    time: FakeClock,
    status: int,
    headers: dict[str, str],
    waited: float,
    link: Link,
) -> None:
    """F50: a fake clock asserts the wait."""
    api.get(f"{BASE}/x", status=status, headers=headers)
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x", "chat")) == {"a": 1}
    assert time.seconds == pytest.approx(waited)
    assert link.stats.waited_seconds == pytest.approx(waited)


def test_dates_are_read_by_the_servers_clock(api: responses.RequestsMock, client: HttpClient, time: FakeClock) -> None:
    """F61: the server's clock is a day off, and means twelve seconds."""
    dates = {"Date": "Tue, 03 Mar 2026 09:00:00 GMT", "Retry-After": "Tue, 03 Mar 2026 09:00:12 GMT"}
    api.get(f"{BASE}/x", status=429, headers=dates)
    api.get(f"{BASE}/x", json={})
    client.get_object(Call("/x"))
    assert time.seconds == pytest.approx(12)


def test_waits_that_were_asked_for_are_told(
    api: responses.RequestsMock, client: HttpClient, notices: list[Notice]
) -> None:
    api.get(f"{BASE}/x", status=429, headers={"Retry-After": "12"})
    api.get(f"{BASE}/x", json={})
    client.get_object(Call("/x"))
    assert [notice.text for notice in notices] == [
        "The provider asks us to slow down (429): trying again in 12 s, try 2 of 9."
    ]


def test_a_day_is_not_waited_for(api: responses.RequestsMock, client: HttpClient, time: FakeClock) -> None:
    api.get(f"{BASE}/x", status=429, headers={"Retry-After": "86400"})
    with pytest.raises(RateLimited) as caught:
        client.get_object(Call("/x"))
    assert (time.seconds, caught.value.status, caught.value.code) == (0, 429, "rate_limited")


def test_cancel_ends_the_wait(api: responses.RequestsMock, client: HttpClient, time: FakeClock, link: Link) -> None:
    time.stop_after = 3
    api.get(f"{BASE}/x", status=429, headers={"Retry-After": "200"})
    with pytest.raises(Cancelled):
        client.get_object(Call("/x"))
    assert link.stop.is_set()


def test_refused_token_is_renewed_and_the_call_replayed_once(api: responses.RequestsMock, client: HttpClient) -> None:
    """F62."""
    api.get(f"{BASE}/x", status=401)
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x")) == {"a": 1}
    assert [bearer(call) for call in api.calls] == [f"Bearer {CANARY}-1", f"Bearer {CANARY}-2"]


def test_token_refused_twice_is_refused(api: responses.RequestsMock, client: HttpClient, link: Link) -> None:
    api.get(f"{BASE}/x", status=401)
    api.get(f"{BASE}/x", status=401)
    with pytest.raises(CredentialsRefused):
        client.get_object(Call("/x"))
    assert link.stats.requests == 2


def test_401_for_another_reason_does_not_renew(api: responses.RequestsMock, time: FakeClock, link: Link) -> None:
    purse = Purse()

    def refuse(answer: Answer, call: Call) -> ProviderError:
        return LicenceMissing(f"no licence for {call.topic}", status=answer.status)

    client = HttpClient(Transport(BASE, who="It"), link, tokens=purse, refuse=refuse, clock=time.clock)
    api.get(f"{BASE}/x", status=401)
    with pytest.raises(LicenceMissing) as caught:
        client.get_object(Call("/x", "chat"))
    assert (caught.value.message, purse.number) == ("no licence for chat", 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (402, LicenceMissing),
        (403, NotPermitted),
        (404, Missing),
        (409, Rejected),
        (410, Missing),
        (413, Rejected),
        (422, Rejected),
        (451, Rejected),
    ],
)
def test_refusals_are_typed_and_not_repeated(
    api: responses.RequestsMock, client: HttpClient, status: int, kind: type[ProviderError], link: Link
) -> None:
    api.get(f"{BASE}/x", status=status, headers={"request-id": "r-1"})
    with pytest.raises(kind) as caught:
        client.get_object(Call("/x"))
    error = caught.value
    assert (type(error), error.status, error.request_id, link.stats.requests) == (kind, status, "r-1", 1)


def test_redirect_is_malformed(api: responses.RequestsMock, client: HttpClient) -> None:
    api.get(f"{BASE}/x", status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(Malformed) as caught:
        client.get_object(Call("/x"))
    assert (caught.value.code, len(api.calls)) == ("redirected", 1)


def test_foreign_link_is_refused_before_anything_is_sent(client: HttpClient) -> None:
    with responses.RequestsMock() as api, pytest.raises(Malformed) as caught:
        client.get_object(Call("https://evil.example/x"))
    assert (caught.value.code, len(api.calls)) == ("foreign_host", 0)


def test_token_that_is_quoted_back_is_kept_by_nobody(api: responses.RequestsMock, link: Link) -> None:
    """Errors are stored, with the provider's words: a token is not, whatever it looks like."""
    api.get(f"{BASE}/x", status=403, body=f"Not with {CANARY}-1.")

    def refuse(answer: Answer, _: Call) -> ProviderError:
        return NotPermitted("No.", detail=answer.body.decode())

    with pytest.raises(NotPermitted) as caught:
        HttpClient(Transport(BASE, who="It"), link, tokens=Purse(), refuse=refuse).get_object(Call("/x"))
    assert caught.value.detail == f"Not with {MASK}."


def test_calls_of_one_pace_are_kept_apart(api: responses.RequestsMock, client: HttpClient, time: FakeClock) -> None:
    for _ in range(3):
        api.get(f"{BASE}/x", json={})
    for _ in range(3):
        client.get_object(Call("/x", pace=("chat 1", 1.0)))
    assert time.seconds == pytest.approx(2.0)


def test_pace_is_shared_by_all_clients_of_the_process(link: Link) -> None:
    first, second = (HttpClient(Transport(BASE, who="It"), link) for _ in range(2))
    assert first._pacer is second._pacer is PACER


def test_a_retry_keeps_its_pace_too(api: responses.RequestsMock, client: HttpClient, time: FakeClock) -> None:
    api.get(f"{BASE}/x", status=429, headers={"Retry-After": "0"})
    api.get(f"{BASE}/x", json={})
    client.get_object(Call("/x", pace=("chat 1", 1.0)))
    assert time.seconds == pytest.approx(1.0)


@pytest.mark.parametrize(("asked", "others_wait"), [("7", 7.0), ("300", 300.0), ("301", 0.0), ("0", 0.0)])
def test_one_that_is_told_to_slow_down_slows_all_of_its_pace(
    api: responses.RequestsMock, link: Link, time: FakeClock, asked: str, others_wait: float
) -> None:
    """Promise: no worker runs into the limit that another has just met. What nobody waits for holds up nobody."""
    pacer = LocalPacer(time.clock.monotonic)
    client = HttpClient(Transport(BASE, who="It"), link, clock=time.clock, pacer=pacer)
    api.get(f"{BASE}/x", status=429, headers={"Retry-After": asked})
    time.stop_after = 0.0  # the one that was told is stopped in its wait
    with pytest.raises((Cancelled, RateLimited)):
        client.get_object(Call("/x", pace=("chat 1", 0.0)))
    free_at = [time.seconds + pacer.reserve(key, 0.0) for key in ("chat 1", "chat 2")]
    assert free_at == pytest.approx([max(others_wait, time.seconds), time.seconds])


@pytest.mark.parametrize(
    ("seconds", "told"), [(19.0, []), (60.0, ["It asked another sync to slow down: waiting 60 s"])]
)
def test_only_an_unusual_wait_for_a_turn_is_told(
    api: responses.RequestsMock, time: FakeClock, seconds: float, told: list[str]
) -> None:
    notices: list[Notice] = []
    pacer = LocalPacer(time.clock.monotonic)
    pacer.push_back("chat 1", seconds)
    api.get(f"{BASE}/x", json={})
    client = HttpClient(Transport(BASE, who="It"), Link(notices.append), clock=time.clock, pacer=pacer)
    client.get_object(Call("/x", pace=("chat 1", 2.0)))
    assert (time.seconds, [notice.text for notice in notices]) == (seconds, told)


def test_waiting_for_a_turn_hears_a_cancel(api: responses.RequestsMock, link: Link, time: FakeClock) -> None:
    pacer = LocalPacer(time.clock.monotonic)
    pacer.reserve("chat 1", 100.0)
    time.stop_after = 1
    client = HttpClient(Transport(BASE, who="It"), link, clock=time.clock, pacer=pacer)
    with pytest.raises(Cancelled):
        client.get_object(Call("/x", pace=("chat 1", 100.0)))
    assert (time.seconds < 100, len(api.calls)) == (True, 0)


@pytest.mark.parametrize(
    ("body", "text"), [("WEBVTT\n\nZoë".encode(), "WEBVTT\n\nZoë"), (b"\xef\xbb\xbfWEBVTT", "WEBVTT")]
)
def test_get_text_gives_the_body(api: responses.RequestsMock, client: HttpClient, body: bytes, text: str) -> None:
    api.get(f"{BASE}/x", body=body)
    assert client.get_text(Call("/x")) == text


@pytest.mark.parametrize("body", [b"", b" \n", b"<!DOCTYPE html><html></html>"])
def test_get_text_asks_again_when_it_gets_no_text(api: responses.RequestsMock, client: HttpClient, body: bytes) -> None:
    api.get(f"{BASE}/x", body=body)
    api.get(f"{BASE}/x", body=b"WEBVTT")
    assert client.get_text(Call("/x")) == "WEBVTT"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 302, 204])
def test_no_error_shows_the_token(link: Link, status: int) -> None:
    """The provider echoes the token in its body; nothing of it may come out."""
    client = HttpClient(Transport(BASE, who="It"), link, tokens=Purse(), clock=FakeClock().clock)
    with responses.RequestsMock() as api:
        api.get(f"{BASE}/x", status=status, body=f"Bearer {CANARY}-1", headers={"Retry-After": "400"})
        with pytest.raises(ProviderError) as caught:
            client.get_object(Call("/x"))
    error = caught.value
    assert CANARY not in f"{error!r} {error.message} {error.advice} {error.detail} {error.provider_code}"


def test_refused_token_is_renewed_whatever_the_status(api: responses.RequestsMock, time: FakeClock, link: Link) -> None:
    def refuse(answer: Answer, call: Call) -> ProviderError:
        return CredentialsRefused("expired", status=answer.status)

    client = HttpClient(Transport(BASE, who="It"), link, tokens=Purse(), refuse=refuse, clock=time.clock)
    api.get(f"{BASE}/x", status=400)
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x")) == {"a": 1}


@pytest.mark.parametrize("status", [200, 400, 429, 503])
def test_examine_is_asked_before_every_rule(
    api: responses.RequestsMock, time: FakeClock, link: Link, status: int
) -> None:
    def examine(answer: Answer, call: Call) -> ProviderError:
        return LicenceMissing(f"{answer.status} for {call.topic}")

    client = HttpClient(Transport(BASE, who="It"), link, examine=examine, clock=time.clock)
    api.get(f"{BASE}/x", status=status, json={"a": 1})
    with pytest.raises(LicenceMissing) as caught:
        client.get_object(Call("/x", "chat"))
    assert (caught.value.message, len(api.calls)) == (f"{status} for chat", 1)


def test_examine_leaves_what_it_does_not_know(api: responses.RequestsMock, time: FakeClock, link: Link) -> None:
    client = HttpClient(Transport(BASE, who="It"), link, examine=lambda answer, call: None, clock=time.clock)
    api.get(f"{BASE}/x", status=503)
    api.get(f"{BASE}/x", json={"a": 1})
    assert client.get_object(Call("/x")) == {"a": 1}
