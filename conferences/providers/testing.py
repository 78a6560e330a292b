"""The contract that every provider keeps: derive a test class from `ProviderContract` and say what is yours.

class TestTeams(ProviderContract):
    slug = "teams"
    credentials = {"tenant_id": "…", "client_id": "…", "client_secret": "…"}
    join_url = "https://teams.microsoft.com/l/meetup-join/…"
"""

import ast
import socket
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from django.apps import apps

from conferences.providers import registry
from conferences.providers.base import InvalidInput, Link, MeetingReference, ProviderConfig, Target
from conferences.providers.window import Window

STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WINDOW = Window(STARTS_AT, STARTS_AT + timedelta(minutes=90))
OURS = ("conferences", "lms_project")
ALLOWED = "conferences.providers"


class ProviderContract:
    """slug, credentials and join_url describe a believable connection and meeting; nothing is contacted."""

    slug: ClassVar[str]
    credentials: ClassVar[Mapping[str, str]]
    join_url: ClassVar[str]

    @pytest.fixture
    def config(self) -> ProviderConfig:
        return registry.provider(self.slug)

    @pytest.fixture(autouse=True)
    def _no_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise AssertionError("a provider must not reach for the network here")

        monkeypatch.setattr(socket.socket, "connect", refuse)

    def refer(self, config: ProviderConfig, window: Window = WINDOW, join_url: str = "") -> MeetingReference:
        return config.refer(join_url=join_url or self.join_url, external_id="", organizer="", window=window)

    def test_operations_have_names_labels_and_permissions(self, config: ProviderConfig) -> None:
        names = [operation.name for operation in config.operations]
        assert len(names) == len(set(names)) > 0
        assert all(operation.label and operation.permissions for operation in config.operations)

    def test_credentials_have_a_secret_and_are_told_apart(self, config: ProviderConfig) -> None:
        keys = [field.key for field in config.credential_fields]
        needed = {field.key for field in config.credential_fields if field.required and not field.choices}
        assert needed <= self.credentials.keys() <= set(keys)
        assert any(field.secret for field in config.credential_fields)
        assert set(config.secrets(self.credentials)) <= set(self.credentials.values())

    def test_reference_is_the_same_every_time(self, config: ProviderConfig) -> None:
        assert self.refer(config) == self.refer(config)
        assert self.refer(config).external_id

    def test_occurrences_of_a_series_are_told_apart_and_kept_together(self, config: ProviderConfig) -> None:
        week = timedelta(days=7)
        later = Window(WINDOW.starts_at + week, WINDOW.ends_at + week)
        first, second = self.refer(config), self.refer(config, later)
        assert first.external_id != second.external_id
        assert first.series_id == second.series_id != ""

    @pytest.mark.parametrize("text", ["not an address", "https://example.org/elsewhere", "javascript:alert(1)"])
    def test_what_is_no_address_is_refused_in_a_sentence(self, config: ProviderConfig, text: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            self.refer(config, join_url=text)
        assert str(caught.value)

    def test_opening_a_session_asks_nobody(self, config: ProviderConfig) -> None:
        reference = self.refer(config)
        target = Target(reference.external_id, "Algebra", reference.join_url, reference.organizer, WINDOW)
        with config.open(self.credentials, target, Link()) as session:
            for operation in config.operations:
                assert isinstance(session.fetch(operation.name), Iterator)

    def test_check_raises_nothing_and_answers_for_every_operation(self, config: ProviderConfig) -> None:
        checks = list(config.check({}, Link()))
        assert {check.operation for check in checks} == {operation.name for operation in config.operations}
        assert {check.state for check in checks} <= {"permitted", "blocked", "failed", "unknown"}
        assert all(check.message for check in checks)

    def test_detail_model_belongs_to_one_conference(self, config: ProviderConfig) -> None:
        if config.detail_model is not None:
            field = apps.get_model(config.detail_model)._meta.get_field("conference")
            assert field.one_to_one

    def test_provider_sees_nothing_of_ours_but_what_is_meant_for_it(self, config: ProviderConfig) -> None:
        folder = Path(config.path)
        others = (*OURS, *(other.name for other in registry.all_providers() if other is not config))
        strangers = [
            f"{path.relative_to(folder)}: {name}"
            for path in folder.rglob("*.py")
            if not {"tests", "migrations"} & set(path.relative_to(folder).parts)
            for name in _imports(path)
            if _within(name, others) and not _within(name, (ALLOWED, config.name))
        ]
        assert strangers == []


def _within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
