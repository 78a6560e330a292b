"""The register as a file."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conferences import spreadsheet
from conferences.views.access import visible_conference


@never_cache
@require_safe
def attendance_csv(request: HttpRequest, pk: int) -> HttpResponse:
    conference = visible_conference(request, pk)
    response = HttpResponse(spreadsheet.attendance_csv(conference), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="attendance-{conference.pk}.csv"'
    return response
