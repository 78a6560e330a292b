"""What happened in a time, with the file to keep of it."""

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conferences.models import Connection
from conferences.operations.report import Period, period
from conferences.operations.report import report as counted
from conferences.operations.report.page import as_html, context
from conferences.operations.report.period import DEFAULT
from conferences.operations.report.plain import as_csv, as_json
from conferences.providers.base import InvalidInput
from conferences.views.access import operator
from conferences.views.negotiation import varying

SPANS = (("24h", "the last 24 hours"), ("7d", "the last 7 days"), ("4w", "the last 4 weeks"), ("52w", "the last year"))
FILES = {"csv": ("text/csv; charset=utf-8", as_csv), "html": ("text/html; charset=utf-8", as_html)}


class ReportForm(forms.Form):
    """Either one of the usual spans, or from a day on."""

    since = forms.CharField(label="From", required=False, max_length=40, widget=forms.Select(choices=SPANS))
    first = forms.DateField(label="or from the day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="to", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    connection: "forms.ModelChoiceField[Connection]" = forms.ModelChoiceField(
        Connection.objects.order_by("name"), label="Connection", required=False, empty_label="all"
    )

    def period(self) -> Period:
        """Raises InvalidInput."""
        if not self.is_valid():
            raise InvalidInput("That is not a day, or not a connection. Choose again.")
        told = self.cleaned_data
        since = str(told["first"] or told["since"] or DEFAULT)
        wanted = [told["connection"].pk] if told["connection"] else []
        return period(since, str(told["last"] or ""), wanted)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The query string names the time and the connection; `format` json, csv or html gives a file."""
    operator(request)
    form = ReportForm(request.GET or {"since": DEFAULT}, label_suffix="")
    try:
        found = counted(form.period())
    except InvalidInput as wrong:
        return render(request, "operations/report.html", {"form": form, "refusal": str(wrong)}, status=400)
    wanted = request.GET.get("format", "")
    if wanted == "json":
        return JsonResponse(as_json(found))
    if wanted in FILES:
        content_type, rendered = FILES[wanted]
        name = f"syncs-{timezone.localtime(found.period.starts_at):%Y-%m-%d}.{wanted}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(rendered(found), content_type=content_type, headers=headers)
    return varying(render(request, "operations/report.html", {"form": form, **context(found)}))
