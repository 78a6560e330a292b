"""Whether a file is named after a meeting, and when two addresses are the same file."""

import hashlib
import re
from urllib.parse import unquote, urlsplit

from teams_integration.addresses import is_web

# "{subject}-{YYYYMMDD}_{HHMMSS}-Meeting Recording.mp4", the last part in the user's language. The time zone of the
# stamp cannot be known, so nothing is read from it.
_STAMP = re.compile(r"-\d{8}_\d{6}(?:UTC)?(?:-|\.|\s|$)")
_WORD = re.compile(r"[^\W_]+")
_LONG = 20  # characters after which a name may have been cut
_LONGEST_KEY = 900


def is_named_after(name: str, titles: tuple[str, ...]) -> bool:
    """`titles`: subject and title of the meeting. Characters that a file name may not hold do not count."""
    stem, stamp, _ = _parts(name)
    return any(_fits(_words(stem), _words(title), stamped=bool(stamp)) for title in titles)


def url_key(url: str) -> str:
    """SharePoint addresses ignore case, and what follows the path only says how to open the file."""
    parts = urlsplit(url)
    path = f"{(parts.hostname or '').lower()}{unquote(parts.path).rstrip('/').casefold()}"
    return f"url:{path if len(path) <= _LONGEST_KEY else hashlib.sha256(path.encode()).hexdigest()}"


def is_shareable(url: str) -> bool:
    """A web address without a token in it."""
    return is_web(url) and "tempauth" not in url.lower()


def _parts(name: str) -> tuple[str, str, str]:
    found = _STAMP.search(name)
    return (name[: found.start()], found[0], name[found.end() :]) if found else (name, "", "")


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _fits(stem: str, title: str, *, stamped: bool) -> bool:
    if not title:
        return False
    if stamped:
        return stem == title or (len(stem) >= _LONG and title.startswith(stem))
    return f" {title} " in f" {stem} "
