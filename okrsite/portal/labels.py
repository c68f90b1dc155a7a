"""Where words stand in a chart: never on each other, never outside, off the lines if possible."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from okrsite.portal.svg import Line, Spot, Text, text_width

ASCENT, DESCENT = 10.0, 3.0
LINE_HEIGHT = 13.2
ELLIPSIS = "…"
# Lines through a text, by weight, from which on it is better left to the table.
_BEYOND_READING = 16.0
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
_GLUE = re.compile("[\u00a0\u202f\u200c\u200d]+")
_LEADING_NUMBER = re.compile("[+\u2212-]?\\d[\\d.,]*[kMBT]?(?:\u00a0%)?(?=\\s|$)")
_CUT_NUMBER = re.compile("[+\u2212-]?[\\d.,]+$")


class Box(NamedTuple):
    """A rectangle of the picture; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float


# --- words ----------------------------------------------------------------------------------


def clean(text: str) -> str:
    """One line without what cannot be shown: control signs, changes of direction, lone halves."""
    line = _BREAKS.sub(" ", text).strip()
    if _GLUE.sub("", line).isprintable():
        return line
    return "".join(sign for sign in line if sign.isprintable() or _GLUE.match(sign))


def shorten(text: str, room: float, bold: bool = False) -> str:
    """The text, or as much of it as there is room for; a number is never cut in two."""
    if text_width(text, bold) <= room:
        return text
    left, kept = room - text_width(ELLIPSIS, bold), ""
    for sign in text:
        left -= text_width(sign, bold)
        if left < 0:
            break
        kept += sign
    if text[len(kept)] in "0123456789.,":
        kept = _CUT_NUMBER.sub("", kept)
    return kept.rstrip() + ELLIPSIS


def led_by_number(text: str) -> int:
    """How many characters at the front are a number, to be emphasised."""
    found = _LEADING_NUMBER.match(text)
    return found.end() if found else 0


def width(text: Text) -> float:
    """How wide a text may get, its bold part and the rest."""
    words, bold = text.text, text.bold
    if not bold or text.css == "okr-t":
        return text_width(words, text.css == "okr-t")
    return text_width(words[:bold], True) + text_width(words[bold:])


def box(text: Text) -> Box:
    """The room a text takes."""
    wide, left = width(text), text.x
    if text.anchor != "start":
        left -= wide / 2 if text.anchor == "middle" else wide
    return Box(left, text.y - ASCENT, left + wide, text.y + DESCENT)


# --- places ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is there already: the space to stay in, boxes to keep off, and lines, from left to
    right, that are better not crossed."""

    inside: Box
    taken: tuple[Box, ...]
    lines: tuple[tuple[float, Line], ...]


def settle(choices: Iterable[Iterable[Text]], around: Surroundings) -> list[Text | None]:
    """A place for each text among its candidates, the earlier ones served first."""
    taken, settled = list(around.taken), []
    for candidates in choices:
        found = best(candidates, around, taken)
        settled.append(found)
        if found:
            taken.append(box(found))
    return settled


def best(candidates: Iterable[Text], around: Surroundings, taken: Sequence[Box]) -> Text | None:
    """The free place that crosses the least; None where all are taken or beyond reading.

    A later candidate is a worse one: it must cross so much less than an earlier one.
    """
    found, lowest = None, float("inf")
    for order, text in enumerate(candidates):
        if order >= lowest:
            break
        place = box(text)
        if not _is_free(place, around.inside, taken):
            continue
        crossed = sum([weight * crossings(place, line) for weight, line in around.lines])
        if crossed < _BEYOND_READING and order + crossed < lowest:
            found, lowest = text, order + crossed
    return found


def _is_free(place: Box, inside: Box, taken: Iterable[Box]) -> bool:
    left, top, right, bottom = place
    if left < inside.left or right > inside.right or top < inside.top or bottom > inside.bottom:
        return False
    for its_left, its_top, its_right, its_bottom in taken:
        if left < its_right and its_left < right and top < its_bottom and its_top < bottom:
            return False
    return True


def crossings(place: Box, line: Line) -> int:
    """How many pieces of a line that goes from left to right run through a box."""
    left, top, right, bottom = place
    found = 0
    for a, b in pairwise(line):
        if a[0] > right:
            break
        if b[0] >= left and not (a[1] > bottom < b[1] or a[1] < top > b[1]):
            found += _cuts(place, a, b)
    return found


def _cuts(place: Box, a: Spot, b: Spot) -> bool:
    """Whether the corners of a box lie on both sides of the line through two points."""
    left, top, right, bottom = place
    x, y = a
    along, down = b[0] - x, b[1] - y
    sides = (
        along * (top - y) - down * (left - x),
        along * (top - y) - down * (right - x),
        along * (bottom - y) - down * (left - x),
        along * (bottom - y) - down * (right - x),
    )
    return min(sides) <= 0 <= max(sides)


def beside(text: Text, x: float, y: float) -> Iterator[Text]:
    """Places near a point, the nearest first: to the right and left, below and above."""
    for right, left, middle in ((10, 16, 20), (24, 30, 34), (38, 44, 48), (66, 72, 76)):
        yield text._replace(x=x + 8, y=y + right)
        yield text._replace(x=x - 8, y=y + left, anchor="end")
        yield text._replace(x=x + 8, y=y - right + 4)
        yield text._replace(x=x - 8, y=y - left + 8, anchor="end")
        yield text._replace(x=x, y=y + middle, anchor="middle")
        yield text._replace(x=x, y=y - middle + 11, anchor="middle")


def stack(wanted: Sequence[tuple[float, float]], low: float, high: float) -> list[float]:
    """Tops for (top, height) pairs in order, moved as little as keeps them apart and inside."""
    groups: list[list[tuple[float, float]]] = []
    for item in wanted:
        group = [item]
        while groups and _top(groups[-1], low, high) + _height(groups[-1]) > _top(group, low, high):
            group = groups.pop() + group
        groups.append(group)
    tops: list[float] = []
    for group in groups:
        top = _top(group, low, high)
        for _, height in group:
            tops.append(top)
            top += height
    return tops


def _height(group: Sequence[tuple[float, float]]) -> float:
    return sum(height for _, height in group)


def _top(group: Sequence[tuple[float, float]], low: float, high: float) -> float:
    """Where a group wants to begin on average, kept inside."""
    before, total = 0.0, 0.0
    for top, height in group:
        total += top - before
        before += height
    return max(low, min(total / len(group), high - before))
