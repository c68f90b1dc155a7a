"""What an author's words must not carry: script, frames, and links that run code."""

import re
from collections.abc import Iterator

from okrsite.okr.conflicts import HINT, MESSAGE, conflicts
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import Document, Loc

_TAGS = "script|iframe|object|embed|style|form|link|meta|base"
_ACTIVE = re.compile(
    rf"<\s*(?P<tag>{_TAGS})\b|(?P<attribute><[^>]*\son[a-z]+\s*=)|(?P<url>\b(?:java|vb)script\s*:)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<\s*[/!]?[a-zA-Z][^>]*>?")
_CODE = re.compile(r"`[^`]*`")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})(.*)")


def fence_after(line: str, fence: str) -> str:
    """The code fence that is open after `line`, where `fence` was before it; empty is none."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    marks, rest = match.groups()
    if not fence:
        return "" if marks[0] == "`" and "`" in rest else marks
    return "" if marks.startswith(fence) and not rest.strip() else fence


def prose_findings(document: Document) -> Iterator[Finding]:
    """Markup in plain fields, and anything active or in two versions in the prose below."""
    yield from _in_fields(document, document.data, ())
    yield from _conflicts(document)
    fence = ""
    for offset, line in enumerate(document.body.split("\n")):
        fence, before = fence_after(line, fence), fence
        if not fence and not before:
            clean = _CODE.sub(lambda match: " " * len(match[0]), line)
            for match in _ACTIVE.finditer(clean):
                yield _active(document, document.body_line + offset, match)


def _conflicts(document: Document) -> Iterator[Finding]:
    """Two versions of the prose; where code shows what they look like, they are meant."""
    if "<<<<<<<" not in document.body:
        return
    lines, fence = document.body.split("\n"), ""
    for row, line in enumerate(lines):
        fence = fence_after(line, fence)
        lines[row] = "" if fence else line
    for row in conflicts("\n".join(lines)):
        place = (document.path, document.body_line + row, 1)
        yield Finding(*place, "OKR007", Severity.ERROR, MESSAGE, HINT)


def _active(document: Document, line: int, match: re.Match[str]) -> Finding:
    if match["tag"]:
        message = f"`<{match['tag'].lower()}>` is not published; it is taken out of the page"
    elif match["url"]:
        message = "a link that runs code is not published; it is taken out of the page"
    else:
        message = "attributes that run code are not published; they are taken out of the page"
    hint = "Write Markdown, or plain HTML without it."
    column = match.start() + 1
    return Finding(document.path, line, column, "OKR018", Severity.ERROR, message, hint)


def _in_fields(document: Document, value: object, loc: Loc) -> Iterator[Finding]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _in_fields(document, item, (*loc, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _in_fields(document, item, (*loc, index))
    elif isinstance(value, str) and (_MARKUP.search(value) or _ACTIVE.search(value)):
        line, column = document.place(*loc)
        message = f"`{loc[-1]}` is plain text: markup in it is shown as it was typed"
        hint = "Remove the markup, or move it to the prose."
        yield Finding(document.path, line, column, "OKR019", Severity.WARNING, message, hint)
