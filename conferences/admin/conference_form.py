"""A conference as an administrator types it: checked by the same rules as everywhere else."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings

from conferences.intake.conferences import Typed, checked_conference
from conferences.models import Conference
from conferences.providers.base import InvalidInput

TYPED = ("title", "starts_at", "ends_at", "join_url", "external_id", "organizer", "time_zone")


class ConferenceForm(forms.ModelForm):
    class Meta:
        model = Conference
        fields = ["connection", "course", *TYPED]
        labels = {"join_url": "Join address", "external_id": "External ID", "organizer": "Organiser"}
        widgets = {
            name: forms.TextInput(attrs={"class": "vLargeTextField"})
            for name in ("title", "join_url", "external_id", "organizer")
        }
        help_texts = {
            "starts_at": f"In {settings.TIME_ZONE}.",
            "ends_at": f"In {settings.TIME_ZONE}.",
            "time_zone": "In which its times are shown, like Europe/Berlin. Empty: the site's.",
            "join_url": "The address under which people join.",
            "external_id": "The provider's own ID of this occurrence. Empty: it is read from the join address.",
            "organizer": "Their ID or e-mail address at the provider. Empty: it is read from the join address.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        stored = self.instance if self.instance.pk else None
        connection = stored.connection if stored else cleaned["connection"]
        try:
            checked = checked_conference(connection, Typed(**{name: cleaned[name] for name in TYPED}), stored)
        except InvalidInput as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return cleaned
        self.instance.series_id = checked.series_id
        if not set(self.changed_data).isdisjoint(Conference.DESCRIPTION):
            self.instance.described_by_person = True
        return cleaned | asdict(checked)
