"""Why a message did not arrive."""


class Undeliverable(Exception):
    """str() is a sentence for operators; it never holds a secret. Everything is tried again: it may be mended."""
