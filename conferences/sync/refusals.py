"""Why a run was not started; str() is a sentence for the person who asked."""

from collections.abc import Collection

from conferences.models import SyncRun


class RequestRefused(ValueError):
    """The run cannot be requested. `wrong_usage`: it never will be, asked like this."""

    wrong_usage = False


class AlreadyActive(RequestRefused):
    """A run for the same target is queued or running: `run`."""

    def __init__(self, run: SyncRun) -> None:
        super().__init__(
            "A sync of this conference is already under way."
            if run.conference_id
            else "A sync of this connection is already under way."
        )
        self.run = run


class TooManyStarts(RequestRefused):
    def __init__(self) -> None:
        super().__init__("This conference was synced very often within the last hour. Please wait a while.")


class UnknownOperation(RequestRefused):
    wrong_usage = True

    def __init__(self, unknown: Collection[str], known: Collection[str]) -> None:
        super().__init__(f"There is no operation “{', '.join(sorted(unknown))}” here. There are: {', '.join(known)}.")
