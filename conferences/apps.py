"""The domain: courses, conferences, who attended, and the runs that found out."""

from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = "Conferences"
