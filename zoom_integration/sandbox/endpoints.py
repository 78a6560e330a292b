"""Everything the API answers."""

from zoom_integration.sandbox import recordings, reports
from zoom_integration.sandbox.routes import scopes

ROUTES = (*reports.ROUTES, *recordings.ROUTES)
SCOPES = frozenset(scopes(*ROUTES))
