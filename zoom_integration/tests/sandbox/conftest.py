from collections.abc import Iterator

import pytest

from zoom_integration.tests.sandbox.asking import Asker, asking


@pytest.fixture(scope="module")
def zoom() -> Iterator[Asker]:
    """Shared by the tests of a module, which must not change it."""
    with asking() as asker:
        yield asker


@pytest.fixture
def own_zoom() -> Iterator[Asker]:
    """For tests that change the world."""
    with asking() as asker:
        yield asker
