"""Where words stand in a chart: never on each other, never outside, off the lines if possible."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from okrsite.portal.svg import Line, Spot, Text, text_width

ASCENT, DESCENT = 10.0, 3.0
LINE_HEIGHT = 13.2
ELLIPSIS = "…"
# Lines through a text, by weight, from which on it is better left to the table.
_BEYOND_READING = 16.0
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
_GLUE = "\u00a0\u202f\u200c\u200d"
_LEADING_NUMBER = re.compile("[+\u2212-]?\\d[\\d.,]*[kMBT]?(?:\u00a0%)?(?=\\s|$)")
_CUT_NUMBER = re.compile("[+\u2212-]?[\\d.,]+$")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


# --- words ----------------------------------------------------------------------------------


def clean(text: str) -> str:
    """One line without what cannot be shown: control signs, changes of direction, lone halves."""
    line = _BREAKS.sub(" ", text).strip()
    if line.isprintable():
        return line
    return "".join(sign for sign in line if sign.isprintable() or sign in _GLUE)


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
    if text.css == "okr-t":
        return text_width(text.text, bold=True)
    return text_width(text.text[: text.bold], bold=True) + text_width(text.text[text.bold :])


def box(text: Text) -> Box:
    """The room a text takes."""
    wide = width(text)
    left = text.x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.anchor]
    return Box(left, text.y - ASCENT, left + wide, text.y + DESCENT)


# --- places ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is there already: the space to stay in, boxes to keep off, lines better not crossed."""

    inside: Box
    taken: tuple[Box, ...]
    lines: tuple[tuple[float, Line], ...]

    def with_text(self, *texts: Text) -> "Surroundings":
        return replace(self, taken=self.taken + tuple(box(text) for text in texts))


def settle(choices: Iterable[Iterable[Text]], around: Surroundings) -> list[Text | None]:
    """A place for each text among its candidates, the earlier ones served first."""
    settled: list[Text | None] = []
    for candidates in choices:
        found = best(candidates, around)
        settled.append(found)
        around = around.with_text(found) if found else around
    return settled


def best(candidates: Iterable[Text], around: Surroundings) -> Text | None:
    """The free place that crosses the least; None where all are taken or beyond reading.

    A later candidate is a worse one: it must cross so much less than an earlier one.
    """
    found, lowest = None, float("inf")
    for order, text in enumerate(candidates):
        if order >= lowest:
            break
        place = box(text)
        if not place.within(around.inside) or any(place.meets(other) for other in around.taken):
            continue
        crossed = sum(weight * crossings(place, line) for weight, line in around.lines)
        if crossed < _BEYOND_READING and order + crossed < lowest:
            found, lowest = text, order + crossed
    return found


def crossings(place: Box, line: Line) -> int:
    """How many pieces of a line run through a box."""
    return sum(_cuts(place, *ends) for ends in pairwise(line))


def _cuts(place: Box, a: Spot, b: Spot) -> bool:
    (ax, ay), (bx, by) = a, b
    if max(ax, bx) < place.left or min(ax, bx) > place.right:
        return False
    if max(ay, by) < place.top or min(ay, by) > place.bottom:
        return False
    sides = [
        (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        for x in (place.left, place.right)
        for y in (place.top, place.bottom)
    ]
    return min(sides) <= 0 <= max(sides)


def beside(text: Text, x: float, y: float) -> Iterator[Text]:
    """Places near a point, the nearest first: to the right and left, below and above."""
    for right, left, middle in ((10, 16, 20), (24, 30, 34), (38, 44, 48), (66, 72, 76)):
        yield replace(text, x=x + 8, y=y + right)
        yield replace(text, x=x - 8, y=y + left, anchor="end")
        yield replace(text, x=x + 8, y=y - right + 4)
        yield replace(text, x=x - 8, y=y - left + 8, anchor="end")
        yield replace(text, x=x, y=y + middle, anchor="middle")
        yield replace(text, x=x, y=y - middle + 11, anchor="middle")


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
