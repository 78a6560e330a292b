"""The webinar's columns and what is inferred from them."""

from datetime import timedelta

import pytest

from zoom_integration.apps import ZoomConfig
from zoom_integration.models import Webinar
from zoom_integration.parsers import occurrences, webinar
from zoom_integration.tests.zoom import at, payload


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (at("09:59"), "upcoming"),
        (at("10:00"), "live"),
        (at("11:00"), "ended"),
        (at("10:00", "2026-03-03"), "missed"),
    ],
)
def test_status_is_inferred_from_the_schedule(now: object, status: str) -> None:
    planned = Webinar(scheduled_start_at=at("10:00"), scheduled_duration_minutes=60)

    assert planned.status_at(now) == status  # type: ignore[arg-type]


def test_status_of_a_run_that_ended_stays() -> None:
    assert Webinar(actual_end_at=at("11:00")).status_at(at("09:00")) == "ended"
    assert Webinar(status="ended").status_at(at("09:00") + timedelta(days=9)) == "ended"


def test_status_without_times_is_unknown() -> None:
    assert Webinar().status_at(at("10:00")) == ""


def test_every_column_that_parsers_fill_is_one_of_the_model() -> None:
    columns = {field.name for field in Webinar._meta.concrete_fields}
    history = payload("history_month")["history_meetings"][0]
    told = {
        *webinar.series(payload("webinar_full")),
        *webinar.history(history),
        *webinar.report(payload("report_webinar")),
        *occurrences.scheduled(payload("user_webinars")["webinars"][0], "webinar", at("10:00")).detail,  # type: ignore[union-attr]
    }

    assert told <= columns
    assert columns - told == {"id", "conference"}


def test_there_are_the_42_columns_and_our_own() -> None:
    ours = {"id", "conference", "kind", "detail_missing_at", "report", "extra"}

    assert len({field.name for field in Webinar._meta.concrete_fields} - ours) == 42


def test_nothing_that_opens_the_webinar_has_a_column() -> None:
    columns = {field.name for field in Webinar._meta.concrete_fields}

    assert {"password", "encrypted_passcode", "h323_passcode", "start_url"} & columns == set()


def test_people_read_words_and_not_zooms_numbers() -> None:
    row = Webinar(type=9, approval_type=2, registration_type=1, auto_recording="cloud", kind="webinar")

    assert [
        row.get_type_display(),
        row.get_approval_type_display(),
        row.get_registration_type_display(),
        row.get_auto_recording_display(),
        row.get_kind_display(),
    ] == ["One of a series of webinars", "Not required", "Once, for all sessions", "In Zoom's cloud", "Webinar"]


@pytest.mark.parametrize("kind", ["webinar", "meeting"])
def test_every_type_that_zoom_documents_has_a_word(kind: str) -> None:
    numbers = {"webinar": {5, 6, 9}, "meeting": {1, 2, 3, 4, 8}}[kind]

    assert {number for number, label in Webinar.Type.choices if kind in label.lower()} == numbers


def test_every_fact_for_the_page_is_a_column_with_a_label_of_its_own() -> None:
    labels = [str(Webinar._meta.get_field(name).verbose_name) for name in ZoomConfig.detail_fields]

    assert len(set(labels)) == len(labels)
