"""Each harmless call is made once, and a provider that is down is left alone."""

import pytest

from conferences.providers.errors import Missing, NotPermitted, ProviderError, Unreachable
from conferences.providers.probing import Probing, Tried, attempt


def raising(error: ProviderError | None) -> object:
    if error is not None:
        raise error
    return None


@pytest.mark.parametrize(
    ("error", "refused", "told"),
    [
        (None, False, "Asked for a room: answered."),
        (Missing("No.", status=404), False, "Asked for a room: answered 404, so it may be asked for."),
        (NotPermitted("No.", status=403), True, "Asked for a room: refused with 403 (not_permitted)."),
        (NotPermitted("No.", provider_code="E7"), True, "Asked for a room: refused (E7)."),
    ],
)
def test_attempt_tells_what_was_asked_and_what_came(error: ProviderError | None, refused: bool, told: str) -> None:
    tried = attempt("Asked for a room", lambda: raising(error), lambda each: isinstance(each, Missing))
    assert (tried.error is not None, tried.told) == (refused, told)


def test_each_topic_is_tried_once() -> None:
    asked: list[str] = []
    probing = Probing(lambda topic: (asked.append(topic), Tried(None, topic))[1])
    assert [probing.tried(topic).told for topic in ("doors", "walls", "doors")] == ["doors", "walls", "doors"]
    assert asked == ["doors", "walls"]


def test_provider_that_is_down_is_asked_no_more() -> None:
    asked: list[str] = []
    down = Unreachable("Nobody answers.")
    probing = Probing(lambda topic: (asked.append(topic), Tried(down, topic))[1])
    assert [probing.tried(topic).error for topic in ("doors", "walls", "floors")] == [down, down, down]
    assert asked == ["doors"]
