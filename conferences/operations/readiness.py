"""May this server be sent people? Three answers, each within about a second, whatever is broken."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from django.db import Error

from conferences.operations import broker
from conferences.operations.aside import SECONDS, briefly, so_far
from conferences.operations.disk import Room, ask_for_room, found
from conferences.operations.workers import Condition, workers

# One thread for each: whoever asks while an answer is overdue waits behind it, and no connections pile up.
_DATABASE = ThreadPoolExecutor(1, "readiness-database")
_BROKER = ThreadPoolExecutor(1, "readiness-broker")


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence for whoever reads the probe; never anything secret."""

    well: bool
    told: str


@dataclass(frozen=True, slots=True)
class Readiness:
    database: Answer
    broker: Answer
    worker: Answer

    @property
    def ready(self) -> bool:
        return self.database.well and self.broker.well and self.worker.well


def readiness() -> Readiness:
    conditions, broker_answers = _DATABASE.submit(_conditions), _BROKER.submit(_broker_answers)
    room = ask_for_room()
    asked: list[Future[Any]] = [conditions, broker_answers, room]
    wait(asked, SECONDS)
    known = so_far(conditions)
    return Readiness(_database(known, found(room)), _answer(so_far(broker_answers) is True), _worker(known))


def _conditions() -> list[Condition] | None:
    """Of the workers; None when the database does not answer, or lacks our tables."""
    try:
        with briefly():
            return [worker.condition for worker in workers()]
    except Error:
        return None


def _broker_answers() -> bool:
    return broker.ask(SECONDS / 2).answers


def _database(conditions: list[Condition] | None, room: Room) -> Answer:
    if room is Room.FULL:
        return Answer(False, "has no room left on its disk")
    return _answer(conditions is not None and room is not Room.CLOSED)


def _answer(well: bool) -> Answer:
    return Answer(well, "answers" if well else "does not answer")


def _worker(conditions: list[Condition] | None) -> Answer:
    if conditions is None:
        return Answer(False, "is not known while the database does not answer")
    if Condition.WELL in conditions:
        return Answer(True, "answers")
    if Condition.DEAF in conditions:
        return Answer(False, "lives but takes no work: restart it")
    return Answer(False, "is not running")
