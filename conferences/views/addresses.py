"""Where the buttons of a Sync card lead, for a conference and for a whole connection alike."""

from typing import ClassVar

from django.urls import reverse

from conferences.models import SyncRun


class RunAddresses:
    """Derive a card from this; `namespace` holds the addresses, `target` is the key of what is synced."""

    namespace: ClassVar[str]
    run: SyncRun | None

    @property
    def target(self) -> int:
        raise NotImplementedError

    @property
    def start_url(self) -> str:
        return reverse(f"{self.namespace}:sync", args=[self.target])

    @property
    def status_url(self) -> str:
        return self._of_run("status")

    @property
    def cancel_url(self) -> str:
        return self._of_run("cancel")

    @property
    def resume_url(self) -> str:
        return self._of_run("resume")

    def _of_run(self, name: str) -> str:
        return reverse(f"{self.namespace}:{name}", args=[self.target, self.run.pk]) if self.run else ""
