"""Every address of the project, with something real behind it: rows whose number is 1."""

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

GROUP = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")
VALUES = {"app_label": "conferences", "url": "nowhere"}


def addresses() -> list[str]:
    return sorted({"/" + route for route, _ in patterns()})


def patterns() -> Iterator[tuple[str, URLPattern]]:
    yield from _under(get_resolver().url_patterns, "")


def _under(listed: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for each in listed:
        route = prefix + _filled(str(each.pattern))
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from _under(each.url_patterns, route)


def _filled(route: str) -> str:
    bare = route.removeprefix("^").removesuffix("$").removesuffix("\\Z")
    return GROUP.sub(lambda group: VALUES.get(group[1] or group[2], "1"), bare)
