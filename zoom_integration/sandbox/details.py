"""One webinar or meeting as it is planned, with all its settings."""

from datetime import datetime

from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.naming import short, stamp
from zoom_integration.sandbox.refusals import invalid
from zoom_integration.sandbox.routes import LIGHT, Route
from zoom_integration.sandbox.world import MEETING, WEBINAR, Json, Series

# Zeros and blanks are what was chosen, not what is missing.
_SETTINGS: Json = {
    "allow_multiple_devices": True,
    "alternative_hosts": "",
    "alternative_host_update_polls": False,
    "approval_type": 2,
    "attendees_and_panelists_reminder_email_notification": {"enable": False, "type": 0},
    "audio": "both",
    "audio_conference_info": "",
    "auto_recording": "none",
    "close_registration": False,
    "contact_email": "",
    "contact_name": "",
    "email_in_attendee_report": True,
    "email_language": "en-US",
    "enable_session_branding": False,
    "enforce_login": False,
    "enforce_login_domains": "",
    "follow_up_absentees_email_notification": {"enable": False, "type": 0},
    "follow_up_attendees_email_notification": {"enable": False, "type": 0},
    "global_dial_in_countries": ["DE"],
    "global_dial_in_numbers": [],
    "hd_video": False,
    "hd_video_for_attendees": False,
    "host_video": True,
    "meeting_authentication": False,
    "add_watermark": False,
    "add_audio_watermark": False,
    "on_demand": False,
    "panelist_authentication": False,
    "panelists_invitation_email_notification": True,
    "panelists_video": True,
    "post_webinar_survey": False,
    "practice_session": False,
    "question_and_answer": {"enable": True, "allow_submit_questions": True, "answer_questions": "all"},
    "registrants_confirmation_email": True,
    "registrants_email_notification": True,
    "registrants_restrict_number": 0,
    "registration_type": 1,
    "send_1080p_video_to_attendees": False,
    "show_share_button": True,
    "show_join_info": False,
    "survey_url": "",
}
_MEETING_SETTINGS = ("alternative_hosts", "approval_type", "audio", "auto_recording", "email_in_attendee_report")


def detail(asking: Asking, series: str, kind: str) -> Json:
    found = asking.series(kind, series)
    answer = {**_planned(found), **_kind(found), **_secrets(found), **_changes(found)}
    if found.upcoming or found.type in {8, 9}:
        answer["occurrences"] = _occurrences(asking, found)
    if wanted := asking.query.get("occurrence_id"):
        if wanted not in {each["occurrence_id"] for each in answer.get("occurrences", [])}:
            raise invalid(f"Invalid occurrence ID: {wanted}.", "occurrence_id")
        answer["occurrences"] = [each for each in answer["occurrences"] if each["occurrence_id"] == wanted]
    return answer


def _planned(series: Series) -> Json:
    return {
        "uuid": series.planned_uuid,
        "id": series.id,
        "host_id": series.host.id,
        "host_email": series.host.email,
        "topic": series.topic,
        "type": series.type,
        "start_time": stamp(series.next_starts_at),
        "duration": series.minutes,
        "timezone": series.timezone,
        "agenda": series.agenda,
        "created_at": stamp(series.created_at),
        "join_url": series.join_url,
        "creation_source": "web_portal",
    }


def _kind(series: Series) -> Json:
    """Registration is shown by its address, and by an approval type that is not 2."""
    registers = series.registrants is not None
    approval = {"approval_type": 0} if registers else {}
    place = "webinar" if series.kind == WEBINAR else "meeting"
    url = f"https://northfield.zoom.us/{place}/register/{short('register', series.id)}"
    answer: Json = {"registration_url": url} if registers else {}
    if series.recurrence:
        answer["recurrence"] = series.recurrence
    if series.kind == WEBINAR:
        return {**answer, "is_simulive": False, "transition_to_live": False, "settings": {**_SETTINGS, **approval}}
    return {**answer, "settings": {**{name: _SETTINGS[name] for name in _MEETING_SETTINGS}, **approval}}


def _secrets(series: Series) -> Json:
    """What nobody may see; `start_url` starts the run as its host."""
    code = f"{series.id % 1_000_000:06d}"
    start = f"https://northfield.zoom.us/s/{series.id}?zak={short('zak', series.id)}"
    if series.kind == MEETING:
        return {"password": code, "encrypted_password": short("code", code), "h323_password": code, "start_url": start}
    return {"password": code, "encrypted_passcode": short("code", code), "h323_passcode": code, "start_url": start}


def _changes(series: Series) -> Json:
    changes = dict(series.changes)
    if "settings" in changes:
        changes["settings"] = {**_kind(series)["settings"], **changes["settings"]}
    return changes


def _occurrences(asking: Asking, series: Series) -> list[Json]:
    """Past ones on request only."""
    past = asking.query.get("show_previous_occurrences") == "true"
    held = [run.starts_at for run in asking.account.runs_of(series)] if past else []
    return [_occurrence(series, moment) for moment in (*held, *series.upcoming)]


def _occurrence(series: Series, moment: datetime) -> Json:
    key = str(int(moment.timestamp() * 1000))
    return {"occurrence_id": key, "start_time": stamp(moment), "duration": series.minutes, "status": "available"}


ROUTES = (
    Route("/webinars/{series}", LIGHT, "webinar:read:webinar", detail, WEBINAR),
    Route("/meetings/{series}", LIGHT, "meeting:read:meeting", detail, MEETING),
)
