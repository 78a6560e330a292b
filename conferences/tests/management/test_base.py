import pytest
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError

from conferences.management.base import AnsweringCommand
from conferences.models.fields import Undecryptable
from conferences.providers import trail
from conferences.providers.base import InvalidInput
from conferences.providers.registry import UnknownProvider
from conferences.sync.database import DISK_FULL, DatabaseUnavailable


class Failing(AnsweringCommand):
    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def answer(self, **_: object) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "exit_code", "sentence"),
    [
        (InvalidInput("That is no address."), 2, "That is no address."),
        (UnknownProvider("There is no provider."), 2, "There is no provider."),
        (Undecryptable(), 1, str(Undecryptable())),
        (DatabaseUnavailable(), 1, "Database connection error. Please wait a moment and try again."),
        (OperationalError("SSL SYSCALL"), 1, "Database connection error. Please wait a moment and try again."),
        (InterfaceError("closed"), 1, "Database connection error. Please wait a moment and try again."),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_expected_error_is_a_sentence_and_an_exit_code(error: BaseException, exit_code: int, sentence: str) -> None:
    with pytest.raises(CommandError) as told:
        Failing(error).handle()
    assert (str(told.value), told.value.returncode) == (sentence, exit_code)


def test_full_disk_is_not_told_as_a_lost_connection() -> None:
    error = OperationalError("could not extend file")
    error.__cause__ = type("DiskFull", (Exception,), {"pgcode": "53100"})()
    with pytest.raises(CommandError) as told:
        Failing(error).handle()
    assert (str(told.value), told.value.returncode) == (DISK_FULL, 1)


def test_unexpected_error_is_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError):
        Failing(ZeroDivisionError()).handle()


class Telling(AnsweringCommand):
    def answer(self, **_: object) -> None:
        self.request_id = trail.here().request_id


def test_each_start_of_a_command_has_an_id_for_all_that_it_does() -> None:
    seen = []
    for _ in range(2):
        command = Telling()
        command.handle()
        seen.append(command.request_id)
    assert (len(set(seen)), {len(request_id) for request_id in seen}) == (2, {32})
