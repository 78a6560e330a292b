"""Questions that attendees asked, with their answers."""

from collections.abc import Iterator

from conferences.providers.records import Record
from zoom_integration.parsers import answers
from zoom_integration.parsers.answers import Keys
from zoom_integration.services import reported
from zoom_integration.services.inquiry import Inquiry

NOT_READY = "The questions are not ready yet. Zoom needs some time after the end to write them down."
NONE_FOUND = "Nobody asked a question."


def fetch(inquiry: Inquiry) -> Iterator[Record]:
    """The report has ids and times: https://developers.zoom.us/docs/api/meetings/#tag/reports"""
    client, keys = inquiry.client, Keys()
    yield from reported.fetch(
        inquiry,
        client.questions,
        client.past_questions,
        lambda listed, uuid: answers.questions(listed, uuid, keys),
        NOT_READY,
        NONE_FOUND,
    )
