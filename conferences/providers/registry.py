"""Which providers are installed: Django's app registry knows."""

from django.apps import apps

from conferences.providers.base import ProviderConfig


class UnknownProvider(LookupError):
    """No installed provider has this slug; the text names those that there are."""


def all_providers() -> list[ProviderConfig]:
    return sorted(
        (config for config in apps.get_app_configs() if isinstance(config, ProviderConfig)),
        key=lambda config: config.slug,
    )


def provider(slug: str) -> ProviderConfig:
    for config in all_providers():
        if config.slug == slug:
            return config
    known = ", ".join(config.slug for config in all_providers())
    raise UnknownProvider(f"There is no provider “{slug}”. Installed are: {known}.")
