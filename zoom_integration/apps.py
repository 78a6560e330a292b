"""Zoom webinars and meetings, through Zoom's REST API: as the account itself, or in the name of a person."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager

from conferences.providers.authorization import Granted, Tokens
from conferences.providers.base import (
    Check,
    CredentialField,
    Link,
    MeetingReference,
    Operation,
    ProviderConfig,
    Session,
    Span,
    Target,
)
from conferences.providers.records import Record
from conferences.providers.window import Window
from zoom_integration import consent
from zoom_integration.checks import check
from zoom_integration.conf import PERSON, PLANS, SESSIONS, SIGN_INS, Credentials
from zoom_integration.references import refer
from zoom_integration.scopes import permissions
from zoom_integration.services.session import discovered, opened

WHERE = "In the Zoom App Marketplace under Manage › the app › App Credentials."


class ZoomConfig(ProviderConfig):
    name = "zoom_integration"
    verbose_name = "Zoom"
    slug = "zoom"
    operations = tuple(
        Operation(name, label, permissions(name))
        for name, label in (
            ("attendance", "Attendance"),
            ("recordings", "Recordings"),
            ("chat", "Chat"),
            ("registrants", "Registrants"),
            ("absentees", "Absentees"),
            ("questions", "Questions and answers"),
            ("polls", "Polls"),
            ("survey", "Survey"),
        )
    )
    credential_fields = (
        CredentialField("sign_in", "Sign in", help_text="As the kind of app at Zoom is.", choices=SIGN_INS),
        CredentialField(
            "account_id",
            "Account ID",
            help_text=f"{WHERE} Not needed where a person connects the account.",
            required=False,
        ),
        CredentialField("client_id", "Client ID", help_text=WHERE),
        CredentialField("client_secret", "Client secret", secret=True, help_text=WHERE),
        CredentialField("plan", "Zoom plan", help_text="Decides how much may be asked per second.", choices=PLANS),
        CredentialField("sessions", "Sync of the whole account", choices=SESSIONS),
    )
    attendance_sources = ("participant_report", "past_participants")
    detail_model = "zoom_integration.Webinar"
    detail_fields = (
        "topic",
        "type",
        "host_name",
        "host_email",
        "alternative_hosts",
        "agenda",
        "scheduled_start_at",
        "scheduled_duration_minutes",
        "time_zone",
        "actual_start_at",
        "actual_end_at",
        "actual_duration_minutes",
        "participants_count",
        "total_minutes",
        "unique_viewers",
        "max_concurrent_views",
        "approval_type",
        "registration_url",
        "auto_recording",
        "practice_session",
        "is_simulive",
        "zoom_id",
        "uuid",
        "created_in_zoom_at",
        "detail_missing_at",
    )
    discovers = True
    sandbox = "zoom_integration.sandbox.application"
    demo = "zoom_integration.sandbox.demo.demo"

    def examine(self, credentials: Mapping[str, str]) -> None:
        Credentials.from_mapping(credentials)

    def authorizes(self, credentials: Mapping[str, str]) -> bool:
        return credentials.get("sign_in") == PERSON

    def authorization_url(
        self, credentials: Mapping[str, str], *, redirect_uri: str, state: str, challenge: str
    ) -> str:
        return consent.authorization_url(credentials, redirect_uri=redirect_uri, state=state, challenge=challenge)

    def redeem(
        self, credentials: Mapping[str, str], *, code: str, verifier: str, redirect_uri: str, link: Link
    ) -> Granted:
        return consent.redeem(credentials, code=code, verifier=verifier, redirect_uri=redirect_uri, link=link)

    def revoke(self, credentials: Mapping[str, str], tokens: Tokens, link: Link) -> None:
        consent.revoke(credentials, tokens, link)

    def refer(self, *, join_url: str, external_id: str, organizer: str, window: Window) -> MeetingReference:
        return refer(join_url=join_url, external_id=external_id, organizer=organizer, starts_at=window.starts_at)

    def open(self, credentials: Mapping[str, str], target: Target, link: Link) -> AbstractContextManager[Session]:
        return opened(credentials, target, link)

    def discover(self, credentials: Mapping[str, str], span: Span, link: Link) -> Iterator[Record]:
        return discovered(credentials, span, link)

    def check(self, credentials: Mapping[str, str], link: Link) -> Iterable[Check]:
        return check(credentials, link)
