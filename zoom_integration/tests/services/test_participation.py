"""Registrants, absentees, questions, polls and the survey."""

from typing import Any

import pytest

from conferences.providers.errors import Malformed, Missing, NotPermitted, RateLimited, ServerTrouble
from conferences.providers.records import (
    AnswerRecord,
    FlawRecord,
    NothingFound,
    Problem,
    QuestionRecord,
    Record,
    RegistrantRecord,
    ResponseRecord,
)
from zoom_integration.services.session import ZoomSession
from zoom_integration.tests.zoom import (
    AGAIN,
    DAYS_LATER,
    DETAIL,
    HOUR_LATER,
    NUMBER,
    UUID,
    FakeZoom,
    at,
    by_number,
    fetched,
    inquiry,
    nothing,
    notices,
    of_kind,
    payload,
    problems,
    proves,
    target,
    totals,
    webinar_zoom,
)

UNKNOWN = Missing("Unknown.", code="not_found")
MEETING = target(detail={**DETAIL, "kind": "meeting"})


def registered(**answers: Any) -> FakeZoom:
    lists = {
        "approved": payload("registrants_approved")["registrants"],
        "pending": [],
        "denied": payload("registrants_denied")["registrants"],
    }
    return webinar_zoom(**{"registrants": lambda _kind, _number, status, *_: list(lists[status]), **answers})


def test_registrants_of_all_three_lists_are_told_apart() -> None:
    records = fetched(registered(), "registrants")

    assert [(each.key, each.name, each.status) for each in of_kind(RegistrantRecord, records)] == [
        ("registrant:regAnn", "Ann Lee", "approved"),
        ("email:bo@example.org", "Bo", "approved"),
        ("registrant:regCy", "Cy Doe", "denied"),
    ]
    (flaw,) = of_kind(FlawRecord, records)
    assert (flaw.reasons, flaw.stored) == (("names nobody",), False)


def test_registrant_keeps_answers_and_never_the_personal_link() -> None:
    ann = of_kind(RegistrantRecord, fetched(registered(), "registrants"))[0]

    assert ann == RegistrantRecord(
        key="registrant:regAnn",
        name="Ann Lee",
        email="ann@example.org",
        status="approved",
        registered_at=at("09:00", "2026-02-10"),
        extra={"org": "Uni", "custom_questions": [{"title": "Year?", "value": "2"}]},
    )


def test_registrants_are_asked_for_by_the_occurrence_where_there_is_one() -> None:
    zoom = registered()
    fetched(zoom, "registrants")

    assert [call[1:] for call in zoom.asked if call[0] == "registrants"] == [
        ("webinar", NUMBER, "approved", "1772445600000"),
        ("webinar", NUMBER, "pending", "1772445600000"),
        ("webinar", NUMBER, "denied", "1772445600000"),
    ]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([], "none_found"),
        (Missing("Off.", code="registration_off"), "none_found"),
        (UNKNOWN, "unavailable"),
    ],
)
def test_registrants_none_off_and_unknown_are_three_things(answer: Any, code: str) -> None:
    assert nothing(fetched(registered(registrants=answer), "registrants")) == [code]


def test_registrants_refused_are_not_nobody() -> None:
    with pytest.raises(NotPermitted):
        fetched(registered(registrants=NotPermitted("No.")), "registrants")


def cut(stated: int, members: list[Any]) -> Any:
    """A list that states more than it lists, and ends as if that were all."""

    def ask(*arguments: Any) -> Any:
        arguments[-1](stated)
        return iter(members)

    return ask


def test_registrants_that_end_early_are_not_all() -> None:
    """Promise: what a list left out without a word is never taken for gone, nor for nobody."""
    whole = payload("registrants_approved")["registrants"]
    lists = {
        "approved": cut(40, whole),
        "pending": cut(3, []),
        "denied": cut(1, payload("registrants_denied")["registrants"][:1]),
    }
    zoom = registered(registrants=lambda *asked: lists[asked[2]](*asked))
    records = fetched(zoom, "registrants")
    assert [str(each.error) for each in of_kind(Problem, records)] == [
        "Zoom states 37 more approved registrants than it listed, so somebody may be missing.",
        "Zoom states 3 more pending registrants than it listed, so somebody may be missing.",
    ]
    assert totals(records) == [40, 3, 1]
    assert {each.status for each in of_kind(RegistrantRecord, records)} == {"approved", "denied"}
    assert nothing(records) == []


def test_registrants_that_are_listed_twice_are_all_the_same() -> None:
    """A list that was begun anew lists its first page again."""
    whole = payload("registrants_approved")["registrants"]
    zoom = registered(registrants=cut(len(whole), [whole[0], *whole]))
    assert problems(fetched(zoom, "registrants")) == []


@pytest.mark.parametrize("listed", [0, 1])
def test_absentees_that_end_early_are_not_all(listed: int) -> None:
    members = payload("registrants_approved")["registrants"][:listed]
    records: list[Record] = []
    with pytest.raises(Malformed, match=f"{20 - listed} more absentees than it listed") as caught:
        records.extend(ZoomSession(inquiry(webinar_zoom(absentees=cut(20, members)))).fetch("absentees"))
    assert caught.value.code == "truncated"
    assert (totals(records), len(of_kind(RegistrantRecord, records))) == ([20], listed)


def test_absentees_of_several_runs_are_unknown_when_one_list_ends_early() -> None:
    zoom = webinar_zoom(past_instances=payload("instances_series")["webinars"], absentees=cut(20, []))
    with pytest.raises(Malformed, match="more absentees than it listed"):
        fetched(zoom, "absentees", by_number())


def test_absentees_are_registrants_who_did_not_come() -> None:
    zoom = webinar_zoom(absentees=payload("registrants_approved")["registrants"])

    records = of_kind(RegistrantRecord, fetched(zoom, "absentees"))

    assert [(each.key, each.absent) for each in records] == [
        ("registrant:regAnn", True),
        ("email:bo@example.org", True),
    ]


def test_absent_is_only_who_missed_every_run() -> None:
    both = payload("registrants_approved")["registrants"]
    zoom = webinar_zoom(
        past_instances=payload("instances_series")["webinars"],
        absentees=lambda uuid, _: list(both if uuid == UUID else both[:1]),
    )

    records = of_kind(RegistrantRecord, fetched(zoom, "absentees", by_number()))

    assert [each.key for each in records] == ["registrant:regAnn"]
    assert [call[1] for call in zoom.asked if call[0] == "absentees"] == [UUID, AGAIN]


def test_absentees_of_several_runs_are_unknown_when_one_of_them_has_no_list() -> None:
    both = payload("registrants_approved")["registrants"]

    def absentees(uuid: str, _: Any) -> list[Any]:
        if uuid == UUID:
            raise UNKNOWN
        return both

    zoom = webinar_zoom(past_instances=payload("instances_series")["webinars"], absentees=absentees)
    records = fetched(zoom, "absentees", by_number())
    assert (of_kind(RegistrantRecord, records), nothing(records)) == ([], ["unavailable"])


@pytest.mark.parametrize(
    ("answer", "now", "code"),
    [
        ([], HOUR_LATER, "not_ready"),
        (UNKNOWN, HOUR_LATER, "not_ready"),
        ([], DAYS_LATER, "none_found"),
        (UNKNOWN, DAYS_LATER, "unavailable"),
    ],
)
def test_absentees_none_yet_or_never(answer: Any, now: Any, code: str) -> None:
    """Only an empty list proves that everybody came; no list proves nothing."""
    assert nothing(fetched(webinar_zoom(absentees=answer), "absentees", now=now)) == [code]


def test_absentees_of_a_meeting_are_not_asked_for() -> None:
    zoom = FakeZoom()

    (only,) = fetched(zoom, "absentees", MEETING)

    assert only == NothingFound(
        "none_found", "Zoom lists absentees of webinars only, and this is a meeting.", proven=False
    )
    assert zoom.asked == []


def test_questions_have_ids_times_and_each_answer() -> None:
    zoom = FakeZoom(questions=payload("questions_report")["questions"])

    first, second = of_kind(QuestionRecord, fetched(zoom, "questions"))

    assert first == QuestionRecord(
        key=first.key,
        text="Is it a ring?",
        asker="Ann Lee",
        email="ann@example.org",
        asked_at=at("10:12"),
        status="answered",
        answers=(AnswerRecord("Yes", "Prof. Vega", at("10:13")), AnswerRecord("Indeed", "Dr. Moss", None)),
        extra={"instance": UUID, "question_id": "q1"},
    )
    assert (second.text, second.answers) == ("And now?", ())


def test_questions_of_the_plain_list_get_keys_that_last() -> None:
    zoom = FakeZoom(questions=NotPermitted("No.", code="no"), past_questions=payload("questions_past")["questions"])

    first, second = (fetched(zoom, "questions") for _ in range(2))

    told = of_kind(QuestionRecord, first)
    assert [(each.text, [answer.text for answer in each.answers]) for each in told] == [
        ("Why?", ["live answered"]),
        ("Why?", []),
    ]
    assert len({each.key for each in told}) == 2
    assert first == second
    assert notices(first) == ["no"]


@pytest.mark.parametrize("operation", ["questions", "polls", "survey"])
@pytest.mark.parametrize("error", [RateLimited("Slow down."), ServerTrouble("Oops.")])
def test_limits_and_faults_never_fall_back(operation: str, error: Exception) -> None:
    with pytest.raises(type(error)):
        fetched(FakeZoom(**{operation: error}), operation)


@pytest.mark.parametrize("operation", ["questions", "polls"])
def test_both_lists_refused_is_blocked(operation: str) -> None:
    refusal = NotPermitted("No.")

    with pytest.raises(NotPermitted):
        fetched(FakeZoom(**{operation: refusal, f"past_{operation}": refusal}), operation)


@pytest.mark.parametrize("operation", ["questions", "polls"])
@pytest.mark.parametrize(("now", "code"), [(HOUR_LATER, "not_ready"), (at("12:00", "2026-03-05"), "unavailable")])
def test_lists_that_are_nowhere_prove_nothing(operation: str, now: Any, code: str) -> None:
    zoom = FakeZoom(**{operation: UNKNOWN, f"past_{operation}": UNKNOWN})

    assert nothing(fetched(zoom, operation, now=now)) == [code]


def test_polls_switched_off_are_none_and_the_plain_list_is_not_asked() -> None:
    assert nothing(fetched(FakeZoom(polls=Missing("Off.", code="polls_off")), "polls")) == ["none_found"]


@pytest.mark.parametrize("operation", ["questions", "polls"])
def test_report_that_says_nothing_is_neither_nobody_nor_a_reason_for_the_plain_list(operation: str) -> None:
    zoom = FakeZoom(**{operation: Missing("No information.", code="not_available")})

    assert nothing(fetched(zoom, operation)) == ["unavailable"]


def test_refused_report_is_asked_for_once_for_all_runs() -> None:
    zoom = webinar_zoom(
        past_instances=payload("instances_series")["webinars"], polls=NotPermitted("No."), past_polls=[]
    )

    assert nothing(fetched(zoom, "polls", by_number())) == ["none_found"]
    assert (zoom.times_asked("polls"), zoom.times_asked("past_polls")) == (1, 2)


def test_poll_answers_have_respondents_and_anonymous_ones_stay_apart() -> None:
    told = of_kind(ResponseRecord, fetched(FakeZoom(polls=payload("polls_report")["questions"]), "polls"))

    assert [(each.respondent, each.answer, each.kind) for each in told] == [
        ("Ann Lee", "Good;Fine", "poll"),
        ("Anonymous Attendee", "Bad", "poll"),
        ("Anonymous Attendee", "Good", "poll"),
    ]
    assert told[0].answered_at == at("10:37:12.660")
    assert len({each.key for each in told}) == 3


def test_survey_has_its_title_and_every_answer() -> None:
    told = of_kind(ResponseRecord, fetched(FakeZoom(survey=payload("survey_report")), "survey"))

    assert [(each.title, each.question, each.answer, each.kind) for each in told] == [
        ("How was it?", "Stars?", "5", "survey"),
        ("How was it?", "More?", "", "survey"),
    ]


@pytest.mark.parametrize(("answer", "code"), [({"survey_answers": []}, "none_found"), (UNKNOWN, "unavailable")])
def test_survey_none_and_unknown_are_two_things(answer: Any, code: str) -> None:
    assert nothing(fetched(FakeZoom(survey=answer), "survey")) == [code]


@pytest.mark.parametrize("answer", [{}, {"survey_answers": 3}, {"survey_answers": None}, {"survey_answers": [None]}])
def test_survey_without_a_proper_list_is_malformed(answer: Any) -> None:
    """Only a listing that ended cleanly says what is gone."""
    with pytest.raises(Malformed):
        fetched(FakeZoom(survey=answer), "survey")


def test_survey_keeps_what_came_before_what_is_malformed() -> None:
    listing = ZoomSession(
        inquiry(FakeZoom(survey={"survey_answers": [*payload("survey_report")["survey_answers"], None]}))
    ).fetch("survey")

    assert [next(listing) for _ in range(2)]
    with pytest.raises(Malformed):
        next(listing)


@pytest.mark.parametrize("broken", ["x", None, [None], [["question"]]])
@pytest.mark.parametrize("operation", ["questions", "polls", "survey"])
def test_person_without_a_proper_list_hides_something(operation: str, broken: Any) -> None:
    listing = "answer_details" if operation == "survey" else "question_details"
    people = [{"name": "Ann", listing: broken}]
    zoom = FakeZoom(**{operation: {"survey_answers": people} if operation == "survey" else people})

    (flaw,) = of_kind(FlawRecord, fetched(zoom, operation))

    assert (flaw.about, flaw.stored) == ("Ann", False)


def test_question_is_the_same_in_the_report_and_in_the_plain_list() -> None:
    """Never counted twice: the poorer source finds what the better one has stored."""
    report = payload("questions_report")["questions"]
    plain = [
        {**asker, "question_details": [{"question": each["question"]} for each in asker["question_details"]]}
        for asker in report
    ]
    zooms = FakeZoom(questions=report), FakeZoom(questions=NotPermitted("No."), past_questions=plain)

    full, poor = (fetched(zoom, "questions") for zoom in zooms)

    assert [each.key for each in of_kind(QuestionRecord, full)] == [each.key for each in of_kind(QuestionRecord, poor)]
    assert (proves(full), proves(poor)) == (True, False)


def test_alike_questions_of_one_person_keep_their_keys_in_any_order() -> None:
    asked = [{"question": "Why?", "question_id": each, "create_time": f"2026-03-02T10:1{each}:00Z"} for each in "12"]
    told = [
        {
            each.extra["question_id"]: each.key
            for each in of_kind(
                QuestionRecord,
                fetched(FakeZoom(questions=[{"name": "Ann", "question_details": listed}]), "questions"),
            )
        }
        for listed in (asked, asked[::-1])
    ]

    assert told[0] == told[1]
    assert len(set(told[0].values())) == 2


@pytest.mark.parametrize("operation", ["questions", "polls"])
@pytest.mark.parametrize("rows", [0, 1])
def test_plain_list_proves_nothing_of_what_it_leaves_out(operation: str, rows: int) -> None:
    person = {"name": "Ann", "question_details": [{"question": "Why?", "answer": "So"}]}
    zoom = FakeZoom(**{operation: NotPermitted("No."), f"past_{operation}": [person] * rows})

    assert proves(fetched(zoom, operation)) is False


@pytest.mark.parametrize("operation", ["questions", "polls"])
@pytest.mark.parametrize(("now", "told"), [(HOUR_LATER, ([], ["not_ready"])), (DAYS_LATER, (["never"], []))])
def test_refused_report_and_no_plain_list_is_blocked(operation: str, now: Any, told: Any) -> None:
    """We were not allowed to look: that is not the same as having nothing."""
    zoom = FakeZoom(**{operation: NotPermitted("No.", code="never"), f"past_{operation}": UNKNOWN})
    records = fetched(zoom, operation, now=now)

    assert (problems(records), nothing(records)) == told


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("polls", Missing("Off.", code="polls_off")),
        ("questions", Missing("Off.", code="not_available")),
        ("registrants", Missing("Off.", code="registration_off")),
        ("registrants", Missing("Off.", code="not_available")),
        ("registrants", UNKNOWN),
        ("absentees", Missing("Off.", code="registration_off")),
        ("survey", UNKNOWN),
    ],
)
def test_what_zoom_says_to_be_off_or_unknown_proves_nothing(operation: str, error: Missing) -> None:
    """Never lose: an error is no list without entries."""
    assert proves(fetched(webinar_zoom(**{operation: error}), operation)) is False


@pytest.mark.parametrize("operation", ["absentees", "questions", "polls", "survey"])
def test_before_the_start_nobody_is_asked(operation: str) -> None:
    assert nothing(fetched(FakeZoom(), operation, now=at("09:00"))) == ["not_started"]


def test_entries_that_cannot_be_read_in_full_are_listed_beside_what_is_stored_of_them() -> None:
    asked = [{"name": "Ann", "question_details": [{"question": "", "question_id": "q1", "create_time": "soon"}]}]
    voted = [{"name": "Bo", "question_details": [{"question": "More?", "answer": "Yes", "date_time": "later"}]}]
    zoom = webinar_zoom(questions=asked, polls=voted)

    for operation, kind, reasons in (
        ("questions", QuestionRecord, ("no question", "time of asking not readable")),
        ("polls", ResponseRecord, ("time of answering not readable",)),
    ):
        records = fetched(zoom, operation)
        (stored,), (flaw,) = of_kind(kind, records), of_kind(FlawRecord, records)
        assert (flaw.key, flaw.reasons, flaw.stored) == (stored.key, reasons, True)


def test_absentee_entries_that_make_no_sense_are_listed() -> None:
    nobody = {"create_time": "2026-02-01T08:00:00Z", "status": "approved"}
    ann = {"id": "regAnn", "email": "ann@example.org", "create_time": "once"}
    zoom = webinar_zoom(absentees=[ann, nobody])
    records = fetched(zoom, "absentees")

    assert [record.key for record in of_kind(RegistrantRecord, records)] == ["registrant:regAnn"]
    assert [(flaw.reasons, flaw.stored) for flaw in of_kind(FlawRecord, records)] == [
        (("time of registering not readable",), True),
        (("names nobody",), False),
    ]
