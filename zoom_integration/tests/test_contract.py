"""Zoom keeps the contract of all providers."""

from conferences.providers.testing import ProviderContract


class TestZoom(ProviderContract):
    slug = "zoom"
    credentials = {"account_id": "Cx3wERazSgup7ZWRHQM8-w", "client_id": "aBcDeFgHiJ", "client_secret": "s3cretS3cret"}
    join_url = "https://example.zoom.us/j/95204914252?pwd=abc"
