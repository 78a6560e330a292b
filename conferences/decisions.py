"""What rules and people have decided: who a participant is, and whether somebody counts as present."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from conferences.matching import Attendee, Decision, RosterPerson, decide
from conferences.models import Conference, Enrolment, KnownIdentity, Participant, PresenceCorrection
from conferences.presence import Presence

# One statement for thousands of rows. Its condition is looked at again under each row's lock: a person may have
# decided since the rows were read.
WRITE_DECISIONS = """
    UPDATE conferences_participant AS participant
    SET match = decided.match, user_id = decided.user_id, matched_by_id = NULL, matched_at = %s
    FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS decided (id, match, user_id)
    WHERE participant.id = decided.id AND participant.match <> 'manual'
"""


class DecisionRefused(ValueError):
    """A decision that cannot be taken; the text is a sentence for the person who tried."""


def roster_person(user: User) -> RosterPerson:
    """The user name counts as a name unless it is an address."""
    names = dict.fromkeys([user.get_full_name(), "" if "@" in user.username else user.username])
    return RosterPerson(user.pk, tuple(filter(None, names)), user.email)


def attendee(row: Participant) -> Attendee:
    return Attendee(row.identity_key, row.name, row.email, row.kind, row.lasting, row.match, row.user_id)


def apply_matching(conference: Conference) -> int:
    """Lets the rules decide about everybody whom no person has decided on. Returns how many rows changed.

    Writes only what differs; to be run again after every attendance step, in that step's transaction.
    """
    rows = {
        row.identity_key: row
        for row in conference.participants.only(
            "conference_id", "identity_key", "name", "email", "kind", "lasting", "match", "user_id"
        )
    }
    decisions = decide((attendee(row) for row in rows.values()), _roster(conference), _known(conference))
    changed = {
        rows[decision.key].pk: decision for decision in decisions if _stands(rows[decision.key]) != _wanted(decision)
    }
    return _write(changed) if changed else 0


def _roster(conference: Conference) -> list[RosterPerson]:
    if conference.course_id is None:
        return []  # filtering by None would ask for everybody who is in no course at all
    return [roster_person(user) for user in User.objects.filter(enrolments__course=conference.course_id)]


def _known(conference: Conference) -> dict[str, int | None]:
    if not conference.series_id:
        return {}
    known = KnownIdentity.objects.filter(connection=conference.connection_id, series_id=conference.series_id)
    return dict(known.values_list("identity_key", "user_id"))


def _stands(row: Participant) -> tuple[str, int | None]:
    return row.match, row.user_id


def _wanted(decision: Decision) -> tuple[str, int | None]:
    return decision.match, decision.user_id


def _write(changed: dict[int, Decision]) -> int:
    values = [(pk, *_wanted(decision)) for pk, decision in changed.items()]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DECISIONS, [timezone.now(), *map(list, zip(*values, strict=True))])
        return cursor.rowcount


@transaction.atomic
def confirm(participant: Participant, user: User | None, by: User) -> None:
    """A person says who this is, or with None that it is nobody on the roster. Remembered for the series where the
    identity lasts. Raises DecisionRefused."""
    if user is not None:
        _demand_enrolled(participant.conference, user)
    _settle(participant, Participant.Match.MANUAL, user, by)
    if _memorable(participant):
        KnownIdentity.objects.update_or_create(**_identity(participant), defaults={"user": user, "decided_by": by})


@transaction.atomic
def forget(participant: Participant, by: User) -> None:
    """Takes a person's decision back, for the series too; the rules decide again, at once for this conference."""
    if _memorable(participant):
        KnownIdentity.objects.filter(**_identity(participant)).delete()
    _settle(participant, Participant.Match.NONE, None, by)
    apply_matching(participant.conference)
    participant.refresh_from_db(fields=["match", "user", "matched_by", "matched_at"])


def pass_on(former: Participant, heir: Participant) -> None:
    """`former` turned out to be `heir`, maybe the same row under another key: what a person decided about the one is
    true of the other, here and in the series, unless something was decided about that one."""
    if former.match == Participant.Match.MANUAL and heir.match != Participant.Match.MANUAL:
        heir.match, heir.user_id = former.match, former.user_id
        heir.matched_by_id, heir.matched_at = former.matched_by_id, former.matched_at
        heir.save(update_fields=["match", "user", "matched_by", "matched_at"])
    if not _memorable(heir):
        return
    decided = None
    if heir.match == Participant.Match.MANUAL:
        decided = (heir.user_id, heir.matched_by_id)
    elif _memorable(former):
        decided = KnownIdentity.objects.filter(**_identity(former)).values_list("user_id", "decided_by_id").first()
    if decided is not None:
        values = dict(zip(("user_id", "decided_by_id"), decided, strict=True))
        KnownIdentity.objects.get_or_create(**_identity(heir), defaults=values)


def undo(participant: Participant) -> None:
    """What was decided here is no longer about this participant; the rules decide again at their next run."""
    decided = Participant.objects.filter(pk=participant.pk, match=Participant.Match.MANUAL)
    decided.update(match=Participant.Match.NONE, user=None, matched_by=None, matched_at=timezone.now())


def _settle(participant: Participant, match: str, user: User | None, by: User) -> None:
    participant.match, participant.user = match, user
    participant.matched_by, participant.matched_at = by, timezone.now()
    participant.save(update_fields=["match", "user", "matched_by", "matched_at"])


def _memorable(participant: Participant) -> bool:
    return participant.lasting and bool(participant.conference.series_id)


def _identity(participant: Participant) -> dict[str, Any]:
    conference = participant.conference
    return {
        "connection": conference.connection,
        "series_id": conference.series_id,
        "identity_key": participant.identity_key,
    }


def correct_presence(conference: Conference, user: User, presence: str, reason: str, by: User) -> PresenceCorrection:
    """Overrules what was computed, now and after every later sync. Earlier corrections stay as the record of what was
    decided when. Raises DecisionRefused."""
    _demand_enrolled(conference, user)
    if presence not in Presence.values:
        raise DecisionRefused(f"There is no presence “{presence}”. It is {_either(Presence.values)}.")
    reason = " ".join(reason.split())
    longest = PresenceCorrection._meta.get_field("reason").max_length or 0
    if not reason:
        raise DecisionRefused("A correction needs a reason, so that others can follow it later.")
    if len(reason) > longest:
        raise DecisionRefused(f"The reason has {len(reason)} characters; {longest} fit.")
    return PresenceCorrection.objects.create(
        conference=conference, user=user, presence=presence, reason=reason, corrected_by=by
    )


def _demand_enrolled(conference: Conference, user: User) -> None:
    if conference.course is None:
        raise DecisionRefused(
            "This conference belongs to no course, so nobody is on its roster. Give it a course first."
        )
    if not Enrolment.objects.filter(course=conference.course, user=user).exists():
        name = user.get_full_name() or user.username
        raise DecisionRefused(f"{name} is not on the roster of {conference.course.code}. Add them to the course first.")


def _either(values: Iterable[str]) -> str:
    *most, last = values
    return f"{', '.join(most)} or {last}"
