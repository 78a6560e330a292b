"""A report as HTML: one file that needs nothing else, for mail and archives."""

from typing import Any

from django.template.loader import render_to_string

from conferences.operations.report.chart import chart
from conferences.operations.report.figures import PERCENTILES, Report
from conferences.operations.report.period import HOUR


def context(report: Report) -> dict[str, Any]:
    """What both the page and the file are drawn from."""
    hourly = report.period.step == HOUR
    return {
        "report": report,
        "chart": chart(report.series, hourly=hourly),
        "hourly": hourly,
        "percentiles": PERCENTILES,
    }


def as_html(report: Report) -> str:
    return render_to_string("operations/report_file.html", {**context(report), "in_file": True})
