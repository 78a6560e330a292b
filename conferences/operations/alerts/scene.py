"""What a look at the rules can see, and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from conferences.models import Connection
from conferences.operations.facts import Facts, System
from conferences.operations.gathering import gather, system


@dataclass(frozen=True, slots=True)
class Met:
    """connection  its number; None where it concerns all
    subject     what else tells it from others of the same rule
    """

    connection: int | None
    subject: str
    message: str


class Scene:
    """What several rules want to know is asked for once a look.

    now  by the database's clock
    """

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def connections(self) -> Sequence[Connection]:
        return list(Connection.objects.select_related("authorization").order_by("pk"))

    @cached_property
    def names(self) -> dict[int, str]:
        return {each.pk: each.name for each in self.connections}

    @cached_property
    def facts(self) -> dict[int, Facts]:
        return gather(self.connections)

    @cached_property
    def system(self) -> System:
        return system()
