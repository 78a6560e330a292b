"""The dashboard for Grafana asks for what there is."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
from django.conf import settings

from conferences.models import Connection
from conferences.operations.metrics import exposition
from conferences.tests.operations.conftest import held, ran

DASHBOARD = json.loads((settings.BASE_DIR / "deploy/grafana/lms.json").read_text())
PANELS = DASHBOARD["panels"]
VARIABLES = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
SELECTION = re.compile(r"(lms_\w+)(?:\{([^}]*)\})?")
OF_GRAFANA = {"__rate_interval"}


def asked() -> list[str]:
    return [target["expr"] for panel in PANELS for target in panel.get("targets", ())]


@pytest.fixture
def labels(rooms: Connection) -> dict[str, set[str]]:
    """Of each metric: from what is described, and from samples where there are any."""
    ran(held(rooms, 3), 0, "partial", attendance="synced")
    text = exposition().decode()
    known: dict[str, set[str]] = {name: set() for name in re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)}
    for name, listed in re.findall(r"^(\w+)\{(.*)\} ", text, re.MULTILINE):
        known[name] = set(re.findall(r'(\w+)="', listed))
    return known


def test_every_metric_that_is_asked_for_is_told(labels: dict[str, set[str]]) -> None:
    wanted = {name for text in [*asked(), VARIABLES["connection"]["definition"]] for name, _ in SELECTION.findall(text)}
    assert wanted - set(labels) == set()


def test_every_metric_that_is_told_is_shown(labels: dict[str, set[str]]) -> None:
    assert set(labels) - {name for text in asked() for name, _ in SELECTION.findall(text)} == set()


def test_selections_name_labels_that_there_are(labels: dict[str, set[str]]) -> None:
    for text in asked():
        for name, selection in SELECTION.findall(text):
            chosen = set(re.findall(r"(\w+)(?==~|=|!=|!~)", re.sub(r'"[^"]*"', "", selection)))
            assert not labels[name] or chosen <= labels[name], text


def test_brackets_are_balanced() -> None:
    for text in asked():
        assert [text.count(each) for each in "([{"] == [text.count(each) for each in ")]}"], text


def test_counters_are_asked_for_their_growth_alone() -> None:
    for text in asked():
        assert len(re.findall(r"_total\b", text)) == len(re.findall(r"(?:rate|increase)\(lms_\w+_total\b", text)), text


def test_variables_are_those_that_are_used() -> None:
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(PANELS)))
    assert used - OF_GRAFANA == set(VARIABLES)


def test_every_panel_asks_the_chosen_prometheus() -> None:
    source = {"type": "prometheus", "uid": "${datasource}"}
    shown = [panel for panel in PANELS if panel["type"] != "row"]
    assert [panel["datasource"] for panel in shown] == [source] * len(shown)
    assert [target["datasource"] for panel in shown for target in panel["targets"]] == [source] * len(asked())


def test_panels_have_numbers_of_their_own_and_refs_within() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    for panel in PANELS:
        refs = [target["refId"] for target in panel.get("targets", ())]
        assert len(set(refs)) == len(refs)


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not (beside or below)


def test_panels_lie_side_by_side_on_the_grid() -> None:
    places = [panel["gridPos"] for panel in PANELS]
    assert [pair for pair in combinations(places, 2) if overlap(*pair)] == []
    assert max(place["x"] + place["w"] for place in places) == 24
