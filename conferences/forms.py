"""What people type into pages."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from conferences.models import Conference, Connection, Course, SyncRun
from conferences.presence import Presence
from conferences.providers import registry

ANY = [("", "Any")]
NEVER, ACTIVE = "never", "active"
LONGEST_NUMBER = 18  # digits that a key can have
STATES = [
    (NEVER, "Not synced yet"),
    (ACTIVE, "Syncing now"),
    (SyncRun.State.PAUSED, "Paused"),
    (SyncRun.State.SUCCEEDED, "Synced"),
    (SyncRun.State.PARTIAL, "Partly synced"),
    (SyncRun.State.FAILED, "Failed"),
    (SyncRun.State.CANCELLED, "Cancelled"),
]
WHEN = [
    ("upcoming", "Upcoming"),
    ("today", "Today"),
    ("week", "Last 7 days"),
    ("month", "Last 30 days"),
    ("past", "All past"),
]


class Filter(forms.Form):
    """Search and filters of a list. A value that is none narrows nothing: an old bookmark still opens."""

    # What the search looks in, as its field says while it is empty.
    searched: str
    q = forms.CharField(label="Search", required=False, max_length=200, strip=True)

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["q"].widget.attrs.update({"type": "search", "placeholder": self.searched})

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = [*ANY, *choices]


class ConferenceFilter(Filter):
    searched = "Title, course or number"
    course = forms.ModelChoiceField(Course.objects.none(), label="Course", required=False, empty_label="Any")
    provider = forms.ChoiceField(label="Held in", required=False)
    state = forms.ChoiceField(label="Last sync", required=False, choices=ANY + STATES)
    when = forms.ChoiceField(label="When", required=False, choices=ANY + WHEN)

    def __init__(self, data: Any, *, user: AbstractBaseUser | AnonymousUser) -> None:
        super().__init__(data)
        mine = Conference.objects.run_by(user).order_by()
        course: Any = self.fields["course"]
        course.queryset = Course.objects.filter(pk__in=mine.values("course"))
        self._offer("provider", ((each.slug, each.verbose_name) for each in registry.all_providers()))
        self.is_valid()

    def apply(self, conferences: "QuerySet[Conference]") -> "QuerySet[Conference]":
        wanted = self.cleaned_data
        if text := wanted.get("q"):
            conferences = conferences.filter(
                Q(title__icontains=text)
                | Q(course__code__icontains=text)
                | Q(course__title__icontains=text)
                | numbered(text)
            )
        if course := wanted.get("course"):
            conferences = conferences.filter(course=course)
        if provider := wanted.get("provider"):
            conferences = conferences.filter(connection__provider=provider)
        return conferences.filter(in_state(wanted.get("state", "")), _in_time(wanted.get("when", "")))


def numbered(text: str) -> Q:
    """The conference's own number, as the page shows it."""
    number = text.removeprefix("No.").strip()
    return Q(pk=int(number)) if number.isdecimal() and len(number) <= LONGEST_NUMBER else Q(pk__in=[])


def in_state(state: str) -> Q:
    if state == NEVER:
        return Q(last_state__isnull=True)
    if state == ACTIVE:
        return Q(last_state__in=SyncRun.ACTIVE)
    return Q(last_state=state) if state else Q()


def _in_time(when: str) -> Q:
    now = timezone.now()
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    spans = {
        "upcoming": Q(ends_at__gte=now),
        "today": Q(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1)),
        "week": Q(starts_at__gte=now - timedelta(days=7), starts_at__lte=now),
        "month": Q(starts_at__gte=now - timedelta(days=30), starts_at__lte=now),
        "past": Q(ends_at__lt=now),
    }
    return spans.get(when, Q())


class MatchForm(forms.Form):
    """Who a participant is. The choices "nobody" and "undo" stand beside the people of the roster."""

    NOBODY, UNDO = "nobody", "undo"

    who = forms.ChoiceField(label="This is")

    def __init__(self, data: Any, *, course: Course | None) -> None:
        super().__init__(data, label_suffix="")
        people = User.objects.filter(enrolments__course=course).order_by("last_name", "first_name", "username")
        self._people = {str(user.pk): user for user in people} if course else {}
        who: Any = self.fields["who"]
        who.choices = [
            *((key, _full(user)) for key, user in self._people.items()),
            (self.NOBODY, "Nobody on the roster"),
            (self.UNDO, "Not decided: let the rules decide again"),
        ]

    @property
    def takes_back(self) -> bool:
        return self.cleaned_data["who"] == self.UNDO

    @property
    def person(self) -> User | None:
        """None for nobody on the roster."""
        return self._people.get(self.cleaned_data["who"])


def _full(user: User) -> str:
    return f"{user.get_full_name() or user.username} ({user.email or user.username})"


class PresenceForm(forms.Form):
    """A correction of the computed presence, which needs a reason."""

    presence = forms.ChoiceField(
        label="They were", choices=[(each.value, each.label.capitalize()) for each in Presence]
    )
    reason = forms.CharField(
        label="Because",
        max_length=500,
        help_text="Kept with your name and the time. Others will read it.",
        error_messages={"required": "A correction needs a reason, so that others can follow it later."},
    )


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"})


class ConferenceForm(forms.Form):
    """A conference as a person describes it; `conferences.intake` judges what it means."""

    connection = forms.ModelChoiceField(Connection.objects.all(), label="Held in", empty_label=None)
    course = forms.ModelChoiceField(
        Course.objects.all(), required=False, empty_label="No course", help_text="Its instructors see the conference."
    )
    title = forms.CharField(max_length=255)
    starts_at = forms.CharField(label="Starts", widget=_moment())
    ends_at = forms.CharField(label="Ends", widget=_moment())
    time_zone = forms.CharField(required=False, help_text="Like Europe/Berlin. Empty means the zone of this site.")
    join_url = forms.CharField(
        label="Join address", required=False, max_length=2048, help_text="The link that participants click."
    )
    external_id = forms.CharField(
        label="Meeting ID", required=False, max_length=512, help_text="Where there is no join address."
    )
    organizer = forms.CharField(
        label="Organiser",
        required=False,
        max_length=320,
        help_text="ID or e-mail address, if the join address has none.",
    )
