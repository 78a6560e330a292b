"""Every setting of the project, driven by the environment. A bad value stops the start with a sentence."""

import logging
import re
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lms_project.logs import FORMATS, configured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(env.path("ENV_FILE", default=str(BASE_DIR / ".env")), overwrite=False)


def required(name: str, purpose: str, development: str) -> str:
    """A value that production must set; development falls back to a known one."""
    value = env.str(name, default=development if DEBUG else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. It is {purpose}.")
    return value


def positive(name: str, default: int) -> int:
    """A whole number above zero, in the unit that the name or its comment says."""
    value = env.int(name, default=default)
    if value <= 0:
        raise ImproperlyConfigured(f"{name} must be above zero, not {value}.")
    return value


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "the key that signs sessions and forms: any long random text", "development-only")
FIELD_ENCRYPTION_KEYS = [
    key.strip()
    for key in required(
        "FIELD_ENCRYPTION_KEYS",
        "the comma-separated list of Fernet keys that protect stored credentials; the first one encrypts",
        "ZGV2ZWxvcG1lbnQtb25seS1rZXktb2YtMzItYnl0ZXM=",
    ).split(",")
    if key.strip()
]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where people reach the site, for addresses that are written where no request tells it.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
if PUBLIC_URL and not re.fullmatch(r"https?://[^/\s?#@]+", PUBLIC_URL):
    raise ImproperlyConfigured("PUBLIC_URL must be the site's address and nothing more, like https://lms.example.org.")

# Adding a provider is one more line here.
PROVIDERS = [
    "teams_integration",
    "zoom_integration",
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "conferences",
    *PROVIDERS,
]

MIDDLEWARE = [
    "lms_project.request_trail.followed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "conferences.views.unavailable.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "conferences.views.unavailable.Unavailable",
]

ROOT_URLCONF = "lms_project.urls"
WSGI_APPLICATION = "lms_project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def database() -> dict[str, Any]:
    """PostgreSQL with time-outs, so that a dead network path is noticed in seconds and not in hours."""
    config = env.db_url("DATABASE_URL", default="postgres://postgres@127.0.0.1:5432/lms")
    if config["ENGINE"] not in {"django.db.backends.postgresql", "django.db.backends.postgresql_psycopg2"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database: postgres://user:password@host:port/name"
        )
    session = {
        "statement_timeout": 30_000,
        "idle_in_transaction_session_timeout": 60_000,
        "lock_timeout": 5_000,
        "jit": "off",  # compiling takes longer than it saves
    }
    options = {
        "connect_timeout": 5,
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        "application_name": "lms",
    }
    # Poolers in transaction mode refuse start-up parameters; there the server's own settings must do.
    if env.bool("DATABASE_SESSION_TIMEOUTS", default=True):
        options["options"] = " ".join(f"-c {name}={value}" for name, value in session.items())
    return {
        **config,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, **config.get("OPTIONS", {})},
    }


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One lookup more than Django's own: a locked-out visitor is refused before the password is checked.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "conferences:list"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["lms_project.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security. Plain http is for DEBUG only, unless a site says that it has no TLS at all.
SECURE = env.bool("SECURE", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Celery. A message is only a doorbell for a row: it may be lost, late or doubled without harm.
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "sync"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DIRECT = True  # a queue of its own for each worker, to prove that it listens
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 7200,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.2}

# Synchronisation.
SYNC_STALE_AFTER = positive("SYNC_STALE_AFTER", 3600)  # seconds without a heartbeat
SYNC_LEASE_SECONDS = positive("SYNC_LEASE_SECONDS", 90)  # how long a silent worker keeps its item
SYNC_RING_AGAIN_SECONDS = positive("SYNC_RING_AGAIN_SECONDS", 15)  # between two doorbells for one run
SYNC_ITEMS_AT_ONCE = positive("SYNC_ITEMS_AT_ONCE", 4)  # conferences of one connection, in its whole sync
SYNC_MAX_ATTEMPTS = positive("SYNC_MAX_ATTEMPTS", 3)  # workers that may die on one item
SYNC_STARTS_PER_HOUR = positive("SYNC_STARTS_PER_HOUR", 60)  # clicks per person and conference
SYNC_WINDOW_BEFORE_MINUTES = env.int("SYNC_WINDOW_BEFORE_MINUTES", default=30)
SYNC_WINDOW_AFTER_MINUTES = env.int("SYNC_WINDOW_AFTER_MINUTES", default=120)

# Providers. Each address can be pointed at a stand-in.
MICROSOFT_LOGIN_URL = env.str("MICROSOFT_LOGIN_URL", default="https://login.microsoftonline.com").rstrip("/")
GRAPH_API_URL = env.str("GRAPH_API_URL", default="https://graph.microsoft.com/v1.0").rstrip("/")
ZOOM_OAUTH_URL = env.str("ZOOM_OAUTH_URL", default="https://zoom.us/oauth").rstrip("/")
ZOOM_API_URL = env.str("ZOOM_API_URL", default="https://api.zoom.us/v2").rstrip("/")

# E-mail, as in smtp+tls://user:password@host:587. Without it nothing is sent, and alerts say so.
EMAIL_TIMEOUT = 10  # seconds
_mail = env.email_url("EMAIL_URL", default="dummymail://")
vars().update({name: value for name, value in _mail.items() if name.startswith("EMAIL_")})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="webmaster@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# For a receiver of alerts in the site's own network.
ALERT_WEBHOOKS_TO_PRIVATE_NETWORKS = env.bool("ALERT_WEBHOOKS_TO_PRIVATE_NETWORKS", default=False)

# What operators watch.
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if DEBUG else "json")
if LOG_FORMAT not in FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT must be one of {' and '.join(FORMATS)}, not “{LOG_FORMAT}”.")
LOGGING = configured(LOG_FORMAT, LOG_LEVEL, ("conferences", "lms_project", *PROVIDERS))
logging.captureWarnings(LOG_FORMAT == "json")
# Without it only this machine itself is told the metrics.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# OpenTelemetry reads this and its other variables by itself; without an endpoint none of it is set up.
TRACER = "lms_project.tracing.OpenTelemetry" if env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="") else ""
