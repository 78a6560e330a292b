"""Foreign HTML: made harmless for pages, and made plain for reading.

Two passes of nh3. The first keeps block tags and the `alt` of pictures, so that lines and emoji can be carried over as
text; the second and last allows only what may reach a page, whatever the steps between them did.
"""

import html
import re
from html.parser import HTMLParser

import nh3

from conferences.providers.text import clean

TAGS = frozenset(
    {"p", "br", "b", "i", "strong", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "pre", "code", "span"}
)

_SCHEMES = {"http", "https", "mailto"}
_ABSOLUTE = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)
_DROPPED = {"script", "style", "attachment", "iframe", "object", "noscript", "template", "textarea", "title"}
_PICTURES = frozenset({"img", "emoji", "customemoji"})
_BLOCKS = frozenset(
    {"div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "thead", "tr", "hr", "section", "article"}
)
_CELLS = frozenset({"td", "th"})

# nh3 escapes quotes inside attributes, and `<` everywhere in text: these match its tags only.
_PICTURE = re.compile(r'<(img|emoji|customemoji)(?: alt="([^"]*)")?>')
_EDGE = re.compile(rf"(?:</?(?:{'|'.join(sorted(_BLOCKS))})>\s*)+")
_CELL = re.compile(r"<t[dh]>|(</t[dh]>)")
_OUTER_BREAKS = re.compile(r"^(?:<br>)+|(?:<br>)+$")


def _absolute_links_only(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or _ABSOLUTE.match(value) else None


_first = nh3.Cleaner(
    tags=set(TAGS | _PICTURES | _BLOCKS | _CELLS),
    attributes={"*": set(), "a": {"href"}, **{tag: {"alt"} for tag in _PICTURES}},
    clean_content_tags=_DROPPED,
    attribute_filter=_absolute_links_only,
    url_schemes=_SCHEMES,
    link_rel=None,
)
_last = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"*": set(), "a": {"href"}},
    clean_content_tags=_DROPPED,
    attribute_filter=_absolute_links_only,
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer nofollow",
)


def sanitise(source: str) -> str:
    """Harmless HTML of the tags above; links go to http, https and mailto only; pictures become their description."""
    kept = _PICTURE.sub(_described, _first.clean(clean(source)))
    cells = _CELL.sub(lambda match: " " if match[1] else "", kept)
    lines = _EDGE.sub("<br>", cells)
    return _last.clean(_OUTER_BREAKS.sub("", lines.strip())).strip()


def plain(source: str) -> str:
    """The text that a reader of the HTML would see, with its line breaks and with real characters for entities."""
    reader = _Reader()
    reader.feed(sanitise(source))
    reader.close()
    return reader.text()


def _described(match: re.Match[str]) -> str:
    fallback = "[image]" if match[1] == "img" else ""
    return html.escape(html.unescape(match[2] or "").strip() or fallback, quote=False)


class _Reader(HTMLParser):
    """Reads what `sanitise` wrote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the base class's signature
        if tag == "br":
            self._parts.append("\n")
        elif tag == "pre":
            self._verbatim += 1
        self._edge(tag)
        if tag == "li":
            self._parts.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._verbatim -= 1
        self._edge(tag)

    def handle_data(self, data: str) -> None:
        self._parts.append(data if self._verbatim else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _edge(self, tag: str) -> None:
        if tag in {"p", "ul", "ol", "li", "blockquote", "pre"} and self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")

    def text(self) -> str:
        lines = [line.replace("\xa0", " ").rstrip() for line in "".join(self._parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
