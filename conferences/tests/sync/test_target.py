"""What the provider gets to know about a conference."""

from datetime import timedelta

import pytest

from conferences.models import Conference
from conferences.sync.target import target_of


def test_target_is_what_people_typed(conference: Conference) -> None:
    conference.organizer, conference.join_url = "ann@example.org", "https://campus.example.org/room-1"
    target = target_of(conference, conference.connection.config)
    assert (target.external_id, target.title, target.join_url, target.organizer, dict(target.detail)) == (
        conference.external_id,
        "Algebra 1",
        "https://campus.example.org/room-1",
        "ann@example.org",
        {},
    )


@pytest.mark.parametrize(("series", "neighbours"), [("room-1", 1), ("other", 0), ("", 0)])
def test_window_knows_the_neighbours_of_the_series(conference: Conference, series: str, neighbours: int) -> None:
    later = conference.ends_at + timedelta(minutes=10)
    Conference.objects.create(
        connection=conference.connection,
        title="Next",
        external_id="next",
        series_id=series,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
    )
    assert len(target_of(conference, conference.connection.config).window.neighbours) == neighbours
