import pytest

from conferences.intake.lines import hidden_character, identifier, line, word
from conferences.models import Conference, Course
from conferences.providers.base import InvalidInput


def test_line_loses_nul_line_breaks_and_surrounding_space() -> None:
    assert line(Course, "title", "  Algebra\x00\r\n one \n", "The title") == "Algebra one"


def test_line_that_is_too_long_is_counted_in_the_sentence() -> None:
    with pytest.raises(InvalidInput) as refused:
        line(Course, "code", "x" * 65, "The course code")
    assert str(refused.value) == "The course code has 65 characters; at most 64 fit."
    assert refused.value.field == "code"


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "\n"])
def test_line_that_is_required_and_empty(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"^The title is missing\.$"):
        line(Course, "title", typed, "The title", required=True)


def test_line_that_just_fits() -> None:
    assert line(Course, "code", "x" * 64, "The course code") == "x" * 64


def test_word_with_a_space_in_it() -> None:
    with pytest.raises(InvalidInput) as refused:
        word(Conference, "organizer", "ann @example.org", "The organiser")
    assert str(refused.value) == "The organiser contains a space. It may have been copied incompletely or twice."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("123 456 789 012", "123456789012"),
        (" 123\u00a0456  789 ", "123456789"),
        ("123 456-789", "123456-789"),
        ("123-456", "123-456"),
        ("room-7@2026", "room-7@2026"),
        ("", ""),
    ],
)
def test_identifier_of_digits_may_be_typed_in_groups(typed: str, kept: str) -> None:
    assert identifier(Conference, "external_id", typed, "The ID") == kept


@pytest.mark.parametrize("typed", ["room 7", "123 456 a", "\u0661\u0662 \u0663", "- -"])
def test_identifier_with_a_space_that_separates_no_digits(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"^The ID contains a space\."):
        identifier(Conference, "external_id", typed, "The ID")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("secret", ""),
        ("sécret", ""),
        ("se cret", "a space"),
        ("secret\u00a0", "a space"),
        ("secret\t", "a space"),
        ("secret\n", "a line break"),
        ("\u200bsecret", "an invisible character"),
        ("sec\x00ret", "an invisible character"),
        ("\ufeffsecret", "an invisible character"),
    ],
)
def test_hidden_character_is_named(text: str, name: str) -> None:
    assert hidden_character(text) == name
