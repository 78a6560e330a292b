"""The project's settings and the one line that adds a third provider."""

from lms_project.settings import *  # noqa: F403
from lms_project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "conferences.tests.campus_integration"]
