"""What the audience asked and answered, in a full and in a simple form."""

from zoom_integration.sandbox.access import Asking
from zoom_integration.sandbox.naming import short, stamp
from zoom_integration.sandbox.routes import HEAVY, MEDIUM, Route, told
from zoom_integration.sandbox.world import MEETING, WEBINAR, Json, Occurrence


def questions(asking: Asking, run: str, kind: str) -> Json:
    occurrence = told(asking.occurrence(run, kind), "questions")
    return {**_run(occurrence), "questions": occurrence.questions}


def past_questions(asking: Asking, run: str, kind: str) -> Json:
    """Neither ids nor times."""
    occurrence = told(asking.occurrence(run, kind), "past_questions")
    rows = [
        {
            "email": row["email"],
            "name": row["name"],
            "question_details": [
                {"question": detail["question"], "answer": detail["answer"]} for detail in row["question_details"]
            ],
        }
        for row in occurrence.questions
    ]
    return {**_run(occurrence), "questions": rows}


def polls(asking: Asking, run: str, kind: str) -> Json:
    occurrence = told(asking.occurrence(run, kind), "polls")
    return {**_run(occurrence), "questions": occurrence.polls}


def past_polls(asking: Asking, run: str, kind: str) -> Json:
    occurrence = told(asking.occurrence(run, kind), "past_polls")
    kept = ("email", "name", "question_details")
    return {**_run(occurrence), "questions": [{name: row[name] for name in kept} for row in occurrence.polls]}


def survey(asking: Asking, run: str, kind: str) -> Json:
    occurrence = told(asking.occurrence(run, kind), "survey")
    return {
        f"{kind}_id": occurrence.series.id,
        f"{kind}_uuid": occurrence.uuid,
        "start_time": stamp(occurrence.starts_at),
        "survey_id": short("survey", occurrence.series.id),
        "survey_name": f"After {occurrence.series.topic}"[:64],
        "survey_answers": occurrence.survey,
    }


def _run(occurrence: Occurrence) -> Json:
    return {"id": occurrence.series.id, "uuid": occurrence.uuid, "start_time": stamp(occurrence.starts_at)}


ROUTES = (
    Route("/report/webinars/{run}/qa", HEAVY, "report:read:webinar_qna", questions, WEBINAR),
    Route("/report/meetings/{run}/qa", HEAVY, "report:read:meeting_qna", questions, MEETING),
    Route("/past_webinars/{run}/qa", MEDIUM, "webinar:read:past_qa", past_questions, WEBINAR),
    Route("/past_meetings/{run}/qa", MEDIUM, "meeting:read:past_qa", past_questions, MEETING),
    Route("/report/webinars/{run}/polls", HEAVY, "report:read:list_webinar_polls", polls, WEBINAR),
    Route("/report/meetings/{run}/polls", HEAVY, "report:read:list_meeting_polls", polls, MEETING),
    Route("/past_webinars/{run}/polls", MEDIUM, "webinar:read:list_past_polls", past_polls, WEBINAR),
    Route("/past_meetings/{run}/polls", MEDIUM, "meeting:read:list_poll_results", past_polls, MEETING),
    Route("/report/webinars/{run}/survey", HEAVY, "report:read:webinar_survey", survey, WEBINAR),
    Route("/report/meetings/{run}/survey", HEAVY, "report:read:meeting_survey", survey, MEETING),
)
