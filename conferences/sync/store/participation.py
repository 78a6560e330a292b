"""Registrants, questions and answers: one row per provider id."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from conferences.models import Conference, Question, Registrant, Response
from conferences.providers.records import AnswerRecord, QuestionRecord, RegistrantRecord, ResponseRecord
from conferences.sync.store.content import KeyedStore
from conferences.sync.store.tally import Tally

# Polls and the survey share one table; a listing of the one proves nothing about the other.
RESPONSE_KINDS = {"polls": Response.Kind.POLL, "survey": Response.Kind.SURVEY}


class AbsenteeStore(KeyedStore):
    """Lists only who did not come. Who is no longer among them is not gone, but turned out to have been there."""

    def close(self, *, clean: bool) -> None:
        if clean:
            came = self._rows().filter(absent=True).exclude(pk__in=self._tally.seen(self._model))
            came.update(absent=False, last_seen_at=self._seen_at)


def registrant_store(conference: Conference, operation: str, seen_at: datetime, tally: Tally) -> KeyedStore:
    kind = AbsenteeStore if operation == "absentees" else KeyedStore
    return kind(Registrant, _registrant_values, {"conference": conference}, seen_at, tally)


def question_store(conference: Conference, seen_at: datetime, tally: Tally) -> KeyedStore:
    scope = {"conference": conference}
    return KeyedStore(Question, _question_values, scope, seen_at, tally, tentative=_question_tentative)


def response_store(conference: Conference, operation: str, seen_at: datetime, tally: Tally) -> KeyedStore:
    kind = RESPONSE_KINDS.get(operation)
    listed = {"kind": kind} if kind else {}
    return KeyedStore(Response, _response_values, {"conference": conference}, seen_at, tally, listed=listed)


def _registrant_values(record: RegistrantRecord) -> Mapping[str, Any]:
    return {
        "name": record.name,
        "email": record.email,
        "status": record.status,
        "registered_at": record.registered_at,
        "absent": record.absent,
        "extra": dict(record.extra),
    }


def _question_tentative(record: QuestionRecord) -> Iterable[str]:
    return ("answers",) if record.in_brief else ()


def _question_values(record: QuestionRecord) -> Mapping[str, Any]:
    return {
        "text": record.text,
        "asker": record.asker,
        "email": record.email,
        "asked_at": record.asked_at,
        "status": record.status,
        "answers": [_answer(answer) for answer in record.answers],
        "extra": dict(record.extra),
    }


def _answer(answer: AnswerRecord) -> dict[str, Any]:
    return {**asdict(answer), "answered_at": answer.answered_at.isoformat() if answer.answered_at else None}


def _response_values(record: ResponseRecord) -> Mapping[str, Any]:
    return {
        "kind": record.kind,
        "title": record.title,
        "question": record.question,
        "answer": record.answer,
        "respondent": record.respondent,
        "email": record.email,
        "answered_at": record.answered_at,
        "extra": dict(record.extra),
    }
