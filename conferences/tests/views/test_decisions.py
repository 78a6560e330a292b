from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from conferences.models import Conference, KnownIdentity, Participant, PresenceCorrection
from conferences.tests.school import School, answered, seen


@pytest.fixture
def guest(conference: Conference) -> Participant:
    return seen(conference, "id:lena", (0, 60), name="Lena F.", kind="guest", lasting=True)


def match_address(participant: Participant) -> str:
    return reverse("conferences:match", args=[participant.conference_id, participant.pk])


def test_match_by_hand_is_stored_and_remembered(teacher: Client, guest: Participant, school: School) -> None:
    lena = school.enrol("Lena Fischer", "lena@example.org")
    response = teacher.post(match_address(guest), {"who": lena.pk})
    guest.refresh_from_db()
    assert response["Location"] == f"{guest.conference.get_absolute_url()}?tab=participants#content"
    assert (guest.user, guest.match, guest.matched_by.email) == (lena, "manual", "dana@example.org")
    assert KnownIdentity.objects.get().user == lena


def test_match_with_nobody_on_the_roster(teacher: Client, guest: Participant) -> None:
    teacher.post(match_address(guest), {"who": "nobody"})
    guest.refresh_from_db()
    assert (guest.user, guest.match) == (None, "manual")


def test_match_is_taken_back(teacher: Client, guest: Participant) -> None:
    teacher.post(match_address(guest), {"who": "nobody"})
    teacher.post(match_address(guest), {"who": "undo"})
    guest.refresh_from_db()
    assert (guest.user, guest.match) == (None, "none")
    assert not KnownIdentity.objects.exists()


def test_match_with_somebody_not_on_the_roster_stores_nothing(
    teacher: Client, guest: Participant, django_user_model: type
) -> None:
    stranger = django_user_model.objects.create(username="stranger")
    response = teacher.post(match_address(guest), {"who": stranger.pk})
    guest.refresh_from_db()
    assert (response.status_code, guest.match) == (422, "none")


def test_match_page_offers_suggestions_with_their_reason(
    teacher: Client, conference: Conference, school: School
) -> None:
    school.enrol("Lena Fischer", "lena@example.org")
    guest = seen(conference, "guest:1", (0, 60), name="Fischer Lena", kind="guest")
    text = teacher.get(match_address(guest)).text
    assert "Lena Fischer</button>" in text
    assert "Same name in another order" in text


def test_presence_is_corrected_with_a_reason(teacher: Client, conference: Conference, school: School) -> None:
    ben = school.enrol("Ben Best", "ben@example.org")
    answered(conference)
    address = reverse("conferences:presence", args=[conference.pk, ben.pk])
    teacher.post(address, {"presence": "present", "reason": "Sat in the room"})
    correction = PresenceCorrection.objects.get()
    assert (correction.user, correction.presence, correction.reason) == (ben, "present", "Sat in the room")
    assert correction.corrected_by.email == "dana@example.org"
    assert "Sat in the room" in teacher.get(address).text


@pytest.mark.parametrize(
    "typed", [{"presence": "present", "reason": " "}, {"presence": "asleep", "reason": "x"}, {"presence": "present"}]
)
def test_correction_that_cannot_be_right_stores_nothing(
    typed: dict[str, str], teacher: Client, conference: Conference, school: School
) -> None:
    ben = school.enrol("Ben Best", "ben@example.org")
    response = teacher.post(reverse("conferences:presence", args=[conference.pk, ben.pk]), typed)
    assert (response.status_code, PresenceCorrection.objects.count()) == (422, 0)


def test_presence_of_somebody_not_on_the_roster_cannot_be_corrected(
    teacher: Client, conference: Conference, django_user_model: type
) -> None:
    stranger = django_user_model.objects.create(username="stranger")
    assert teacher.get(reverse("conferences:presence", args=[conference.pk, stranger.pk])).status_code == 404


def test_conference_without_a_course_has_nobody_to_choose(client_of: Callable[[str], Client], school: School) -> None:
    conference = school.conference(course=None)
    guest = seen(conference, "guest:1", (0, 60), name="Somebody")
    staff = client_of("staff")
    form = staff.get(match_address(guest)).context["form"]
    assert [value for value, _ in form.fields["who"].choices] == ["nobody", "undo"]
