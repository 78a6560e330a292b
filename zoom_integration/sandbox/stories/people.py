"""Learners of the demonstration, and guests without end."""

from zoom_integration.sandbox.naming import choice, short
from zoom_integration.sandbox.shapes import Attendee

_NAMES = (
    "Amara Nwosu",
    "Bastian Keller",
    "Chiara Moretti",
    "Dmitri Volkov",
    "Elif Yılmaz",
    "Farah Haddad",
    "Gustav Nyström",
    "Hana Suzuki",
    "Ibrahim Diallo",
    "Jana Nováková",
    "Kofi Mensah",
    "Lucía Romero",
    "Mateus Oliveira",
    "Nora Eriksen",
    "Owen Gallagher",
    "Petra Horvat",
    "Quang Tran",
    "Rania Saleh",
    "Stefan Popescu",
    "Tamsin Wright",
)
_PLAIN = str.maketrans("ıłáéíóúäöüåøñşç", "ilaeiouaouaonsc")


def _email(name: str) -> str:
    return f"{name.lower().translate(_PLAIN).replace(' ', '.')}@example.org"


def _learner(name: str) -> Attendee:
    """People from outside the account: Zoom knows their address because they have registered."""
    return Attendee(name, _email(name), registrant=short("registrant", _email(name)))


LEARNERS = tuple(_learner(name) for name in _NAMES)


def guest(number: int) -> Attendee:
    """The same person for the same number."""
    name = f"{_NAMES[number % len(_NAMES)].split()[0]} {_NAMES[choice(len(_NAMES), 'surname', number)].split()[1]}"
    email = f"guest.{number:06d}@example.com"
    return Attendee(f"{name} {number}", email, registrant=short("registrant", email))
