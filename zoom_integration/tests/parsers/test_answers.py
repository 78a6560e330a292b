"""Keys of what has no id."""

from zoom_integration.parsers import answers
from zoom_integration.parsers.answers import Keys
from zoom_integration.tests.zoom import UUID, payload

PEOPLE = payload("polls_report")["questions"]


def keys(people: list[dict[str, object]]) -> set[str]:
    return {each.key for each in answers.poll(people, UUID, Keys())}


def test_anonymous_answers_keep_their_keys_in_any_order() -> None:
    assert keys(PEOPLE) == keys(PEOPLE[::-1])


def test_same_answer_twice_is_two_answers() -> None:
    assert len(keys([PEOPLE[1], PEOPLE[1]])) == 2


def test_another_run_has_other_keys() -> None:
    other = {each.key for each in answers.poll(PEOPLE, "another run", Keys())}

    assert keys(PEOPLE) & other == set()


def test_known_person_keeps_the_key_when_the_answer_is_corrected() -> None:
    details = PEOPLE[0]["question_details"][0]
    corrected = {**PEOPLE[0], "question_details": [{**details, "answer": "Better"}]}

    assert keys([PEOPLE[0]]) == keys([corrected])


def test_malformed_entries_are_passed_over() -> None:
    assert list(answers.poll([{"question_details": ["x", None]}, {}], UUID, Keys())) == []
    assert list(answers.survey({"survey_answers": "none"}, UUID, Keys())) == []
    assert list(answers.questions([{"question_details": {}}], UUID, Keys())) == []
