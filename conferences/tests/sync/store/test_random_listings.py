"""Whatever is listed, in whatever order and however often: totals are the union of what is live; nothing is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conferences.attendance import union_seconds
from conferences.models import AttendanceSession, Conference, Participant
from conferences.providers.records import Record
from conferences.sync.store.totals import counted_source, recount
from conferences.tests.sync.store.listings import Listings, attendance, every_row


@dataclass(frozen=True)
class Listing:
    records: Sequence[Record]
    clean: bool
    batch: int


spans = st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(6, 12)))
records = st.builds(
    lambda name, times, source, sitting, reported: attendance(
        name, *times, source=source, sitting=sitting, reported_seconds=reported
    ),
    st.sampled_from(["Ann", "Ben", "Cat"]),
    st.lists(spans, max_size=3),
    st.sampled_from(["door_report", "camera_guess"]),
    st.sampled_from(["s1", "s2"]),
    st.one_of(st.none(), st.integers(0, 900)),
)
listings = st.builds(Listing, st.lists(records, max_size=5), st.booleans(), st.integers(1, 5))


def live_union(person: Participant) -> int:
    rows = person.sessions.filter(gone_at__isnull=True, superseded=False)
    return union_seconds(rows.values_list("joined_at", "left_at"))


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(listings, min_size=1, max_size=4))
def test_totals_are_the_union_of_what_is_live(conference: Conference, sequence: list[Listing]) -> None:
    conference.participants.all().delete()
    conference.attendance_listings.all().delete()
    sync = Listings(conference)
    people, sessions = 0, 0
    for listing in sequence:
        sync(*listing.records, clean=listing.clean, batch=listing.batch)
        assert {row.name: row.total_seconds for row in Participant.objects.all()} == {
            row.name: live_union(row) for row in Participant.objects.all()
        }
        live = AttendanceSession.objects.filter(gone_at__isnull=True, superseded=False)
        assert len(set(live.values_list("source", flat=True))) <= 1, "one source counts for all"
        now = Participant.objects.count(), AttendanceSession.objects.count()
        assert now >= (people, sessions), "nothing is deleted"
        people, sessions = now
    everybody = set(Participant.objects.values_list("pk", flat=True))
    assert recount(conference, counted_source(conference, ("door_report", "camera_guess")), everybody) == set()


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listings, st.integers(1, 5))
def test_second_sync_changes_nothing(conference: Conference, listing: Listing, batch: int) -> None:
    conference.participants.all().delete()
    conference.attendance_listings.all().delete()
    sync = Listings(conference)
    sync(*listing.records)
    before = every_row()
    told = sync(*listing.records, batch=batch)
    assert (told["created"], told["updated"], every_row() == before) == (0, 0, True)
