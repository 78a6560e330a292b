"""What may be kept of an address, and of what somebody else said, without telling whom it was about."""

import re
from urllib.parse import urlsplit

from conferences.providers.redaction import MASK, redact

# Of a path the words of an API stay: “v1.0”, “onlineMeetings”, “past_webinars”. Ids, names and addresses are none.
_WORD = re.compile(r"v\d+(?:\.\d+)?|(?=.{1,30}$)(?:[a-z]+(?:[A-Z][a-z]+)*|[a-z]+(?:_[a-z0-9]+)+)")
_FUNCTION = re.compile(r"([A-Za-z]+)\(.*")
# Whatever follows one of these is a person, even where it looks like a word.
_PEOPLE = frozenset({"users", "user", "members"})

_ADDRESS = re.compile(r"(?<![\w/])(?P<host>https?://[^\s/'\"“”<>]+)?(?P<path>/[^\s'\"“”<>,;]*)")
_PERSONAL = re.compile(
    r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"  # e-mail, as it is or as part of an address
    r"|\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b"
    r"|\+\d[\d ()-]{6,}\d|\b\d{9,}\b"  # telephone, and numbers that let in or dial in
)
_QUOTED = re.compile(r"(?<!\w)'([^']*)'(?!\w)|\"([^\"]*)\"|“([^”]*)”")
# What is quoted and yet nobody's: a column, a constraint, a permission, a scope.
_IDENTIFIER = re.compile(r"[a-z]+(?:_[a-z0-9]+)+|[A-Z]\w+(?:\.[A-Z]\w+)+|[a-z_]+(?::[a-z_]+)+")


def bare_path(address: str) -> str:
    """Of a web address, or of a path: without its query, and with a mask where it named something or somebody."""
    parts: list[str] = []
    for part in urlsplit(address).path.split("/"):
        if parts and parts[-1].endswith(":"):
            return "/".join([*parts, MASK])  # what follows are the names of folders and files
        parts.append(MASK if parts and parts[-1] in _PEOPLE else _bare(part))
    return "/".join(parts)


def _bare(part: str) -> str:
    if not part or part == "root:" or _WORD.fullmatch(part):
        return part
    function = _FUNCTION.fullmatch(part)
    return f"{function[1]}({MASK})" if function else MASK


def anonymous(text: str) -> str:
    """A sentence of our own: addresses, ids and numbers of people are masked, and secrets anyway."""
    return _PERSONAL.sub(
        MASK, _ADDRESS.sub(lambda found: (found["host"] or "") + bare_path(found["path"]), redact(text))
    )


def anonymous_quote(text: str) -> str:
    """Somebody else's words. What they put into quotation marks is a value, and may be anything."""
    return _QUOTED.sub(_unquoted, anonymous(text))


def _unquoted(found: re.Match[str]) -> str:
    inner = next(group for group in found.groups() if group is not None)
    return found[0] if _IDENTIFIER.fullmatch(inner) else f"{found[0][0]}{MASK}{found[0][-1]}"
