"""What happened between two moments: runs, operations, traffic, errors, and what took longest."""

from conferences.operations.report.counting import report
from conferences.operations.report.figures import Report
from conferences.operations.report.period import Period, period

__all__ = ["Period", "Report", "period", "report"]
