"""Note-takers that join as guests."""

import pytest

from conferences.providers.note_takers import is_note_taker


@pytest.mark.parametrize("name", ["Otter.ai", "Anna's Otter.ai", "read.ai meeting notes", "Fathom Notetaker", "tl;dv"])
def test_is_note_taker_knows_them_by_name(name: str) -> None:
    assert is_note_taker(name)


@pytest.mark.parametrize("name", ["", "Otto Reader", "Krispin", "Fireflies Club", "Ann Lee"])
def test_is_note_taker_leaves_people_alone(name: str) -> None:
    assert not is_note_taker(name)
