"""The domain: courses, conferences, who attended, and the runs that found out."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = "Conferences"

    def ready(self) -> None:
        from conferences.operations.alerts.defaults import create_rules  # noqa: PLC0415 - models are there only now
        from conferences.roles import keep_groups  # noqa: PLC0415 - likewise

        post_migrate.connect(keep_groups, sender=self, dispatch_uid="conferences.roles")
        post_migrate.connect(create_rules, sender=self, dispatch_uid="conferences.alert_rules")
