"""The project's settings and the one line that adds a third provider."""

from lms_project.settings import *  # noqa: F403
from lms_project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "conferences.tests.campus_integration"]
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 1  # seconds: nobody wants to wait for a deploy in a test
