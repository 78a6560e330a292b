"""A stand-in for Microsoft's sign-in and Microsoft Graph, strict where they are strict. Production never imports it."""

from teams_integration.sandbox.service import application

__all__ = ["application"]
