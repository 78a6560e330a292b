"""Which retry policy is in force: what an admin has set, within bounds, and what is built in for the rest."""

from conferences.models import RetryPolicy
from conferences.providers.policy import BUILT_IN, Policies, Policy

MOST_TRIES = 10
# Who is refused by a sign-in may be locked out by asking on; what made no sense seldom makes more the third time.
FEWER_TRIES = {"authentication": 3, "data": 3}


def most_tries(error_class: str) -> int:
    return FEWER_TRIES.get(error_class, MOST_TRIES)


def in_force() -> Policies:
    """By error class. What is set for a class that is never tried again changes nothing."""
    rows = RetryPolicy.objects.filter(error_class__in=BUILT_IN)
    return {**BUILT_IN, **{row.error_class: _as_set(row) for row in rows}}


def _as_set(row: RetryPolicy) -> Policy:
    tries = min(row.tries, most_tries(row.error_class))
    return Policy(tries, row.first_wait_seconds, row.longest_wait_seconds, row.patience_seconds)
