"""What a person typed becomes rows, by the same rules for commands, pages and admin.

Whatever cannot be right raises InvalidInput: one sentence, the field it is about, and nothing stored.
"""

from conferences.intake.conferences import add_conference
from conferences.intake.connections import add_connection
from conferences.intake.courses import add_course

__all__ = ["add_conference", "add_connection", "add_course"]
