"""How stubbornly errors of one class are tried again. Providers are handed what is in force; they see no settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# However policies add up, one call with all its tries and waits is given up when it has taken this long.
LONGEST_CALL_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds, unless the name says otherwise.

    tries                     including the first one; being asked to wait is counted apart from all other trouble
    first_wait, longest_wait  a wait is drawn by lot, up to a limit that doubles from the one to the other
    patience                  with waits that are asked for: for one, and for all of one topic together
    """

    tries: int = 1
    first_wait: float = 1.0
    longest_wait: float = 30.0
    patience: float = 300.0


# By error class. A class that is not there is never tried again.
Policies = Mapping[str, Policy]

ONCE = Policy()
BUILT_IN: Policies = MappingProxyType(
    {
        "network": Policy(tries=5),
        "server": Policy(tries=5),
        # Whoever still asks to wait after eight waits in a row will do so for longer than a sync may take.
        "rate_limit": Policy(tries=9),
        "authentication": ONCE,
        "data": ONCE,
    }
)


def passing_trouble(policy: Policy) -> Policies:
    """The same for whatever may pass by itself, and nothing for the rest."""
    return MappingProxyType(dict.fromkeys(("network", "server", "rate_limit"), policy))
