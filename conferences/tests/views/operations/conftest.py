"""The same rows that the figures are tested with."""

from conferences.tests.operations.conftest import rooms

__all__ = ["rooms"]
