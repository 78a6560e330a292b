"""Questions that attendees asked."""

from typing import Any

import pytest

from conferences.models import Question
from conferences.providers.records import AnswerRecord, QuestionRecord
from conferences.tests.sync.store.listings import Listings, counts

FULL = (AnswerRecord("Because", "Ann"), AnswerRecord("Indeed", "Bo"))
JOINED = (AnswerRecord("Because;Indeed"),)


def question(answers: tuple[AnswerRecord, ...] = FULL, **more: Any) -> QuestionRecord:
    return QuestionRecord("q1", "Why?", "Cy", answers=answers, **more)


def texts() -> list[str]:
    return [answer["text"] for answer in Question.objects.get().answers]


def test_answers_that_a_poorer_list_joins_do_not_replace_the_better_ones(sync: Listings) -> None:
    """Never lose: not by a poorer source."""
    sync(question(), operation="questions")
    assert sync(question(JOINED, in_brief=True), operation="questions") == counts(unchanged=1)
    assert texts() == ["Because", "Indeed"]


@pytest.mark.parametrize("stored", [(), JOINED])
def test_better_answers_replace_those_of_a_poorer_list(sync: Listings, stored: tuple[AnswerRecord, ...]) -> None:
    sync(question(stored, in_brief=True), operation="questions")
    assert sync(question(), operation="questions") == counts(updated=1)
    assert texts() == ["Because", "Indeed"]


def test_answer_of_a_poorer_list_is_kept_where_there_is_none(sync: Listings) -> None:
    sync(question(()), operation="questions")
    assert sync(question(JOINED, in_brief=True), operation="questions") == counts(updated=1)
    assert texts() == ["Because;Indeed"]
