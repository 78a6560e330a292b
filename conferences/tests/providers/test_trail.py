"""Where in the work a line was written."""

import threading

import pytest

from conferences.providers import trail


def test_nowhere_nothing_is_known() -> None:
    assert trail.here().known() == {}


def test_what_is_known_grows_inwards_and_is_forgotten_outwards() -> None:
    with trail.on(request_id="click", run=7):
        with trail.on(item=9, operation="chat"):
            assert trail.here().known() == {"request_id": "click", "run": 7, "item": 9, "operation": "chat"}
        assert trail.here().known() == {"request_id": "click", "run": 7}
    assert trail.here().known() == {}


def test_what_is_known_is_forgotten_when_the_work_breaks() -> None:
    with pytest.raises(KeyError), trail.on(run=7):
        raise KeyError
    assert trail.here().known() == {}


def test_other_threads_know_nothing_of_it() -> None:
    seen: list[dict[str, object]] = []
    with trail.on(run=7):
        thread = threading.Thread(target=lambda: seen.append(trail.here().known()))
        thread.start()
        thread.join()
    assert seen == [{}]
