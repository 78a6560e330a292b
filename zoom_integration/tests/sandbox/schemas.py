"""The published schemas of the API: ZOOM_SPECS names their folder, else it is looked for beside the checkout."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

_FILE = "zoom-subset.json"
# Seen in live answers and in no schema.
_UNDOCUMENTED = {
    "/meetings/{meetingId}/recordings": {"share_url", "timezone"},
    "/users/{userId}/recordings": {"share_url", "timezone"},
}


def file() -> Path | None:
    named = os.environ.get("ZOOM_SPECS")
    folder = Path(named) if named else Path(settings.BASE_DIR).parent / "shared" / "specs"
    return folder / _FILE if (folder / _FILE).is_file() else None


@cache
def _document() -> dict[str, Any]:
    path = file()
    assert path is not None
    return json.loads(path.read_text())


def labels() -> dict[str, str]:
    """The rate limit of every published address."""
    paths = _document()["paths"].items()
    return {path: each["get"].get("x-rate-limit-label", "") for path, each in paths if "get" in each}


def granular_scopes(path: str) -> list[str]:
    return _document()["paths"][path]["get"]["x-granular-scopes"]


def error_codes(path: str, status: int) -> set[int]:
    answers = _document()["paths"][path]["get"]["responses"]
    return {each["code"] for each in answers.get(str(status), {}).get("x-zoom-errors", [])}


def faults(answer: Any, path: str, status: int = 200) -> list[str]:
    """What is wrong with an answer, values and invented property names alike."""
    schema = _document()["paths"][path]["get"]["responses"][str(status)]["content"]["application/json"]["schema"]
    return _faults(answer, schema, path)


def component_faults(answer: Any, name: str) -> list[str]:
    return _faults(answer, {"$ref": f"#/components/schemas/{name}"}, name)


def _faults(answer: Any, schema: dict[str, Any], path: str) -> list[str]:
    whole = {**_corrected(schema), "components": _document()["components"]}
    wrong = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer)]
    return [*wrong, *_invented(answer, [schema], path, _UNDOCUMENTED.get(path, set()))]


def _corrected(schema: Any) -> Any:
    """The type of a recording is documented as a text and sent as a number; one kind of file is told in prose only."""
    if isinstance(schema, list):
        return [_corrected(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "string" and "webinar" in schema.get("description", "").lower() and _numeric(schema):
        return {}
    if "CHAT_MESSAGE" in schema.get("enum", ()):
        return {**schema, "enum": [*schema["enum"], "TIMELINE"]}
    return {name: _corrected(value) for name, value in schema.items()}


def _numeric(schema: dict[str, Any]) -> bool:
    return bool(schema.get("enum")) and all(str(value).isdigit() for value in schema["enum"])


def _invented(value: Any, schemas: list[dict[str, Any]], where: str, known: set[str]) -> Iterator[str]:
    """The schemas allow any property; the sandbox may only use those that they name."""
    schemas = [part for schema in schemas for part in _parts(schema)]
    if isinstance(value, list):
        items = [schema["items"] for schema in schemas if "items" in schema]
        for each in value:
            yield from _invented(each, items, where, known)
    named = [schema["properties"] for schema in schemas if "properties" in schema]
    if not isinstance(value, dict) or not named:
        return
    for name, inner in value.items():
        found = [properties[name] for properties in named if name in properties]
        if found:
            yield from _invented(inner, found, f"{where}.{name}", known)
        elif name not in known:
            yield f"{where} has no property {name}"


def _parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        return _parts(_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    inner = [part for name in ("allOf", "oneOf", "anyOf") for each in schema.get(name, []) for part in _parts(each)]
    return [schema, *inner]
