"""A stand-in for Zoom's sign-in and API, strict where they are strict. Production never imports it."""

from zoom_integration.sandbox.service import application

__all__ = ["application"]
