from django.test import Client
from django.urls import reverse

from conferences.models import Conference
from conferences.spreadsheet import attendance_csv
from conferences.tests.school import seen


def test_register_as_a_file(teacher: Client, conference: Conference) -> None:
    seen(conference, "a", (0, 60), name="=HYPERLINK(1)")
    response = teacher.get(reverse("conferences:attendance_csv", args=[conference.pk]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="attendance-{conference.pk}.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content.decode() == attendance_csv(conference)
