"""Names under which note-takers join as guests. A signed-in member is never judged by the name."""

import re

_NOTE_TAKERS = re.compile(
    r"(?:.{1,60}['’]s )?(?:"
    r"otter(?:\.ai|pilot)(?: \(.*\))?|otter\.ai notetaker|fireflies\.ai notetaker.*|"
    r"read\.ai(?: meeting notes)?|read ai|"
    r"fathom(?:\.video)?(?: ai)? notetaker|meetgeek(?:\.ai)?(?: notetaker)?|tl;?dv(?: notetaker)?|"
    r"sembly(?: assistant| agent)?|avoma(?: notetaker)?|supernormal(?: notetaker)?|krisp(?: notetaker)?|"
    r"(?:ai )?notetaker(?: \(.*\))?|meeting notetaker|zoom notetaker|granola notetaker"
    r")",
    re.IGNORECASE,
)


def is_note_taker(name: str) -> bool:
    return bool(_NOTE_TAKERS.fullmatch(name))
