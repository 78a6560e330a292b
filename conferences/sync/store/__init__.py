"""The only writer of synced data: inserts, changes what differs, marks what is gone; never deletes or empties."""

from conferences.sync.store.conferences import ConferenceStore
from conferences.sync.store.step import StepStore

__all__ = ["ConferenceStore", "StepStore"]
