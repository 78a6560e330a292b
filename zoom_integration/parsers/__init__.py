"""Pure functions from what Zoom says to records."""
