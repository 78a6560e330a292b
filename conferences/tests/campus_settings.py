"""The project's settings and the one line that adds a third provider."""

from lms_project.settings import *  # noqa: F403
from lms_project.settings import INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "conferences.tests.campus_integration"]
# Nobody wants to wait for a deploy in a test.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.int("CAMPUS_SOFT_SHUTDOWN_SECONDS", default=1)
