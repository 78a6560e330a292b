from collections.abc import Iterator

import pytest
import requests

from conferences.providers.sandbox import Running, running
from conferences.tests.providers.sandbox.shop import Shop


@pytest.fixture
def shops() -> tuple[Shop, Shop]:
    return Shop(), Shop("/stall/")


@pytest.fixture
def served(shops: tuple[Shop, Shop]) -> Iterator[Running]:
    with running(*shops) as served:
        yield served


def _throw(served: Running, name: str, **body: object) -> requests.Response:
    return requests.post(f"{served.base_url}/_sandbox/{name}", json=body, verify=served.ca_bundle, timeout=10)


def _ask(served: Running, path: str) -> int:
    return requests.get(f"{served.base_url}{path}", verify=served.ca_bundle, timeout=10).status_code


def test_switch_reaches_every_provider_that_knows_it(served: Running, shops: tuple[Shop, Shop]) -> None:
    assert _throw(served, "price", price=7).status_code == 204
    assert [shop.price for shop in shops] == [7, 7]


def test_unknown_switch_is_refused_with_the_known_ones(served: Running) -> None:
    answer = _throw(served, "weather")
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "There is no switch “weather”. Known are: clear-faults, fault, price."},
    )


@pytest.mark.parametrize("body", [{"price": "dear"}, {"prize": 3}, {}])
def test_switch_refuses_what_it_does_not_take(served: Running, body: dict[str, object]) -> None:
    assert _throw(served, "price", **body).status_code == 400


def test_switch_is_thrown_by_post_only(served: Running) -> None:
    assert _ask(served, "/_sandbox/price") == 400


def test_faults_come_and_go_for_all_providers(served: Running) -> None:
    assert _throw(served, "fault", spec="503:goods:2").status_code == 204
    assert [_ask(served, path) for path in ("/shop/goods", "/stall/goods", "/stall/goods")] == [503, 503, 200]
    _throw(served, "fault", spec="503:goods")
    assert _throw(served, "clear-faults").status_code == 204
    assert _ask(served, "/shop/goods") == 200


def test_fault_that_is_none_is_refused(served: Running) -> None:
    assert _throw(served, "fault", spec="explode:/x").status_code == 400
