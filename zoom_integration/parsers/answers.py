"""Questions that people asked, and what they answered in polls and surveys.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/webinars/{webinarId}/qa
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator

from conferences.providers.paging import entries
from conferences.providers.records import AnswerRecord, FlawRecord, QuestionRecord, ResponseRecord
from zoom_integration.conf import WHO
from zoom_integration.parsers import values
from zoom_integration.parsers.values import Raw


class Keys:
    """Keys for entries that have no id: the same at every fetch, since what is alike is numbered in its order."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, kind: str, *parts: str) -> str:
        key = f"{kind}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"
        self._seen[key] += 1
        return key if self._seen[key] == 1 else f"{key}:{self._seen[key]}"


def questions(askers: Iterable[Raw], uuid: str, keys: Keys) -> Iterator[QuestionRecord | FlawRecord]:
    """Of either form: the report's, with ids and times, or the plain one. Keys are made of what both of them tell, so
    that the one changes what the other has found. A flaw follows what it is a flaw of."""
    for asker in askers:
        yield from _senseless(asker, "question_details", keys)
        name, email = values.text(asker, "name"), values.text(asker, "email").lower()
        for raw in sorted(values.objects(asker, "question_details"), key=_order):
            text, number = values.text(raw, "question"), values.text(raw, "question_id")
            key = keys.of("question", uuid, name or email, text)
            yield QuestionRecord(
                key=key,
                text=text,
                asker=name,
                email=email,
                asked_at=values.moment(raw, "create_time"),
                status=values.text(raw, "question_status"),
                answers=tuple(_answers(raw)),
                extra={"instance": uuid, **({"question_id": number} if number else {})},
                in_brief=not number,
            )
            yield from _flaws(key, raw, name or email, "create_time", "time of asking")


def _order(raw: Raw) -> tuple[str, str]:
    """Of one person's questions that are alike; the plain list tells nothing to order them by."""
    return values.text(raw, "create_time"), values.text(raw, "question_id")


def _senseless(person: Raw, listing: str, keys: Keys) -> Iterator[FlawRecord]:
    """What hides in an entry that does not list what it is there to list, nobody knows."""
    listed = person.get(listing)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        about = values.text(person, "name") or values.text(person, "email")
        key = keys.of("person", json.dumps(person, sort_keys=True, default=str))
        yield FlawRecord(key, ("does not list what was asked or answered",), person, about, stored=False)


def _flaws(key: str, raw: Raw, about: str, time_key: str, time_label: str) -> Iterator[FlawRecord]:
    missing = () if values.text(raw, "question") else ("no question",)
    if wrong := (*missing, *values.unread(raw, {time_key: (values.moment, time_label)})):
        yield FlawRecord(key, wrong, raw, about)


def _answers(raw: Raw) -> Iterator[AnswerRecord]:
    """One by one where Zoom lists them so; else what it wrote into one text."""
    listed = [
        AnswerRecord(values.text(each, "content"), values.text(each, "name"), values.moment(each, "create_time"))
        for each in values.objects(raw, "answer_details")
    ]
    if listed:
        yield from listed
    elif together := values.text(raw, "answer"):
        yield AnswerRecord(together)


def poll(people: Iterable[Raw], uuid: str, keys: Keys) -> Iterator[ResponseRecord | FlawRecord]:
    yield from _responses(people, "question_details", "polling_id", "poll", uuid, "", keys)


def survey(raw: Raw, uuid: str, keys: Keys) -> Iterator[ResponseRecord | FlawRecord]:
    """Raises Malformed, after what was good."""
    title = values.text(raw, "survey_name")
    people = entries(raw, "survey_answers", WHO)
    yield from _responses(people, "answer_details", "question_id", "survey", uuid, title, keys)


def _responses(
    people: Iterable[Raw], listing: str, id_key: str, kind: str, uuid: str, title: str, keys: Keys
) -> Iterator[ResponseRecord | FlawRecord]:
    for person in people:
        yield from _senseless(person, listing, keys)
        for raw in values.objects(person, listing):
            name, email = _name(person), values.text(person, "email").lower()
            question, number = values.text(raw, "question"), values.text(raw, id_key)
            when = values.text(raw, "date_time")
            # Those without an address share one name, so that only what they said tells them apart.
            who = email or f"{name}\n{values.text(raw, 'answer')}"
            key = keys.of(kind, uuid, who, number, question, when)
            yield ResponseRecord(
                key=key,
                kind=kind,
                question=question,
                answer=values.text(raw, "answer"),
                respondent=name,
                email=email,
                title=title,
                answered_at=values.moment(raw, "date_time"),
                extra={"instance": uuid, **({id_key: number} if number else {})},
            )
            yield from _flaws(key, raw, name or email, "date_time", "time of answering")


def _name(person: Raw) -> str:
    parts = (values.text(person, "first_name"), values.text(person, "last_name"))
    return values.text(person, "name") or " ".join(part for part in parts if part)
