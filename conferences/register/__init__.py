"""Who was there, and whom are we missing? Read once, in a fixed number of queries, for the page, the CSV file and the
export."""

from conferences.register.reading import Register, register
from conferences.register.row import Guess, Row
from conferences.register.sittings import Sitting
from conferences.register.summary import Summary

__all__ = ["Guess", "Register", "Row", "Sitting", "Summary", "register"]
