"""What people answered in the survey after the end. Only the report tells.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/survey
"""

from collections.abc import Iterator

from conferences.providers.errors import Missing
from conferences.providers.records import Record
from zoom_integration.parsers import answers
from zoom_integration.parsers.answers import Keys
from zoom_integration.services.inquiry import Inquiry

NOT_READY = "The survey is not ready yet. People may still be answering it."
NONE_FOUND = "There was no survey, or nobody answered it."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    if early := inquiry.not_started() or inquiry.nowhere():
        yield early
        return
    counted, keys = 0, Keys()
    gone: Missing | None = None
    for occurrence in inquiry.occurrences:
        try:
            raw = inquiry.client.survey(occurrence.kind, occurrence.uuid)
        except Missing as error:
            gone = error
            continue
        for record in answers.survey(raw, occurrence.uuid, keys):
            counted += 1
            yield record
    if gone is not None:
        yield inquiry.unavailable(gone, NOT_READY)
    elif not counted:
        yield inquiry.nothing(NOT_READY, NONE_FOUND)
