"""Microsoft Teams, through Microsoft Graph with application permissions."""

from conferences.providers.base import CredentialField, Operation, ProviderConfig


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
        CredentialField("tenant_id", "Directory (tenant) ID"),
        CredentialField("client_id", "Application (client) ID"),
        CredentialField("client_secret", "Client secret value", secret=True),
    )
    attendance_sources = ("attendance_report", "call_records")
    detail_model = "teams_integration.TeamsMeetingSync"
    sandbox = "teams_integration.sandbox.application"
    demo = "teams_integration.sandbox.demo.demo"
