"""What a shell may hold for other purposes, and what would change how our processes behave."""

from collections.abc import Mapping

SETTINGS = (
    *(
        "SECRET_KEY",
        "DEBUG",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        "SECURE",
        "BEHIND_PROXY",
        "TIME_ZONE",
        "LOG_LEVEL",
    ),
    *("DATABASE_URL", "REDIS_URL", "FIELD_ENCRYPTION_KEYS", "ENV_FILE"),
    *("MICROSOFT_LOGIN_URL", "GRAPH_API_URL", "ZOOM_OAUTH_URL", "ZOOM_API_URL"),
)
NETWORK = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
FAMILIES = ("SYNC_", "DATABASE_", "CELERY_")


def inherited(environment: Mapping[str, str]) -> list[str]:
    """The names in it that our processes must not inherit by chance."""
    return [name for name in environment if name in SETTINGS or name.upper() in NETWORK or name.startswith(FAMILIES)]


def without(environment: Mapping[str, str]) -> dict[str, str]:
    dropped = set(inherited(environment))
    return {name: value for name, value in environment.items() if name not in dropped}
