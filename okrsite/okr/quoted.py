"""Values in a word processor's quotes, which YAML takes for a part of the value."""

import re
from collections.abc import Iterator

from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.okr.frontmatter import Document, Loc, Place, Plain

_ANY = "“”„‟«»\u2018\u2019\u201a"
_WRAPPED = re.compile(rf"([{_ANY}])([^{_ANY}]+)([{_ANY}])")
_SINGLE = ("\u2018\u2019", "\u201a\u2018", "\u201a\u2019", "\u2019\u2019")
_PAIRS = frozenset({"“”", "„“", "„”", "””", "«»", "»«", *_SINGLE})


def quoted(document: Document, is_record: bool) -> Iterator[Finding]:
    """A warning for every value that stands in such quotes as a whole.

    Of a record, which stays as it was said, none is mended.
    """
    if not any(sign in document.head for sign in _ANY):
        return
    for loc, place in document.marks.items():
        value = _at(document, loc)
        found = _WRAPPED.fullmatch(value) if isinstance(value, Plain) else None
        if found and found[1] + found[3] in _PAIRS:
            message = "these quotes are taken for a part of the value"
            straight = f'"{found[2]}"'
            is_clear = not re.search(r'["\\]', found[2])
            hint = f"Write `{straight}`." if is_clear and len(straight) <= 60 else _STRAIGHT
            fix = _fix(document, place, found[0], straight) if is_clear and not is_record else None
            yield Finding(document.path, *place, "OKR008", Severity.WARNING, message, hint, fix=fix)


_STRAIGHT = "Write the straight quotes of the keyboard."


def _fix(document: Document, place: Place, was: str, text: str) -> Fix | None:
    line, column = place
    if not document.head.split("\n")[line - 2].startswith(was, column - 1):
        return None
    return Fix(line, column, line, column + len(was), text)


def _at(document: Document, loc: Loc) -> object:
    value: object = document.data
    for step in loc:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value
