"""F55: what is no JSON may pass by itself; JSON of the wrong shape will not."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.providers.errors import Malformed, ServerTrouble
from conferences.providers.payload import NotJson, parse, parse_object

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n",
        b"<html><body>502 Bad Gateway</body></html>",
        b"Service unavailable",
        b'{"value": [',
        b'{"value": NaN}',
        b'{"value": Infinity}',
        b'{"value": -Infinity}',
        b'{"value": 1e999}',
        b'{"value": "\xff\xfe"}',
        b"{'value': 1}",
        b'{"value": 1}{"value": 2}',
        b'{"value": 1' + b"0" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=range(15),
)
def test_parse_object_of_no_json_is_server_trouble(body: bytes) -> None:
    with pytest.raises(ServerTrouble) as caught:
        parse_object(body, "The provider", status=200, request_id="r-1")
    assert (caught.value.code, caught.value.status, caught.value.request_id) == ("not_json", 200, "r-1")


@pytest.mark.parametrize("body", [b"[]", b"null", b"true", b"7", b'"text"'])
def test_parse_object_of_another_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse_object(body, "The provider")
    assert caught.value.code == "malformed_answer"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_parse_object_reads_the_standards_encodings(encoding: str) -> None:
    assert parse_object('{"name": "Zoë 🎓"}'.encode(encoding), "It") == {"name": "Zoë 🎓"}


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_parse_object_gives_back_every_object(value: dict[str, Any]) -> None:
    assert parse_object(json.dumps(value).encode(), "It") == value


@given(st.binary(max_size=60))
def test_parse_of_any_bytes_gives_a_value_or_not_json(body: bytes) -> None:
    with suppress(NotJson):
        json.dumps(parse(body), allow_nan=False)
