import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from conferences.export import export
from conferences.management.commands.export_conference import Command
from conferences.models import Conference
from conferences.spreadsheet import attendance_csv
from conferences.tests.school import School, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference() -> Conference:
    conference = School().conference()
    seen(conference, "guest:1", (0, 60), name="Élodie")
    return conference


def output(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("export_conference", *arguments, stdout=out)
    return out.getvalue()


def test_json_is_what_is_written_without_a_format(conference: Conference) -> None:
    written = output(str(conference.pk))
    assert json.loads(written) == export(conference)
    assert written[-2:] == "}\n"


def test_json_by_format(conference: Conference) -> None:
    assert output(str(conference.pk), "--format", "json") == output(str(conference.pk))


def test_csv_is_the_file_of_the_page(conference: Conference) -> None:
    assert output(str(conference.pk), "--format", "csv") == attendance_csv(conference)


def test_unknown_conference_is_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], conference: Conference
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "export_conference", "999999999999999999999"])
    assert ended.value.code == 2
    assert capsys.readouterr() == ("", "CommandError: There is no conference 999999999999999999999.\n")


def test_unknown_format_is_wrong_usage(conference: Conference) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'xml'"):
        output(str(conference.pk), "--format", "xml")
