"""Promises of docker-compose.yml, which no test can start here."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

COMPOSE = Path(settings.BASE_DIR, "docker-compose.yml")


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def seconds(span: str) -> int:
    return int(span.removesuffix("s"))


def test_services_are_those_that_production_needs(services: dict[str, Any]) -> None:
    assert sorted(services) == ["housekeeping", "migrate", "postgres", "redis", "web", "worker"]


@pytest.mark.parametrize("name", ["web", "worker", "housekeeping", "postgres", "redis"])
def test_lasting_services_restart(services: dict[str, Any], name: str) -> None:
    assert services[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["worker", "postgres", "redis"])
def test_services_without_an_image_check_have_one_here(services: dict[str, Any], name: str) -> None:
    """The web server's is the image's own."""
    assert services[name]["healthcheck"]["test"]


def test_workers_can_be_scaled(services: dict[str, Any]) -> None:
    """A fixed name or port would allow only one."""
    assert {"container_name", "ports", "hostname"} & set(services["worker"]) == set()


def test_worker_is_given_longer_to_end_than_it_takes(services: dict[str, Any]) -> None:
    assert seconds(services["worker"]["stop_grace_period"]) > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_worker_hands_its_work_back_when_told_to_end(services: dict[str, Any]) -> None:
    assert services["worker"]["environment"]["REMAP_SIGTERM"] == "SIGQUIT"
    assert services["worker"]["command"][:3] == ["celery", "--app=lms_project", "worker"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_programs_wait_for_migrations_and_broker(services: dict[str, Any], name: str) -> None:
    assert services[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "redis": {"condition": "service_healthy"},
    }


def test_migrations_wait_for_the_database(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_housekeeping_runs_what_exists_and_starts_no_sync(services: dict[str, Any]) -> None:
    commands = re.findall(r"manage\.py (.+)", services["housekeeping"]["command"][-1])
    assert commands == ["check_stale_syncs", "check_alerts", "cleanup_sync_data --days=90"]
    for name, *arguments in map(str.split, commands):
        parser = load_command_class(str(get_commands()[name]), name).create_parser("manage.py", name)
        assert parser.parse_args(arguments)


def test_redis_keeps_messages_and_drops_none(services: dict[str, Any]) -> None:
    *_, command = services["redis"]["command"]
    for promise in ("--appendonly yes", "--maxmemory-policy noeviction", "--requirepass"):
        assert promise in command
    assert services["redis"]["volumes"] == ["redis:/data"]


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_servers_are_not_reachable_from_outside(services: dict[str, Any], name: str) -> None:
    assert "ports" not in services[name]


def test_web_is_published_on_loopback_only_by_default(services: dict[str, Any]) -> None:
    assert services["web"]["ports"] == ["${WEB_BIND:-127.0.0.1:8000}:8000"]


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]
)
def test_missing_value_stops_the_start_with_a_sentence(name: str) -> None:
    assert re.search(rf"\$\{{{name}:\?{name} is not set\. [A-Z][^}}]+\.\}}", COMPOSE.read_text())


@pytest.mark.parametrize("name", ["web", "worker", "housekeeping", "migrate"])
def test_programs_cannot_gain_rights_or_change_their_image(services: dict[str, Any], name: str) -> None:
    assert services[name]["security_opt"] == ["no-new-privileges:true"]
    assert services[name]["read_only"] is True
