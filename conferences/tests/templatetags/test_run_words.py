import pytest

from conferences.models import SyncStep
from conferences.templatetags.run_words import ended


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([("chat", "synced", "synced")], "synced: chat"),
        ([("chat", "", ""), ("files", "", "")], "none has ended"),
        ([], ""),
        (
            [
                ("attendance", "synced", "synced"),
                ("chat", "no_data", "none_found"),
                ("files", "blocked", "not_permitted"),
                ("polls", "no_data", "none_found"),
                ("survey", "", ""),
            ],
            "synced: attendance; no data (none_found): chat, polls; blocked (not_permitted): files; open: survey",
        ),
    ],
)
def test_operations_that_came_to_the_same_are_told_together(steps: list[tuple[str, str, str]], words: str) -> None:
    assert ended(SyncStep(operation=name, outcome=outcome, code=code) for name, outcome, code in steps) == words
