"""What is a connection permitted to do?"""

from dataclasses import asdict, replace

from django.utils import timezone

from conferences.models import Connection
from conferences.providers.base import Check, Link
from conferences.providers.redaction import guarding, redact

PERMITTED = "permitted"


def check(connection: Connection) -> list[Check]:
    """Asks the provider, and stores the answer. Raises Undecryptable, UnknownProvider."""
    config = connection.config
    credentials = connection.credentials.reveal()
    with guarding(*config.secrets(credentials)):
        checks = [
            replace(line, message=redact(line.message), advice=redact(line.advice))
            for line in config.check(credentials, Link())
        ]
    connection.checks = [asdict(line) for line in checks]
    connection.checked_at = timezone.now()
    connection.save(update_fields=["checks", "checked_at"])
    return checks
