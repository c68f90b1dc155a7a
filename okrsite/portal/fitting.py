"""An author's HTML among other HTML: its ids stand once, its anchors lead to what is there."""

import re
from collections.abc import Callable, Collection, Mapping
from urllib.parse import unquote

# In sanitized HTML: quotes are escaped in a value, angle brackets in a text, so nothing that only
# looks like a tag is taken for one.
_TAG = re.compile(r'<[a-z][^">]*(?:"[^"]*"[^">]*)*>')
_ID = re.compile(r'\bid="([^"]*)"')
_OWN_ID = re.compile(r' id="([^"]*)"')
_ANCHOR = re.compile(r' (for="|href="#)([^"]+)"')
_TOP_HEADING = re.compile(r"(</?)h1\b")


def fit(body: str, page: str) -> tuple[str, Mapping[str, str]]:
    """A sanitized body for its place within `page`, and the ids that had to change.

    The page has its h1, so the body's become h2; an id that the page uses itself gets `-text`.
    """
    body = _TOP_HEADING.sub(r"\1h2", body)
    if ' id="' not in body and ' href="#' not in body:
        return body, {}
    there = frozenset(_ID.findall(page))
    renamed = _free_names(_ids(body), there)
    return tidy(_renamed(body, renamed), there), renamed


def tidy(html: str, there: Collection[str] = ()) -> str:
    """`html` without repeated ids, nor the address of an anchor that is neither in it nor `there`.

    An author's HTML may repeat an id, and Markdown may put a note where a comment swallows it.
    """
    known = {*_ids(html), *there}
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        if match[1] in seen:
            return ""
        seen.add(match[1])
        return match[0]

    def leading(match: re.Match[str]) -> str:
        return match[0] if match[2] in known or unquote(match[2]) in known else ""

    return _in_tags(html, lambda tag: _ANCHOR.sub(leading, _OWN_ID.sub(once, tag)))


def ids_of(html: str) -> frozenset[str]:
    """Every id of a sanitized text."""
    return frozenset(_ids(html))


def _ids(html: str) -> list[str]:
    return [name for tag in _TAG.findall(html) for name in _OWN_ID.findall(tag)]


def _in_tags(html: str, change: Callable[[str], str]) -> str:
    return _TAG.sub(lambda match: change(match[0]), html)


def _free_names(ids: list[str], there: Collection[str]) -> Mapping[str, str]:
    taken, renamed = {*ids, *there}, {}
    for name in dict.fromkeys(ids):
        if name in there:
            other = f"{name}-text"
            while other in taken:
                other += "-2"
            taken.add(other)
            renamed[name] = other
    return renamed


def _renamed(html: str, names: Mapping[str, str]) -> str:
    def own(match: re.Match[str]) -> str:
        return f' id="{names.get(match[1], match[1])}"'

    def leading(match: re.Match[str]) -> str:
        return f' {match[1]}{names.get(match[2], match[2])}"'

    if not names:
        return html
    return _in_tags(html, lambda tag: _ANCHOR.sub(leading, _OWN_ID.sub(own, tag)))
