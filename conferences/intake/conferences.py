"""Which conference is meant, and is it a new one?"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from conferences.intake.lines import identifier, line, word
from conferences.intake.moments import period, zone
from conferences.models import Conference, Connection, Course
from conferences.providers import registry
from conferences.providers.base import InvalidInput, MeetingReference, ProviderConfig
from conferences.providers.text import clean
from conferences.providers.window import Window

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Typed:
    """A conference as a person describes it. Times are ISO texts or datetimes, zone-less ones in `time_zone`."""

    title: str
    starts_at: str | datetime
    ends_at: str | datetime
    join_url: str = ""
    external_id: str = ""
    organizer: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The columns of a conference, as they may be stored. Times are UTC."""

    title: str
    starts_at: datetime
    ends_at: datetime
    join_url: str
    external_id: str
    series_id: str
    organizer: str
    time_zone: str


def add_conference(
    connection: Connection | int,
    title: str,
    starts: str | datetime,
    ends: str | datetime,
    *,
    join_url: str = "",
    external_id: str = "",
    organizer: str = "",
    course: Course | str | None = None,
    time_zone: str = "",
) -> Conference:
    """A stored conference. Connection and course may be given by id and by code."""
    owner = known_connection(connection)
    typed = Typed(title, starts, ends, join_url, external_id, organizer, time_zone)
    checked = checked_conference(owner, typed)
    conference = Conference(connection=owner, course=known_course(course), **asdict(checked))
    try:
        with transaction.atomic():
            conference.save()
    except IntegrityError as error:
        _refuse_twin(owner, Q(external_id=checked.external_id), None)
        raise InvalidInput("The conference could not be stored. Please try again.") from error
    return conference


def checked_conference(connection: Connection, typed: Typed, stored: Conference | None = None) -> Checked:
    """What the typed text says, also when it changes a stored conference.

    A stored one keeps its identity unless address, id or organiser change: rescheduled, it is still the same class.
    """
    zone_name = clean(typed.time_zone)
    starts_at, ends_at = period(typed.starts_at, typed.ends_at, zone(zone_name))
    title = line(Conference, "title", typed.title, "The title", required=True)
    join_url = word(Conference, "join_url", typed.join_url, "The join address")
    organizer = word(Conference, "organizer", typed.organizer, "The organiser")
    external_id = identifier(Conference, "external_id", typed.external_id, "The external ID")
    if stored and (join_url, external_id, organizer) == (stored.join_url, stored.external_id, stored.organizer):
        reference = MeetingReference(external_id, stored.series_id, join_url, organizer)
        twins = _named(reference)
    else:
        if stored and join_url and external_id == stored.external_id:
            external_id = ""
        window = Window(starts_at, ends_at)
        reference = _reference(known_config(connection), join_url, external_id, organizer, window)
        twins = _named(reference)
        if reference.external_id != external_id:
            twins |= _began_with(reference, starts_at)
    _refuse_twin(connection, twins, stored)
    return Checked(
        title,
        starts_at,
        ends_at,
        join_url=line(Conference, "join_url", reference.join_url or join_url, "The join address"),
        external_id=line(Conference, "external_id", reference.external_id, "The external ID"),
        series_id=line(Conference, "series_id", reference.series_id, "The series' ID"),
        organizer=line(Conference, "organizer", reference.organizer or organizer, "The organiser"),
        time_zone=line(Conference, "time_zone", zone_name, "The time zone"),
    )


def known_connection(connection: Connection | int) -> Connection:
    if isinstance(connection, Connection):
        return connection
    found = Connection.objects.filter(pk=connection).first()
    if found is None:
        raise InvalidInput(f"There is no connection {connection}.", "connection")
    return found


def known_course(course: Course | str | None) -> Course | None:
    if not course or isinstance(course, Course):
        return course or None
    found = Course.objects.filter(code=clean(course)).first()
    if found is None:
        raise InvalidInput(f"There is no course “{clean(course)}”. Add it first.", "course")
    return found


def known_config(connection: Connection) -> ProviderConfig:
    try:
        return connection.config
    except registry.UnknownProvider as error:
        raise InvalidInput(str(error), "connection") from None


def _reference(
    config: ProviderConfig, join_url: str, external_id: str, organizer: str, window: Window
) -> MeetingReference:
    reference = config.refer(join_url=join_url, external_id=external_id, organizer=organizer, window=window)
    if not reference.external_id:
        raise InvalidInput(
            f"Nothing says which meeting of {config.verbose_name} this is. Give its join address or its ID.", "join_url"
        )
    return reference


def _named(reference: MeetingReference) -> Q:
    """By the id that it has, or by one that it had before it took place."""
    return Q(external_id=reference.external_id) | Q(former_ids__contains=[reference.external_id])


def _began_with(reference: MeetingReference, starts_at: datetime) -> Q:
    """Whoever names a series and a time may mean an occurrence that is known by an id of its own. Forms ask for no
    seconds."""
    minute = starts_at.replace(second=0, microsecond=0)
    same = Q(series_id=reference.series_id, starts_at__gte=minute, starts_at__lt=minute + MINUTE)
    return same & ~Q(series_id="")


def _refuse_twin(connection: Connection, twins: Q, stored: Conference | None) -> None:
    twin = Conference.objects.filter(twins, connection=connection).exclude(pk=stored.pk if stored else 0).first()
    if twin:
        raise InvalidInput(
            f"This conference already exists: “{twin.title}” on {twin.starts_at:%Y-%m-%d at %H:%M} UTC (ID {twin.pk}).",
            "external_id",
        )
