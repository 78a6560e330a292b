"""Reading the admin's pages."""

from typing import Any

from django.contrib.messages import get_messages


def errors(response: Any) -> dict[str, list[str]]:
    """What the form says, by field; {} when it was accepted."""
    return dict(response.context["adminform"].form.errors) if response.context else {}


def told(response: Any) -> list[tuple[str, str]]:
    """Level and text of each message to the user."""
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]
