"""Keys of what has no id."""

from conferences.providers.records import FlawRecord, ResponseRecord
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


def test_malformed_entries_cost_no_others() -> None:
    good = {"question": "More?", "answer": "Yes"}
    told = list(answers.poll([{"question_details": ["x", good]}, {}], UUID, Keys()))
    assert [each.answer for each in told if isinstance(each, ResponseRecord)] == ["Yes"]
    assert [each.stored for each in told if isinstance(each, FlawRecord)] == [False, False]
