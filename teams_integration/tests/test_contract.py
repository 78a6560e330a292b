"""Microsoft Teams keeps the contract of all providers."""

from conferences.providers.testing import ProviderContract
from teams_integration.tests.microsoft import CREDENTIALS

THREAD = "19%3ameeting_YWxnZWJyYQ%40thread.v2"
CONTEXT = "%7b%22Tid%22%3a%22{tenant}%22%2c%22Oid%22%3a%2213bd751e-6a68-5c74-b918-2c50a1567412%22%7d"


class TestTeams(ProviderContract):
    slug = "teams"
    credentials = {
        "tenant_id": CREDENTIALS.tenant_id,
        "client_id": CREDENTIALS.client_id,
        "client_secret": CREDENTIALS.client_secret,
    }
    join_url = (
        f"https://teams.microsoft.com/l/meetup-join/{THREAD}/0?context={CONTEXT.format(tenant=CREDENTIALS.tenant_id)}"
    )
