"""No test hears of another one's sign-in, or of what was refused to it."""

from collections.abc import Iterator

import pytest

from zoom_integration import closed, grants


@pytest.fixture(autouse=True)
def _own_sign_in() -> Iterator[None]:
    grants.forget()
    closed.forget()
    yield
    grants.forget()
    closed.forget()
