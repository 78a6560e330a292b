"""What stands below the tabs of a conference: one function a tab, each reading only what its own tab shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from conferences.models import ChatMessage, Conference, Recording
from conferences.presence import Presence
from conferences.register import Register, Row
from conferences.sync.share import parts
from conferences.views.facts import told_facts
from conferences.views.flaws import groups, labels_of, line, live
from conferences.views.pages import page_of
from conferences.views.sync_card import operation_labels
from conferences.views.timeline import timeline

PEOPLE_PER_PAGE, MESSAGES_PER_PAGE, CUES_PER_PAGE, ROWS_PER_PAGE = 100, 300, 300, 100
Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Tab:
    """`count` None: this tab has nothing to count."""

    name: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ExtraTab:
    """A tab that stands only where the provider has one of the operations that fill it."""

    name: str
    label: str
    operations: frozenset[str]

    def rows(self, conference: Conference) -> "QuerySet[Any]":
        rows: QuerySet[Any] = getattr(conference, self.name).all()
        return rows


EXTRA = (
    ExtraTab("registrants", "Registrants", frozenset({"registrants", "absentees"})),
    ExtraTab("questions", "Questions", frozenset({"questions"})),
    ExtraTab("responses", "Polls & survey", frozenset({"polls", "survey"})),
)


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A message, and the one that it answers where we have it."""

    message: ChatMessage
    parent: ChatMessage | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a section is made from."""

    request: HttpRequest
    conference: Conference
    register: Register


def tabs(conference: Conference, register: Register) -> list[Tab]:
    offered = set(operation_labels(conference.connection.provider))
    return [
        Tab("overview", "Overview"),
        Tab("participants", "Participants", sum(1 for row in register.rows if row.participants)),
        Tab("recordings", "Recordings", conference.recordings.count()),
        Tab("chat", "Chat History", conference.chat.count()),
        Tab("files", "Files", conference.files.count()),
        *(Tab(each.name, each.label, each.rows(conference).count()) for each in EXTRA if each.operations & offered),
        *([Tab("flaws", "Entries that make no sense", flawed)] if (flawed := live(conference).count()) else []),
        Tab("history", "Sync history", conference.sync_items.count()),
    ]


def section(name: str, asked: Asked) -> Context:
    """Raises Http404 for a tab that there is none of."""
    if name not in SECTIONS:
        raise Http404
    return SECTIONS[name](asked)


def _overview(asked: Asked) -> Context:
    return {
        "timeline": timeline(asked.conference, asked.register.rows, asked.register.open_until),
        "facts": told_facts(asked.conference),
    }


def _participants(asked: Asked) -> Context:
    show = asked.request.GET.get("show", "")
    keep = SHOWS.get(show)
    rows: Sequence[Row] = [row for row in asked.register.rows if keep is None or keep(row)]
    return {"page": page_of(asked.request, rows, PEOPLE_PER_PAGE), "show": show if keep else "", "shows": SHOW_LABELS}


def _recordings(asked: Asked) -> Context:
    recordings = asked.conference.recordings.defer("cues", "extra")
    wanted = asked.request.GET.get("transcript", "")
    if not wanted.isdecimal():
        # Whether there is text is asked of the database; the text itself can be long and is read on its own page.
        with_text = recordings.annotate(has_text=Q(cues__isnull=False))
        return {"page": page_of(asked.request, with_text, ROWS_PER_PAGE)}
    transcript = Recording.objects.filter(conference=asked.conference, pk=wanted, cues__isnull=False).first()
    if transcript is None:
        raise Http404
    return {"transcript": transcript, "page": page_of(asked.request, transcript.cues or [], CUES_PER_PAGE)}


def _chat(asked: Asked) -> Context:
    page: Page = page_of(asked.request, asked.conference.chat.all(), MESSAGES_PER_PAGE)
    answered = {message.reply_to for message in page if message.reply_to}
    parents = ChatMessage.objects.filter(conference=asked.conference, provider_id__in=answered)
    by_id = {parent.provider_id: parent for parent in parents}
    return {"page": page, "lines": [ChatLine(message, by_id.get(message.reply_to)) for message in page]}


def _files(asked: Asked) -> Context:
    return {"page": page_of(asked.request, asked.conference.files.all(), ROWS_PER_PAGE)}


def _registrants(asked: Asked) -> Context:
    return {"page": page_of(asked.request, asked.conference.registrants.all(), ROWS_PER_PAGE)}


def _questions(asked: Asked) -> Context:
    return {"page": page_of(asked.request, asked.conference.questions.all(), ROWS_PER_PAGE)}


def _responses(asked: Asked) -> Context:
    return {"page": page_of(asked.request, asked.conference.responses.all(), ROWS_PER_PAGE)}


def _flaws(asked: Asked) -> Context:
    """`wrong` narrows them to one group, by its name."""
    entries, provider = live(asked.conference), asked.conference.connection.provider
    found, labels = groups(entries, provider), labels_of(provider)
    chosen = next((each for each in found if each.name == asked.request.GET.get("wrong")), None)
    if chosen is not None:
        entries = entries.filter(operation=chosen.operation, reasons=chosen.reasons)
    page = page_of(asked.request, entries, ROWS_PER_PAGE)
    return {"page": page, "lines": [line(each, labels) for each in page], "groups": found, "chosen": chosen}


def _history(asked: Asked) -> Context:
    items = parts(asked.conference).select_related("run__requested_by")
    return {"page": page_of(asked.request, items, ROWS_PER_PAGE)}


SECTIONS: dict[str, Callable[[Asked], Context]] = {
    "overview": _overview,
    "participants": _participants,
    "recordings": _recordings,
    "chat": _chat,
    "files": _files,
    "registrants": _registrants,
    "questions": _questions,
    "responses": _responses,
    "flaws": _flaws,
    "history": _history,
}


def _learner_who_was(presence: Presence) -> Callable[[Row], bool]:
    return lambda row: row.is_learner and row.presence == presence


SHOWS: dict[str, Callable[[Row], bool]] = {
    **{presence.value: _learner_who_was(presence) for presence in Presence},
    "unidentified": lambda row: row.is_unidentified,
}
SHOW_LABELS = [*((each.value, each.label.capitalize()) for each in Presence), ("unidentified", "Not identified")]
