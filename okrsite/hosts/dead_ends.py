"""Links of an author's text that lead nowhere: taken out of the page, and told with their place."""

import re
from collections.abc import Callable, Collection, Mapping
from html import unescape
from posixpath import join, normpath
from urllib.parse import unquote

from okrsite.okr.finding import Finding, Severity
from okrsite.portal.prose import SOURCE_SCHEME

_LINK = re.compile(r'(?<= )(href|src)="([^"#?]+)[^"]*"')
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/")
_FROM_NOTE = re.compile(rf' (?:href|src)="{SOURCE_SCHEME}:([^"#]*)')


def without_dead_ends(html: str, url: str, known: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """A sanitized body shown at `url`, its dead links only words, and where they wanted to lead.

    `known` has the address of every file of the site. What lies beside the home page and is no
    page may be made by somebody else later, as a site map is.
    """
    lost: list[str] = []

    def checked(match: re.Match[str]) -> str:
        target = unescape(match[2])
        if _ELSEWHERE.match(target) or _exists(target, url, known):
            return match[0]
        lost.append(target)
        return ""

    return _LINK.sub(checked, html), tuple(lost)


def _exists(target: str, url: str, known: Collection[str]) -> bool:
    steps = join("/" + url.rpartition("/")[0], unquote(target))
    path = normpath(steps).lstrip("/")
    if _leaves(steps):
        return False
    beside_home = "/" not in path and "." in path and not path.endswith(".md")
    return not path or beside_home or path in known or f"{path}/" in known


def _leaves(path: str) -> bool:
    depth = 0
    for part in path.split("/"):
        depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
        if depth < 0:
            return True
    return False


class Remembered:
    """A converter of notes that remembers which of them name files of the site."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        self._convert = convert
        self._named: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> str:
        """The note's HTML, as the converter makes it."""
        html = self._convert(text)
        if found := _FROM_NOTE.findall(html):
            self._named[text] = tuple(unquote(unescape(name)) for name in found)
        return html

    def lost(self, known: Callable[[str], object]) -> Mapping[str, tuple[str, ...]]:
        """By a note's text, the files it names that are not `known`."""
        lost = {
            text: tuple(name for name in names if not known(name))
            for text, names in self._named.items()
        }
        return {text: names for text, names in lost.items() if names}


def dead_end(uri: str, text: str, target: str) -> Finding:
    """The finding for a link in the source `uri`, at the first place that names its target."""
    name = re.escape(target.rpartition("/")[2] or target)
    written = re.search(rf"(?:\]\(\s*<?|\]:\s*<?|[\"'=])((?:[^\s<>\"')]*/)?{name})", text)
    at = written.start(1) if written else 0
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    shown = written[1] if written else target
    shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
    message = f"the link to `{shown}` leads nowhere; it is taken out of the page"
    hint = "Write the way to a file from this one, for example `../teams/platform.md`."
    return Finding(uri, line, column, "OKR101", Severity.ERROR, message, hint)
