"""What the project's own modules name, import and call, read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

PACKAGES = ("conferences", "lms_project", *settings.PROVIDERS)


@dataclass(frozen=True)
class Source:
    """Dotted names that a module imports or mentions, those that it calls, and whole strings in it."""

    named: frozenset[str]
    called: frozenset[str]
    said: frozenset[str]


@cache
def modules() -> dict[str, Source]:
    """By dotted name; without tests and migrations."""
    paths = [path for package in PACKAGES for path in Path(settings.BASE_DIR, package).rglob("*.py")]
    names = {path: ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts) for path in paths}
    return {
        name.removesuffix(".__init__"): _read(ast.parse(path.read_text()))
        for path, name in names.items()
        if not {"tests", "migrations"} & set(name.split("."))
    }


def naming(wanted: str) -> set[str]:
    """Modules that import or mention a dotted name, or something in it; other than the one that it lives in."""
    return {
        module
        for module, source in modules().items()
        if not wanted.startswith(f"{module}.") and any(f"{name}.".startswith(f"{wanted}.") for name in source.named)
    }


def calling(*endings: str) -> set[str]:
    """Modules that call something whose dotted name ends so."""
    ends = tuple(f".{ending}" for ending in endings)
    return {module for module, source in modules().items() if any(f".{name}".endswith(ends) for name in source.called)}


def saying(*words: str) -> set[str]:
    """Modules in which a whole string is one of these."""
    return {module for module, source in modules().items() if source.said & set(words)}


def _read(tree: ast.Module) -> Source:
    imported = dict(_imports(tree))
    nodes = list(ast.walk(tree))
    mentioned = (_dotted(node, imported) for node in nodes if isinstance(node, ast.Attribute | ast.Name))
    called = (_dotted(node.func, imported) for node in nodes if isinstance(node, ast.Call))
    said = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return Source(frozenset([*imported.values(), *mentioned]), frozenset(called), frozenset(said))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)
        elif isinstance(node, ast.Import):
            yield from ((each.asname or each.name, each.name) for each in node.names)


def _dotted(node: ast.expr, imported: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, imported)}.{node.attr}"
    return imported.get(node.id, node.id) if isinstance(node, ast.Name) else "?"
