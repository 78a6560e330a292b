"""The published schemas of the API: GRAPH_SPECS names their folder, else it is looked for beside the checkout."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

_FILE = "graph-v1.0-subset.json"
# Kinds of callers that the documented answers list, always empty, and the schema of an identity set does not.
_EMPTY_KINDS = {
    "acsUser",
    "spoolUser",
    "acsApplicationInstance",
    "spoolApplicationInstance",
}


def file() -> Path | None:
    named = os.environ.get("GRAPH_SPECS")
    folder = Path(named) if named else Path(settings.BASE_DIR).parent / "shared" / "specs"
    return folder / _FILE if (folder / _FILE).is_file() else None


@cache
def _document() -> dict[str, Any]:
    path = file()
    assert path is not None
    document = json.loads(path.read_text())
    # The schema calls it a text; the API's documented answers have a number.
    mention = document["components"]["schemas"]["microsoft.graph.chatMessageMention"]
    mention["properties"]["id"] = {"type": "integer"}
    return document


def faults(answer: Any, schema: str, *, collection: bool = False) -> list[str]:
    """What is wrong with an answer, values and invented property names alike."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    wanted = {"type": "object", "properties": {"value": {"type": "array", "items": reference}}, "required": ["value"]}
    whole = {**(wanted if collection else reference), "components": _document()["components"]}
    wrong = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(answer)]
    rows = answer["value"] if collection else [answer]
    return [*wrong, *(fault for row in rows for fault in _invented(row, reference, schema))]


def _invented(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    """The schemas allow any property; the sandbox may only use those that they name."""
    schema = _resolved(schema)
    if isinstance(value, list):
        for each in value:
            yield from _invented(each, schema.get("items", {}), where)
    if not isinstance(value, dict) or "properties" not in schema:
        return
    for name, inner in value.items():
        if name in schema["properties"]:
            yield from _invented(inner, schema["properties"][name], f"{where}.{name}")
        elif not name.startswith("@odata.") and name not in _EMPTY_KINDS:
            yield f"{where} has no property {name}"


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        return _resolved(schema["anyOf"][0])
    if "$ref" in schema:
        return _document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
