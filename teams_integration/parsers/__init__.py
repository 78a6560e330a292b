"""Pure functions from Graph's JSON to records: no Django, no network."""
