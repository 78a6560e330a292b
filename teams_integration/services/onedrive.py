"""Recordings as files in the organiser's OneDrive: name, size and link.

The folder has no fixed alias and its name follows the user's language, so a search stands behind it.
https://learn.microsoft.com/graph/api/driveitem-list-children, https://learn.microsoft.com/graph/api/driveitem-search
"""

from collections.abc import Iterator

from conferences.providers.errors import Malformed, Missing
from conferences.providers.records import Problem
from conferences.providers.shape import Raw
from teams_integration.client import GraphClient
from teams_integration.parsers.files import DriveItem, drive_item
from teams_integration.parsers.recording_matches import Matches

FOLDER = "Recordings"


def folder(client: GraphClient, organizer_id: str) -> Iterator[DriveItem | Problem]:
    """Nothing where there is no such folder."""
    try:
        yield from _read(client.drive_folder(organizer_id, FOLDER))
    except Missing:
        return


def search(client: GraphClient, organizer_id: str, titles: tuple[str, ...]) -> Iterator[DriveItem | Problem]:
    """What the drive holds under these names; the index lags behind, and fits loosely."""
    for title in dict.fromkeys(titles):
        try:
            yield from _read(client.drive_search(organizer_id, title))
        except Missing:
            return


def _read(listing: Iterator[Raw]) -> Iterator[DriveItem | Problem]:
    for raw in listing:
        if "folder" in raw:
            continue
        try:
            yield drive_item(raw)
        except Malformed as error:
            yield Problem(error)


def place(matches: Matches, listing: Iterator[DriveItem | Problem]) -> Iterator[Problem]:
    """Adds the files, also those that came before a listing broke off."""
    items: list[DriveItem] = []
    try:
        for entry in listing:
            if isinstance(entry, Problem):
                yield entry
            else:
                items.append(entry)
    finally:
        matches.add_files(items)
