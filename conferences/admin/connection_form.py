"""A form whose fields are what the provider declares as its credentials."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms

from conferences.intake.connections import checked_credentials, free_name
from conferences.models import Connection
from conferences.models.fields import Undecryptable
from conferences.providers.base import CredentialField, InvalidInput, ProviderConfig

PREFIX = "credential_"


class ConnectionForm(forms.ModelForm):
    """Secrets are write-only: an empty field keeps the stored one, and no page ever holds it."""

    config: ClassVar[ProviderConfig]

    class Meta:
        model = Connection
        fields = ["name", "secret_expires_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = self._stored()
        for credential in self.config.credential_fields:
            field = self.fields[PREFIX + credential.key]
            if not credential.secret:
                field.initial = self.stored.get(credential.key, "")
            elif credential.key in self.stored:
                field.required = False
                field.help_text = f"Leave empty to keep the stored one. {credential.help_text}".strip()

    @classmethod
    def credential_names(cls) -> Iterator[str]:
        return (PREFIX + credential.key for credential in cls.config.credential_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        typed = {each.key: cleaned[PREFIX + each.key] for each in self.config.credential_fields}
        try:
            cleaned["name"] = free_name(self.config, cleaned["name"], self.instance.pk or 0)
            self.checked = checked_credentials(self.config, self.stored | {key: v for key, v in typed.items() if v})
        except InvalidInput as error:
            name = PREFIX + error.field
            self.add_error(name if name in self.fields else "name", str(error))
        return cleaned

    def save(self, commit: bool = True) -> Connection:
        self.instance.provider = self.config.slug
        self.instance.credentials = self.checked
        return super().save(commit)

    def _stored(self) -> dict[str, str]:
        """What can still be read: with a lost key everything must be entered again."""
        if not self.instance.pk:
            return {}
        try:
            return self.instance.credentials.reveal()
        except Undecryptable as error:
            self.fields["name"].help_text = str(error)
            return {}


def connection_form(config: ProviderConfig) -> type[ConnectionForm]:
    fields = {PREFIX + credential.key: _field(credential) for credential in config.credential_fields}
    return type("ConnectionForm", (ConnectionForm,), {"config": config, **fields})


def _field(credential: CredentialField) -> forms.Field:
    """Unstripped, so that a stray space is told rather than guessed away."""
    if credential.choices:
        choice = forms.ChoiceField(label=credential.label, help_text=credential.help_text, choices=credential.choices)
        choice.required = False
        return choice
    off = {"autocomplete": "new-password" if credential.secret else "off", "size": "60"}
    widget = forms.PasswordInput(attrs=off) if credential.secret else forms.TextInput(attrs=off)
    field = forms.CharField(label=credential.label, help_text=credential.help_text, strip=False, widget=widget)
    field.required = credential.required
    return field
