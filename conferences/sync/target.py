"""What the provider gets to know about a conference."""

from django.apps import apps

from conferences.models import Conference
from conferences.providers.base import ProviderConfig, Target


def target_of(conference: Conference, config: ProviderConfig) -> Target:
    return Target(
        external_id=conference.external_id,
        title=conference.title,
        join_url=conference.join_url,
        organizer=conference.organizer,
        window=conference.window(),
        detail=_detail(conference, config),
    )


def _detail(conference: Conference, config: ProviderConfig) -> dict[str, object]:
    """What earlier syncs stored in the provider's own model."""
    if config.detail_model is None:
        return {}
    model = apps.get_model(config.detail_model)
    fields = [field.name for field in model._meta.concrete_fields if field.name not in {"id", "conference"}]
    return model._default_manager.filter(conference=conference).values(*fields).first() or {}
