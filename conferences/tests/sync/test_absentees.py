"""Who registered and did not come, where the provider lists only those."""

from collections.abc import Callable

import pytest

from conferences.models import Registrant, SyncRun
from conferences.providers.base import Link, Operation, Target
from conferences.providers.errors import ServerTrouble
from conferences.providers.records import NothingFound, Problem, Record, RegistrantRecord
from conferences.tests.campus_integration.apps import CampusConfig

Play = Callable[..., SyncRun]
Script = Callable[[Target, Link], object]


@pytest.fixture(autouse=True)
def _lists_absentees(monkeypatch: pytest.MonkeyPatch) -> None:
    more = tuple(Operation(name, name.capitalize()) for name in ("registrants", "absentees"))
    monkeypatch.setattr(CampusConfig, "operations", CampusConfig.operations + more)


def listing(*names: str, absent: bool | None = True, after: tuple[Record, ...] = ()) -> Script:
    found = [RegistrantRecord(f"registrant:{name}", name, status="approved", absent=absent) for name in names]
    return lambda target, link: [*found, *after]


def absences() -> dict[str, bool | None]:
    return dict(Registrant.objects.values_list("name", "absent"))


@pytest.fixture
def registered(play: Play) -> Play:
    """Three registered; Ann and Ben are listed absent, of Cleo nothing was ever said."""
    play(registrants=listing("Ann", "Ben", "Cleo", absent=None), absentees=listing("Ann", "Ben"))
    assert absences() == {"Ann": True, "Ben": True, "Cleo": None}
    return play


def test_who_is_no_longer_listed_was_there(registered: Play) -> None:
    registered(absentees=listing("Ann"))
    assert absences() == {"Ann": True, "Ben": False, "Cleo": None}
    assert not Registrant.objects.filter(gone_at__isnull=False).exists()


def test_clean_listing_of_nobody_clears_everybody(registered: Play) -> None:
    registered(absentees=listing(after=(NothingFound("none_found", "Everybody came."),)))
    assert absences() == {"Ann": False, "Ben": False, "Cleo": None}


def test_who_is_listed_again_is_absent_again(registered: Play) -> None:
    registered(absentees=listing("Ann"))
    registered(absentees=listing("Ann", "Ben"))
    assert absences() == {"Ann": True, "Ben": True, "Cleo": None}


def test_listing_of_registrants_says_nothing_about_absence(registered: Play) -> None:
    registered(registrants=listing("Ann", "Cleo", absent=None))
    assert absences() == {"Ann": True, "Ben": True, "Cleo": None}
    assert Registrant.objects.get(gone_at__isnull=False).name == "Ben"


@pytest.mark.parametrize(
    "end",
    [
        Problem(ServerTrouble("One page is missing.")),
        NothingFound("not_ready", "The list is not ready yet."),
        NothingFound("unavailable", "There is no such list."),
    ],
)
def test_unclean_listing_proves_nothing(registered: Play, end: Record) -> None:
    """Promise: a listing that did not end cleanly proves nothing."""
    registered(absentees=listing("Ann", after=(end,)))
    assert absences() == {"Ann": True, "Ben": True, "Cleo": None}


def test_listing_that_breaks_off_proves_nothing(registered: Play) -> None:
    def broken(target: Target, link: Link) -> object:
        yield RegistrantRecord("registrant:Ann", "Ann", absent=True)
        raise ServerTrouble("Down.")

    registered(absentees=broken)
    assert absences() == {"Ann": True, "Ben": True, "Cleo": None}
