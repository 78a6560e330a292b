"""What people answered in polls."""

from collections.abc import Iterator

from conferences.providers.records import Record
from zoom_integration.parsers import answers
from zoom_integration.parsers.answers import Keys
from zoom_integration.services import reported
from zoom_integration.services.inquiry import Inquiry

NOT_READY = "The poll results are not ready yet. Zoom needs some time after the end to write them down."
NONE_FOUND = "There was no poll, or nobody answered it."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    """https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/polls"""
    client, keys = inquiry.client, Keys()
    yield from reported.fetch(
        inquiry,
        client.polls,
        client.past_polls,
        lambda listed, uuid: answers.poll(listed, uuid, keys),
        NOT_READY,
        NONE_FOUND,
    )
