"""must-beat 14: a uuid with slashes is found."""

import pytest

from conferences.providers.errors import Rejected
from zoom_integration.addresses import segment, uuid_segment


@pytest.mark.parametrize(
    ("uuid", "written"),
    [
        ("gm8s9L+PTEC+FG3sFbd1Cw==", "gm8s9L%2BPTEC%2BFG3sFbd1Cw%3D%3D"),
        ("Bznyg8KZTdCVbQxvS/oZ7w==", "Bznyg8KZTdCVbQxvS%2FoZ7w%3D%3D"),
        ("/ab8KZTdCVbQxvSoZ7w==", "%252Fab8KZTdCVbQxvSoZ7w%253D%253D"),
        ("ab//KZTdCV+QxvSoZ7w==", "ab%252F%252FKZTdCV%252BQxvSoZ7w%253D%253D"),
        ("//+8KZTd/VbQxvSoZ7w==", "%252F%252F%252B8KZTd%252FVbQxvSoZ7w%253D%253D"),
        ("ends-with/", "ends-with%2F"),
    ],
)
def test_uuid_is_encoded_twice_only_where_its_slashes_would_be_lost(uuid: str, written: str) -> None:
    assert uuid_segment(uuid) == written


@pytest.mark.parametrize(
    ("value", "written"), [(81234567890, "81234567890"), ("ann+x@example.org", "ann%2Bx%40example.org")]
)
def test_segment_is_encoded_once(value: str | int, written: str) -> None:
    assert segment(value) == written


@pytest.mark.parametrize("odd", ["", ".", "..", " "])
def test_ids_that_would_change_the_path_are_rejected(odd: str) -> None:
    for write in (segment, uuid_segment):
        with pytest.raises(Rejected) as caught:
            write(odd)
        assert caught.value.code == "invalid_id"
