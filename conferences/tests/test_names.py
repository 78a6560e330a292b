import pytest

from conferences.names import folded, in_any_order, local_part


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Lee", "ana lee"),
        ("  ANA\u00a0 \tLEE ", "ana lee"),
        ("Ána Lèé", "ana lee"),
        ("A\u0301na Lee", "ana lee"),
        ("\uff21na\u3000Lee", "ana lee"),
        ("Ana Lee (Guest)", "ana lee"),
        ("Ana Lee [Extern]", "ana lee"),
        ("A\u200bna \u202eLee", "ana lee"),
        ("O’Brien-Lee", "o brien lee"),
        ("Strauß", "strauss"),
        ("(Guest)", "guest"),
        ("李小龙", "李小龙"),
        ("مُحَمَّد", "محمد"),
        ("", ""),
        ("…", ""),
    ],
)
def test_folded(name: str, expected: str) -> None:
    assert folded(name) == expected


def test_vowel_signs_are_letters() -> None:
    """Without their vowel signs, many names written in Devanagari would be one."""
    assert folded("राम") != folded("रोम")


def test_order_does_not_matter() -> None:
    assert in_any_order("Lee, Ana") == in_any_order("Ana Lee")


@pytest.mark.parametrize(
    ("email", "expected"),
    [("Ana.Lee@example.org", "ana lee"), ("ana_lee+class@x.org", "ana lee"), ("it@example.org", ""), ("", "")],
)
def test_local_part(email: str, expected: str) -> None:
    assert local_part(email) == expected
