"""The words inside a course: today, the last value, moved goalposts, reasons of jumps."""

from collections.abc import Iterator
from itertools import islice

from okrsite.portal import labels
from okrsite.portal.burnup import (
    BOTTOM,
    DIAMOND,
    DIAMOND_TOP,
    TOP,
    WIDTH,
    Layout,
    goes_on,
    is_percent,
    value_text,
)
from okrsite.portal.chartdata import BurnUp, Mark
from okrsite.portal.labels import ASCENT, DESCENT, LINE_HEIGHT, Box, Surroundings
from okrsite.portal.svg import Line, Spot, Text

_GOALPOST_ROWS = (47.0, 61.0, 75.0)
_UNDER = 16.5


def captions(
    record: BurnUp, layout: Layout, ticks: list[Text]
) -> tuple[list[Text], tuple[Line, ...]]:
    """Every label that found a place, the most needed first, and hairlines to the reasons."""
    edge = [*_today(layout), *_beside(layout)]
    around = _surroundings(layout, [*ticks, *edge])
    reasons = [
        (spot, _reason_places(reason, spot))
        for reason in record.reasons
        for spot in _spot_on(layout.actual, layout.scale.x(reason.day))
    ]
    choices = [*_value_places(record, layout), *(places for _, places in reasons)]
    found = labels.settle(choices, around)
    of_reasons = found[len(choices) - len(reasons) :]
    hairlines = tuple(
        _hairline(text, spot)
        for text, (spot, _) in zip(of_reasons, reasons, strict=True)
        if text is not None
    )
    return [*edge, *(text for text in found if text)], hairlines


def _surroundings(layout: Layout, texts: list[Text]) -> Surroundings:
    lines = (
        (4.0, layout.actual),
        (3.0, layout.projection),
        (2.0, layout.expected),
        (2.0, layout.promised),
        (1.5, layout.today),
        *[(1.5, line) for line in layout.moves],
    )
    half = DIAMOND / 2
    diamonds = [
        Box(x - half, DIAMOND_TOP, x + half, DIAMOND_TOP + DIAMOND) for (x, _), _ in layout.moves
    ]
    # Left of the plane a word would read as a number of the scale, below it as a month.
    inside = Box(layout.scale.left + 2, 0, WIDTH, BOTTOM + DESCENT)
    return Surroundings(inside, (*diamonds, *map(labels.box, texts)), lines)


# --- at the edges ---------------------------------------------------------------------------


def _today(layout: Layout) -> Iterator[Text]:
    for x, top in layout.today[:1]:
        yield Text(layout.day, x, top - 5, "middle")


def _beside(layout: Layout) -> Iterator[Text]:
    """The labels at the right edge, kept apart in the order of their values."""
    scale = layout.scale
    sides = sorted(layout.sides, key=lambda side: scale.y(side.value))
    wanted = [(scale.y(side.value) + 4 - ASCENT, LINE_HEIGHT * len(side.texts)) for side in sides]
    x = scale.right + (8 if layout.landing else 6)
    for side, top in zip(sides, labels.stack(wanted, TOP - 9, BOTTOM + DESCENT), strict=True):
        for row, text in enumerate(side.texts):
            yield text._replace(x=x, y=top + ASCENT + row * LINE_HEIGHT)


# --- where there is a choice ----------------------------------------------------------------


def _value_places(record: BurnUp, layout: Layout) -> Iterator[Iterator[Text]]:
    if record.actual:
        digits = layout.digits if is_percent(record) else 2  # as it was typed
        number = value_text(record.actual[-1].value, record, digits)
        yield labels.beside(Text(number, 0, 0, css="okr-t"), *layout.actual[-1])
    if record.promised_label and record.promised and not goes_on(record):
        yield _promised_places(record.promised_label, layout)
    for post in record.goalposts:
        yield _goalpost_places(post, layout.scale.x(post.day))


def _promised_places(label: str, layout: Layout) -> Iterator[Text]:
    """Under the last value, with which it is compared, or near the line it names."""
    for room in (150, 90):
        text = Text(labels.shorten(labels.clean(label), room), 0, 0, css="okr-moved")
        for x, y in layout.actual[-1:]:
            for above in islice(labels.beside(text, x, y), 2):
                yield above._replace(y=above.y + _UNDER)
        yield from labels.beside(text, *layout.promised[-1])


def _goalpost_places(post: Mark, x: float) -> Iterator[Text]:
    for room in (190, 110, 60):
        label = Text(labels.shorten(labels.clean(post.label), room), 0, 0, css="okr-moved")
        for y in _GOALPOST_ROWS:
            yield label._replace(x=x + 8, y=y)
            yield label._replace(x=x - 8, y=y, anchor="end")


def _reason_places(reason: Mark, spot: Spot) -> Iterator[Text]:
    """Under the line where there is room, or over it, about the day it speaks of."""
    x, y = spot
    for room in (130, 80):
        label = Text(labels.shorten(labels.clean(reason.label), room), 0, 0)
        half = labels.width(label) / 2
        for down in (38, 54, -28, 70, -44, 88):
            for aside in (0, 12 - half, half - 12):
                if TOP <= y + down <= BOTTOM:
                    yield label._replace(x=x + aside, y=y + down, anchor="middle")


def _hairline(text: Text, spot: Spot) -> Line:
    x, y = spot
    if text.y > y:
        return ((x, y + 11), (x, text.y - 14))
    return ((x, y - 11), (x, text.y + 5))


def _spot_on(line: Line, x: float) -> Line:
    """The line's height on a day, after the jump where it jumps that very day; or nothing."""
    before = [spot for spot in line if spot[0] <= x] or list(line[:1])
    if not before:
        return ()
    (x0, y0), (x1, y1) = before[-1], next((spot for spot in line if spot[0] > x), before[-1])
    share = (x - x0) / (x1 - x0) if x1 > x0 and x > x0 else 0.0
    return ((x, y0 + (y1 - y0) * share),)
