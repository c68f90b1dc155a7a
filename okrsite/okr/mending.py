"""A fault's one right answer as a Fix: found again in the author's own text, or left alone."""

import re

from okrsite.okr.finding import Fix
from okrsite.okr.frontmatter import Document, Loc, Place

# What stands for itself in YAML wherever a value or a name may stand.
_BARE = re.compile(r"[A-Za-z0-9+-][\w./+-]*(?: [\w./+-]+)*|\[[\d.eE+-]+, [\d.eE+-]+\]")
_PAIR = re.compile(r"\[[^\[\]{}#\"'\n]*\]")


def rewritten(document: Document, loc: Loc, text: str) -> Fix | None:
    """`text` in place of the value at `loc`; None where that is not one plain piece of a line."""
    value, loc = _value(document, loc)
    place = document.marks.get(loc)
    if place is None or not text:
        return None
    if isinstance(value, str):
        return _in_place_of(document, place, value, text)
    found = _PAIR.match(_line(document, place)[place[1] - 1 :]) if isinstance(value, list) else None
    return _replaced(place, found[0], text) if found else None


def renamed(document: Document, loc: Loc, name: str) -> Fix | None:
    """`name` in place of the name of the field at `loc`, where there is none of it beside it."""
    beside, _ = _value(document, loc[:-1])
    place = document.keys.get(loc)
    if place is None or not name or not isinstance(beside, dict) or name in beside:
        return None
    return _in_place_of(document, place, str(loc[-1]), name)


def without_line(document: Document, name: str) -> Fix | None:
    """The file without its line `name: value`."""
    line, column = document.keys.get((name,), (1, 0))
    text = _line(document, (line, 1))
    if column != 1 or not re.fullmatch(rf"{re.escape(name)}: *[\w-]+\s*", text):
        return None
    return Fix(line, 1, line + 1, 1, "")


def _value(document: Document, loc: Loc) -> tuple[object, Loc]:
    """What stands at `loc`; a single value stands for the group or list it is short for."""
    value: object = document.data
    for depth, step in enumerate(loc):
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        elif isinstance(value, str) and depth == len(loc) - 1:
            return value, loc[:depth]
        else:
            return None, loc
    return value, loc


def _in_place_of(document: Document, place: Place, was: str, text: str) -> Fix | None:
    if not _BARE.fullmatch(text):
        return None
    line = _line(document, place)
    for raw in (f'"{was}"', f"'{was}'", was):
        if line.startswith(raw, place[1] - 1):
            return _replaced(place, raw, text)
    return None


def _replaced(place: Place, raw: str, text: str) -> Fix:
    line, column = place
    return Fix(line, column, line, column + len(raw), text)


def _line(document: Document, place: Place) -> str:
    lines = document.head.split("\n")
    return lines[place[0] - 2] if 2 <= place[0] < len(lines) + 2 else ""
