"""Microsoft Teams, through Microsoft Graph with application permissions."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from conferences.providers.base import (
    Check,
    CredentialField,
    Link,
    MeetingReference,
    Operation,
    ProviderConfig,
    Session,
    Target,
)
from conferences.providers.window import Window
from teams_integration.checks import check
from teams_integration.conf import TENANT_HINT, TENANT_PATTERN
from teams_integration.references import refer
from teams_integration.services.session import opened


class TeamsConfig(ProviderConfig):
    name = "teams_integration"
    verbose_name = "Microsoft Teams"
    slug = "teams"
    operations = (
        Operation(
            "attendance",
            "Attendance",
            ("OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All", "CallRecords.Read.All"),
        ),
        Operation(
            "recordings",
            "Recordings",
            (
                "OnlineMeetings.Read.All",
                "OnlineMeetingRecording.Read.All",
                "OnlineMeetingTranscript.Read.All",
                "Files.Read.All",
            ),
        ),
        Operation("chat", "Chat", ("Chat.Read.All",)),
        Operation("files", "Files", ("Chat.Read.All", "Files.Read.All")),
    )
    credential_fields = (
        CredentialField("tenant_id", "Directory (tenant) ID", help_text=TENANT_HINT, pattern=TENANT_PATTERN),
        CredentialField(
            "client_id",
            "Application (client) ID",
            help_text="In the Entra admin center under App registrations › the app › Overview.",
        ),
        CredentialField(
            "client_secret",
            "Client secret value",
            secret=True,
            help_text="Of the same app under Certificates & secrets: the column Value, shown only when it is made.",
        ),
    )
    attendance_sources = ("attendance_report", "call_records")
    detail_model = "teams_integration.TeamsMeetingSync"
    sandbox = "teams_integration.sandbox.application"
    demo = "teams_integration.sandbox.demo.demo"

    def refer(self, *, join_url: str, external_id: str, organizer: str, window: Window) -> MeetingReference:
        return refer(join_url=join_url, external_id=external_id, organizer=organizer, starts_at=window.starts_at)

    def open(self, credentials: Mapping[str, str], target: Target, link: Link) -> AbstractContextManager[Session]:
        return opened(credentials, target, link)

    def check(self, credentials: Mapping[str, str], link: Link) -> Iterable[Check]:
        return check(credentials, link)
