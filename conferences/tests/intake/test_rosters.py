import pytest

from conferences.intake.rosters import Person, people
from conferences.providers.base import InvalidInput

ANN = Person("Ann Lee", "ann@example.org", "instructor")
BEN = Person("Ben Ömer", "ben@example.org", "learner")


@pytest.mark.parametrize(
    "content",
    [
        "name,email,role\nAnn Lee,ann@example.org,instructor\nBen Ömer,ben@example.org,learner\n",
        "Ann Lee,ann@example.org,instructor\nBen Ömer,ben@example.org,learner",
        "\ufeffName;E-Mail;Role\r\nAnn Lee;ANN@example.org;Instructor\r\nBen Ömer;ben@example.org;LEARNER\r\n",
        "sep=;\r\nname;email;role\r\nAnn Lee;ann@example.org;instructor\r\nBen Ömer;ben@example.org;learner\r\n",
        "email\trole\tname\nann@example.org\tinstructor\tAnn Lee\nben@example.org\tlearner\tBen Ömer\n",
        'name,email,role\n\n" Ann  Lee ",ann@example.org,instructor\n,,\n"Ben\nO\u0308mer",ben@example.org,learner\n',
        "name,email,role,group\nAnn Lee,ann@example.org,instructor,A\nBen Ömer,ben@example.org,learner,B\n",
        "name,email,role\nAnn\x00 Lee,ann@example.org,instructor\nBen Ömer,ben@example.org,learner\n",
    ],
    ids=[
        "plain",
        "no-heading",
        "excel-semicolons-bom",
        "excel-sep",
        "tabs",
        "quotes-and-blanks",
        "more-columns",
        "nul",
    ],
)
def test_people_of_every_spelling_of_the_same_roster(content: str) -> None:
    assert people(content.encode()) == [ANN, BEN]


def test_people_of_a_spreadsheets_unicode_text() -> None:
    content = "name\temail\trole\r\nAnn Lee\tann@example.org\tinstructor\r\nBen Ömer\tben@example.org\tlearner\r\n"
    assert people(content.encode("utf-16")) == [ANN, BEN]


@pytest.mark.parametrize(
    ("lines", "number", "reason"),
    [
        (["Ann Lee,ann@example.org"], 2, "it has 2 columns and should have 3 (name, email, role)"),
        (["Lee, Ann,ann@example.org,learner"], 2, "it has 4 columns and should have 3 (name, email, role)"),
        (["Ann Lee,ann@example,learner"], 2, "“ann@example” is not an e-mail address"),
        (["Ann Lee,ann example.org,learner"], 2, "“ann example.org” is not an e-mail address"),
        (["Ann Lee,,learner"], 2, "the email is missing"),
        ([",ann@example.org,learner"], 2, "the name is missing"),
        (["Ann Lee,ann@example.org,"], 2, "the role is missing"),
        (["Ann Lee,ann@example.org,boss"], 2, "the role “boss” is unknown; it is instructor or learner"),
        (["Ann,ann@example.org,learner", "", "An,ANN@example.org,learner"], 4, "ann@example.org was already on line 2"),
        ([f"{'x' * 151},ann@example.org,learner"], 2, "name and e-mail address may have 150 characters each"),
        (['"Ann"Lee,ann@example.org,learner'], 2, "',' expected after '\"'"),
        (['"Ann Lee,ann@example.org,learner'], 2, "unexpected end of data"),
    ],
)
def test_broken_line_is_named_with_its_reason(lines: list[str], number: int, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        people("\n".join(["name,email,role", *lines]).encode())
    assert str(refused.value) == f"Line {number} of the roster is broken: {reason}. Nothing was stored."
    assert refused.value.field == "roster"


def test_line_number_counts_the_line_that_names_the_separator() -> None:
    with pytest.raises(InvalidInput, match=r"^Line 3 of the roster is broken: the role “boss”"):
        people(b"sep=;\nname;email;role\nAnn;ann@example.org;boss")


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("name,email", "the column “role” is missing"),
        ("name,email,role,email", "the column “email” is there twice"),
    ],
)
def test_heading_that_does_not_fit(heading: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        people(f"{heading}\n".encode())
    assert str(refused.value) == (
        f"Line 1 of the roster is broken: {reason}. The columns are name, email, role. Nothing was stored."
    )


def test_other_encoding_names_the_line() -> None:
    content = "name,email,role\nAnn Lee,ann@example.org,learner\nBen Ömer,ben@example.org,learner\n"
    with pytest.raises(InvalidInput) as refused:
        people(content.encode("cp1252"))
    assert str(refused.value) == (
        "Line 3 of the roster is broken: it is not in UTF-8. Save the file again as “CSV UTF-8”. Nothing was stored."
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,email,role\n", b"\xef\xbb\xbf"])
def test_roster_without_people(content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^The roster has no people in it\.$"):
        people(content)


def test_roster_that_is_too_large() -> None:
    with pytest.raises(InvalidInput, match=r"^The roster is larger than 5 MB\.$"):
        people(b"x" * 5_000_001)
