from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client

from conferences.models import Conference, PresenceCorrection
from conferences.tests.school import School, answered, seen


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_learner_sees_the_classes_of_their_courses(school: School, conference: Conference) -> None:
    ann = school.enrol("Ann Able", "ann@example.org")
    school.conference(course=None, external_id="nobody's", title="Nobody's")
    assert list(signed_in(ann).get("/conferences/mine/").context["page"]) == [conference]


def test_learner_sees_their_own_row_and_no_other(school: School, conference: Conference) -> None:
    ann, ben = school.enrol("Ann Able", "ann@example.org"), school.enrol("Ben Best", "ben@example.org")
    for person, key in ((ann, "a"), (ben, "b")):
        seen(conference, key, (0, 60), name=person.get_full_name(), user=person, match="rule")
    answered(conference)
    text = signed_in(ann).get(f"/conferences/{conference.pk}/mine/").text
    assert "60.00 min" in text
    assert "10:00:00" in text
    assert ("Ben" in text, "ben@" in text) == (False, False)


def test_learner_reads_whether_they_were_still_in_or_nobody_knows(school: School, conference: Conference) -> None:
    ann = school.enrol("Ann Able", "ann@example.org")
    seen(conference, "a", (0, None), name="Ann", user=ann, match="rule")
    told = []
    for at in (75, 60000):
        answered(conference, at=at)
        text = signed_in(ann).get(f"/conferences/{conference.pk}/mine/").text
        told.append(("still in when it was fetched" in text, "leave time unknown" in text, "<td>unknown</td>" in text))
    assert told == [(True, False, False), (False, True, True)]


def test_learner_reads_why_they_were_corrected(school: School, conference: Conference) -> None:
    ann = school.enrol("Ann Able", "ann@example.org")
    answered(conference)
    PresenceCorrection.objects.create(conference=conference, user=ann, presence="present", reason="Sat here")
    assert "Corrected by someone: Sat here" in signed_in(ann).get(f"/conferences/{conference.pk}/mine/").text


def test_nobody_is_told_absent_before_the_provider_has_answered(school: School, conference: Conference) -> None:
    ann = school.enrol("Ann Able", "ann@example.org")
    response = signed_in(ann).get(f"/conferences/{conference.pk}/mine/")
    assert response.context["row"].presence is None


def test_instructor_has_no_row_of_their_own_here(client_of: Callable[[str], Client], conference: Conference) -> None:
    response = client_of("instructor").get("/conferences/mine/")
    assert list(response.context["page"]) == []
