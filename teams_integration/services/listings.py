"""A listing that breaks off in the middle costs what is missing, not what was read."""

from collections.abc import Iterable, Iterator

from conferences.providers.errors import CredentialsRefused, ProviderError
from conferences.providers.records import Problem
from conferences.providers.shape import Raw


def good_part(listing: Iterable[Raw]) -> Iterator[Raw | Problem]:
    """The entries, and a Problem at the end where the listing broke off.

    Raises what is refused before the first entry came, and refused credentials at any time.
    """
    begun = False
    try:
        for raw in listing:
            begun = True
            yield raw
    except CredentialsRefused:
        raise
    except ProviderError as error:
        if not begun:
            raise
        yield Problem(error)
