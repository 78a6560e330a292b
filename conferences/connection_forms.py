"""What staff type on the page of a connection."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from conferences.forms import ANY, STATES, Filter, in_state, numbered
from conferences.intake.days import range_of, whole_days
from conferences.models import Conference, Connection, SyncRun
from conferences.providers.base import InvalidInput, Span

HOSTS = 500  # more than this would be no list to choose from
MODES = (SyncRun.Mode.FULL, SyncRun.Mode.DELTA, SyncRun.Mode.RANGE)


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AccountSyncForm(forms.Form):
    """Which sync of the whole account is asked for. The days belong to mode range only."""

    mode = forms.ChoiceField(choices=[(mode, mode) for mode in MODES])
    first, last = _day("From"), _day("To")
    span: Span | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("mode") == SyncRun.Mode.RANGE and not self.errors:
            if first is None:
                raise forms.ValidationError("Say from which day on. The last day may be left open.")
            if last and last < first:
                raise forms.ValidationError("The last day is before the first one.")
            self.span = self._range(first, last)
        return cleaned

    @staticmethod
    def _range(first: date, last: date | None) -> Span:
        try:
            return range_of(first, last)
        except InvalidInput as error:
            raise forms.ValidationError(str(error)) from None

    @property
    def sentence(self) -> str:
        """Why it cannot be done like this."""
        if "mode" in self.errors:
            return "Choose a full sync, the changes, or a range of days."
        if self.errors.keys() & {"first", "last"}:
            return "That is not a day. Write it like 2025-11-26."
        return " ".join(str(error) for error in self.non_field_errors())


class AccountFilter(Filter):
    """Of one connection's conferences; by their `hosts` only for whoever may see people."""

    searched = "Title or number"
    host = forms.ChoiceField(label="Host", required=False)
    state = forms.ChoiceField(label="Last sync", required=False, choices=ANY + STATES)
    first, last = _day("From"), _day("To")

    def __init__(self, data: Any, *, connection: Connection, hosts: bool = True) -> None:
        super().__init__(data)
        if hosts:
            self._offer_hosts(connection)
        else:
            del self.fields["host"]
        self.is_valid()

    def _offer_hosts(self, connection: Connection) -> None:
        hosts = Conference.objects.filter(connection=connection).exclude(organizer="").order_by("organizer")
        names = hosts.values_list("organizer", flat=True).distinct()[:HOSTS]
        self._offer("host", ((name, name) for name in names))

    def apply(self, conferences: "QuerySet[Conference]") -> "QuerySet[Conference]":
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            conferences = conferences.filter(Q(title__icontains=text) | Q(external_id=text) | numbered(text))
        if host := wanted.get("host"):
            conferences = conferences.filter(organizer=host)
        return conferences.filter(in_state(wanted.get("state", "")), _within(wanted.get("first"), wanted.get("last")))


def _within(first: date | None, last: date | None) -> Q:
    span = whole_days(first, last)
    after = Q(starts_at__gte=span.starts_at) if span.starts_at else Q()
    return after & (Q(starts_at__lt=span.ends_at) if span.ends_at else Q())
