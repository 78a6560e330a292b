"""The sandbox is a truth of its own, and nothing that runs in production leans on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OWN = "teams_integration.sandbox"
GENERIC = "conferences.providers.sandbox"


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_sandbox_shares_nothing_with_the_client_and_parsers_that_it_tests() -> None:
    ours = ("teams_integration", "conferences", "lms_project")
    imported = {
        name
        for path in _modules("teams_integration/sandbox")
        for name in _imports(path)
        if name.startswith(ours) and not name.startswith((OWN, GENERIC))
    }
    assert imported == set()


def test_production_never_imports_a_sandbox() -> None:
    command = ROOT / "conferences/management/commands/sandbox.py"
    guilty = {
        str(path.relative_to(ROOT))
        for folder in ("conferences", "teams_integration", "lms_project")
        for path in _modules(folder)
        if not {"sandbox", "tests"} & set(path.relative_to(ROOT).parts) and path != command
        if any(name.startswith((OWN, GENERIC)) for name in _imports(path))
    }
    assert guilty == set()
