"""No test hears of another one's sign-in."""

from collections.abc import Iterator

import pytest

from zoom_integration import grants


@pytest.fixture(autouse=True)
def _own_sign_in() -> Iterator[None]:
    grants.forget()
    yield
    grants.forget()
