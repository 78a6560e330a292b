import json
import threading

import pytest

from conferences.providers.sandbox.faults import BadFault, Fault, Faults, mistyped, parse


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("429:/chats:3", Fault("429", "/chats", 3)),
        ("503:/chats", Fault("503", "/chats", None)),
        ("429:/chats:3:retry-after=2.128", Fault("429", "/chats", 3, (("retry-after", "2.128"),))),
        ("404:root:/Recordings:/children:1", Fault("404", "root:/Recordings:/children", 1)),
        ("html:/token:2:status=200", Fault("html", "/token", 2, (("status", "200"),))),
        ("slow:/x:seconds=0.5", Fault("slow", "/x", None, (("seconds", "0.5"),))),
        (
            "foreign:/x:1:to=https://attacker.example.net:444/y",
            Fault("foreign", "/x", 1, (("to", "https://attacker.example.net:444/y"),)),
        ),
    ],
)
def test_fault_is_read(text: str, fault: Fault) -> None:
    assert parse(text) == fault


@pytest.mark.parametrize("text", ["", "429", "429:", "200:/x", "600:/x", "explode:/x", "loop"])
def test_fault_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadFault):
        parse(text)


def test_status_is_the_kind_or_an_option() -> None:
    assert [parse(text).status for text in ("504:/x", "html:/x", "html:/x:status=200")] == [504, 502, 200]


def test_fault_concerns_an_address_in_either_spelling() -> None:
    fault = parse("503:19:room@")
    assert fault.concerns("/chats/19%3Aroom%40thread/messages")
    assert fault.concerns("/chats/19:room@thread/messages")
    assert not fault.concerns("/chats/19%3Aother%40thread/messages")


def test_fault_hits_as_often_as_it_says() -> None:
    faults = Faults((parse("503:/a:2"), parse("429:/a:1")))
    hits = [faults.next("/b"), *(faults.next("/a") for _ in range(4))]
    assert [hit and hit.kind for hit in hits] == [None, "503", "503", "429", None]


def test_fault_without_a_number_hits_always() -> None:
    faults = Faults((parse("503:/a"),))
    assert [bool(faults.next("/a")) for _ in range(5)] == [True] * 5


def test_faults_can_be_added_and_cleared() -> None:
    faults = Faults()
    faults.add("503:/a:9")
    assert faults.next("/a") == Fault("503", "/a", 9)
    faults.clear()
    assert faults.next("/a") is None


def test_fault_for_few_requests_is_shared_out_exactly_between_threads() -> None:
    faults = Faults((parse("503:/a:50"),))
    hits: list[bool] = []

    def ask() -> None:
        hits.extend(faults.next("/a") is not None for _ in range(40))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(hits) == 50


def test_mistyped_answer_has_texts_for_lists() -> None:
    assert json.loads(mistyped(b'{"value": [1], "count": 1}')) == {"value": "none", "count": 1}
    assert mistyped(b"[1]") == b"[1]"
