"""What can go wrong at a provider. Two bits decide on retry, the class on how often; the tree is for messages.

ProviderError                                           class
├── Retryable                   failed                  the same call may succeed later
│   ├── Unreachable             failed   network        no answer: DNS, TLS, reset, time-out, truncated body
│   ├── ServerTrouble           failed   server         5xx, or something that is not the API's JSON
│   └── RateLimited             failed   rate_limit     429, or 503 with Retry-After
│       └── DailyLimit          failed   rate_limit     the budget of the day is used up
└── Permanent                   failed                  the same call will fail again
    ├── CredentialsRefused      failed   authentication a wrong or expired secret, a deactivated app
    │   └── ReconnectNeeded     failed   authentication what a person allowed has ended, or was never given
    ├── Malformed               failed   data           JSON of the wrong shape, a loop or a foreign host in the paging
    ├── Rejected                failed   data           400, 422 and other refusals of the request itself
    ├── Missing                 failed   data           404 or 410: the service decides what that means
    └── Blocked                 blocked  permission     we may not, cannot or need not look
        ├── NotConfigured       blocked  permission     something that an admin or instructor must fill in here
        ├── NotPermitted        blocked  permission     a permission, policy or switch at the provider
        ├── NotSupported        blocked  permission     this kind of meeting cannot have it
        └── LicenceMissing      blocked  permission     the account has not paid for it

Cancelled is no ProviderError: the run was stopped, and whoever raises it wants out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


class Cancelled(Exception):
    """The run was cancelled, or lost its lease, while the provider was being asked."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where an error was met. `path` is without a query and names nobody; `tries` says at which try it was."""

    topic: str = ""
    path: str = ""
    tries: int = 1


class ProviderError(Exception):
    """A refusal or failure, told to three readers.

    code     for machines, snake_case, stable
    message  one sentence for the instructor
    advice   for the admin: what to do, may span lines; empty when nobody can act
    detail   for the log: the provider's own code and words, redacted by the log's filter

    permanent   the same call will fail again
    pardonable  although it is permanent, an admin may have the call tried again
    """

    permanent = True
    pardonable = False
    error_class: ClassVar[str] = "data"
    outcome = "failed"
    default_code = "failed"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        advice: str = "",
        detail: str = "",
        status: int | None = None,
        provider_code: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.advice = advice
        self.detail = detail
        self.status = status
        self.provider_code = provider_code
        self.request_id = request_id
        self.circumstances: Circumstances | None = None


class Retryable(ProviderError):
    permanent = False
    error_class = "server"
    default_code = "provider_trouble"


class Unreachable(Retryable):
    """`sent` False: no connection came about, so that nothing can have been done over there."""

    error_class = "network"
    default_code = "unreachable"
    sent = True


class ServerTrouble(Retryable):
    default_code = "provider_trouble"


class RateLimited(Retryable):
    """The provider asks us to wait: `retry_after` seconds, None when it did not say how long."""

    error_class = "rate_limit"
    default_code = "rate_limited"
    retry_after: float | None = None


class DailyLimit(RateLimited):
    """Nothing more today; `resumes_at` is when the provider's day ends, UTC."""

    permanent = True
    default_code = "daily_limit"
    resumes_at: datetime | None = None


class Permanent(ProviderError):
    """The same call will fail again."""


class CredentialsRefused(Permanent):
    pardonable = True
    error_class = "authentication"
    default_code = "credentials_refused"


class ReconnectNeeded(CredentialsRefused):
    pardonable = False
    default_code = "reconnect_needed"


class Malformed(Permanent):
    pardonable = True
    default_code = "malformed_answer"


class Rejected(Permanent):
    default_code = "request_rejected"


class Missing(Permanent):
    default_code = "not_found"


class Blocked(Permanent):
    error_class = "permission"
    outcome = "blocked"
    default_code = "blocked"


class NotConfigured(Blocked):
    default_code = "not_configured"


class NotPermitted(Blocked):
    default_code = "not_permitted"


class NotSupported(Blocked):
    default_code = "not_supported"


class LicenceMissing(Blocked):
    default_code = "licence_missing"
