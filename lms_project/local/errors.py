"""What can go wrong while a machine is being made ready."""


class LocalError(Exception):
    """The machine lacks something, or a process of ours failed. The text is for the person at the keyboard."""
