"""How long something took, and percentiles of that: reckoned by the database."""

from django.db.models import Aggregate, F, FloatField
from django.db.models.functions import Extract

# Of a run or a step; NULL until it has ended. Django takes an Extract for a whole number where it is not told.
SECONDS = Extract(F("finished_at") - F("started_at"), "epoch", output_field=FloatField())


class Percentile(Aggregate):
    """PostgreSQL's percentile_cont: interpolated, NULL where there is nothing. `share` is from 0 to 1."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()
