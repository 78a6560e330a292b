"""One finding for all operations of which the same is said."""

from typing import Any

from conferences.findings import Finding, Told, findings

REFUSED = "The secret has expired."
NEW_SECRET = "Make a new one.\nEnter it.\nCheck again."


def line(operation: str, message: str = REFUSED, **values: Any) -> dict[str, Any]:
    defaults = {"state": "failed", "advice": NEW_SECRET, "needs": ["doors"], "missing": [], "granted": None}
    return {"operation": operation, "message": message, "probe": "", **defaults, **values}


def test_one_cause_is_told_once_with_all_its_operations() -> None:
    """Promise: the same sentence with the same steps is said once."""
    (found,) = findings([line("attendance"), line("chat"), line("files")], {"chat": "Chat", "files": "Files"})
    assert (found.operations, found.whom) == (["attendance", "chat", "files"], ["attendance", "Chat", "Files"])
    assert (found.state, found.message, found.advice) == ("failed", REFUSED, NEW_SECRET)


def test_whatever_is_said_otherwise_is_another_finding() -> None:
    lines = [
        line("attendance"),
        line("chat", "It may not."),
        line("files", advice="Wait."),
        line("polls", state="unknown"),
        line("survey"),
    ]
    assert [each.operations for each in findings(lines)] == [["attendance", "survey"], ["chat"], ["files"], ["polls"]]


def test_nothing_was_checked() -> None:
    assert findings([]) == []


def test_what_is_so_for_all_is_told_of_all() -> None:
    found = Finding([line("attendance"), line("chat")])
    assert found.needs == [Told((), {"needs": ["doors"], "missing": []})]
    assert (found.granted, found.probes) == ([Told((), {"granted": None})], [Told((), {"probe": ""})])
    assert found.missing == []


def test_what_differs_is_told_by_operation() -> None:
    walls: dict[str, Any] = {"needs": ["walls"], "missing": ["walls"]}
    found = Finding([line("attendance"), line("chat", **walls), line("files", **walls)], {"files": "Files"})
    assert found.needs == [
        Told(["attendance"], {"needs": ["doors"], "missing": []}),
        Told(["chat", "Files"], {"needs": ["walls"], "missing": ["walls"]}),
    ]
    assert found.missing == [Told(["chat", "Files"], {"missing": ["walls"]})]


def test_checks_of_older_versions_say_less() -> None:
    found = Finding([{"operation": "chat", "state": "permitted", "message": "Chat may be read."}])
    assert (found.advice, found.needs, found.missing, found.granted) == ("", [], [], [Told((), {"granted": None})])
