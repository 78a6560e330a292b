"""Everything that the API answers."""

from zoom_integration.sandbox import audience, details, past, recordings, reports, users, voices
from zoom_integration.sandbox.routes import Route, own_scopes, scopes

ROUTES: tuple[Route, ...] = (
    *users.ROUTES,
    *details.ROUTES,
    *audience.ROUTES,
    *past.ROUTES,
    *reports.ROUTES,
    *voices.ROUTES,
    *recordings.ROUTES,
)
SCOPES = frozenset(scopes(*ROUTES))
# Those of apps that each user manages.
OWN_SCOPES = frozenset(own_scopes(*ROUTES))
