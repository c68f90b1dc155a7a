"""The course of a goal over its period: its lines on their scales, and what is drawn of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from okrsite.portal import axes, labels, svg, words
from okrsite.portal.chartdata import BurnUp, Point
from okrsite.portal.svg import Dots, Line, Stroke, Text

WIDTH, HEIGHT = 440.0, 232.0
TOP, BOTTOM = 30.0, 206.0
DIAMOND_TOP, DIAMOND = 38.0, 10.0
_LEFT, _WIDEST_TICK = 40.0, 62.0
_RIGHT, _WIDEST_SIDE = 72.0, 92.0
_MANY_CHECK_INS = 40


@dataclass(frozen=True, slots=True)
class Side:
    """A label at the right edge: its lines of words, and the value it belongs to."""

    value: float
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A record on its scales: every line as it is drawn, empty where it is not."""

    scale: axes.Plane
    digits: int
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    sides: tuple[Side, ...]
    expected: Line
    promised: Line
    actual: Line
    check_ins: Line
    projection: Line
    landing: Line
    today: Line
    day: str
    moves: tuple[Line, ...]


def drawable(record: BurnUp) -> BurnUp:
    """The record without what cannot be drawn: no infinite values, no pace of a closed period."""
    actual, lead = axes.drawable(record.actual), record.projection
    ahead = lead and actual and math.isfinite(lead.value) and lead.day > actual[-1].day
    is_open = record.start <= record.today <= record.end
    return replace(
        record,
        actual=actual,
        expected=axes.drawable(record.expected),
        promised=axes.drawable(record.promised),
        projection=lead if ahead and is_open else None,
    )


def laid_out(record: BurnUp) -> Layout:
    """A drawable record on its scales."""
    values = span_of(record)
    at, digits = axes.ticks(values), _digits(values)
    numbers = axes.tick_labels(at, is_percent(record), _WIDEST_TICK)
    sides = tuple(_sides(record, digits))
    left, right = _margins(numbers, sides)
    days = (record.start, record.end)
    scale = axes.plane(days, (at[0], at[-1]), (left, right, TOP, BOTTOM))
    expected = axes.course(scale, record.expected)
    check_ins = axes.course(scale, record.actual)
    projection, landing = _projection(record, scale)
    return Layout(
        scale=scale,
        digits=digits,
        ticks=tuple(zip(map(scale.y, at), numbers, strict=True)),
        days=axes.day_ticks(*days, left, right),
        sides=sides,
        expected=expected,
        promised=axes.course(scale, record.promised),
        actual=axes.stepped(check_ins) if record.stepwise else check_ins,
        check_ins=_aloud(record, check_ins),
        projection=projection,
        landing=landing,
        today=_today(record, scale),
        day=words.day(record.today),
        moves=tuple([_move(scale.x(post.day), expected) for post in record.goalposts]),
    )


# --- scales and lines -----------------------------------------------------------------------


def is_percent(record: BurnUp) -> bool:
    return record.unit.strip().startswith("%")


def span_of(record: BurnUp) -> tuple[float, float]:
    """The span of values to show; a projection far beyond it is cut, the text keeps its number."""
    points = [*record.actual, *record.expected, *record.promised]
    empty = (0.0, 100.0) if is_percent(record) else (0.0, 1.0)
    known = axes.span((point.value for point in points), empty)
    return axes.reach(known, record.projection.value) if record.projection else known


def value_text(value: float, record: BurnUp, digits: int) -> str:
    """A value in so many decimals; a progress with its sign."""
    text = axes.amount(value, digits)
    return f"{text}{words.NBSP}%" if is_percent(record) else text


def _digits(values: tuple[float, float]) -> int:
    """As many decimals as the scale lets one see."""
    seen = values[1] - values[0]
    return 0 if seen >= 20 else 1 if seen >= 2 else 2


def _margins(numbers: tuple[str, ...], sides: tuple[Side, ...]) -> tuple[float, float]:
    """Left and right; a margin gets wider where a number or a label needs it."""
    widest = max([svg.text_width(number) for number in numbers])
    beside = max([labels.width(text) for side in sides for text in side.texts], default=0.0)
    return max(_LEFT, round(widest + 7)), WIDTH - max(_RIGHT, round(beside + 10))


def _aloud(record: BurnUp, check_ins: Line) -> Line:
    """The places that get a dot."""
    pairs = zip(record.actual, check_ins, strict=True)
    return tuple([spot for point, spot in pairs if not point.quiet])


def _projection(record: BurnUp, scale: axes.Plane) -> tuple[Line, Line]:
    """From the last value to the due date and where it lands, or cut at the edge of the scale."""
    if not record.projection:
        return (), ()
    a, b = _spot(record.actual[-1], scale), _spot(record.projection, scale)
    far = scale.beyond(record.projection.value)
    if abs(far - b[1]) < 0.05:
        return (a, b), (b,)
    share = (b[1] - a[1]) / (far - a[1])
    return (a, (a[0] + (b[0] - a[0]) * share, b[1])), ()


def _spot(point: Point, scale: axes.Plane) -> svg.Spot:
    return scale.x(point.day), scale.y(point.value)


def _today(record: BurnUp, scale: axes.Plane) -> Line:
    if not record.start <= record.today <= record.end:
        return ()
    x = scale.x(record.today)
    return ((x, TOP - 8), (x, BOTTOM))


def _move(x: float, expected: Line) -> Line:
    """Down from a diamond, to where the expected line steps or else to the ground."""
    steps = [min(a[1], b[1]) for a, b in pairwise(expected) if a[0] == b[0] and abs(a[0] - x) < 0.1]
    top = DIAMOND_TOP + DIAMOND
    return ((x, top), (x, max(min(steps, default=BOTTOM), top)))


# --- words at the right edge ----------------------------------------------------------------


def _sides(record: BurnUp, digits: int) -> Iterator[Side]:
    if record.expected and record.target_label:
        yield Side(record.expected[-1].value, (_side_text(record.target_label),))
    if record.projection:
        value = record.projection.value
        yield Side(value, _pace(value_text(value, record, digits)))
    if record.promised_label and goes_on(record):
        yield Side(record.promised[-1].value, (_side_text(record.promised_label, "okr-moved"),))


def goes_on(record: BurnUp) -> bool:
    """Whether the promised course reaches the end, so that its label belongs at the edge."""
    return bool(record.promised) and record.promised[-1].day >= record.end


def _side_text(label: str, css: str = "") -> Text:
    text = labels.clean(label)
    if svg.text_width(text, bold=True) > _WIDEST_SIDE:
        text = axes.compacted(text)
    bold = 0 if css else labels.led_by_number(text)
    room = _WIDEST_SIDE - svg.text_width(text[:bold], bold=True)
    if bold and room > 0:
        return Text(text[:bold] + labels.shorten(text[bold:], room), 0, 0, css=css, bold=bold)
    return Text(labels.shorten(text, _WIDEST_SIDE), 0, 0, css=css)


def _pace(number: str) -> tuple[Text, ...]:
    one = Text(f"{number} at pace", 0, 0, bold=len(number))
    if labels.width(one) <= _RIGHT:
        return (one,)
    return (Text(number, 0, 0, css="okr-t"), Text("this pace", 0, 0))


# --- shapes ---------------------------------------------------------------------------------


def grid(layout: Layout, hairlines: tuple[Line, ...]) -> Stroke:
    """Hairlines and ticks, and any further hairlines."""
    scale = layout.scale
    level = [((scale.left, y), (scale.right, y)) for y, _ in layout.ticks]
    below = [((x, BOTTOM), (x, BOTTOM + 5)) for x, _ in layout.days]
    return Stroke("okr-grid", (*level, *below, layout.today, *hairlines))


def tick_texts(layout: Layout) -> list[Text]:
    """The numbers beside the scale, and the days below."""
    x = layout.scale.left - 6
    numbers = [Text(number, x, y + 4, "end") for y, number in layout.ticks]
    return numbers + [Text(label, x + 3, BOTTOM + 16) for x, label in layout.days]


def courses(layout: Layout) -> Iterator[svg.Mark]:
    """Expected, promised, actual and projected."""
    yield Stroke("okr-plan", (layout.expected,))
    yield Stroke("okr-moved", (layout.promised,))
    yield Stroke("okr-actual", (layout.actual,))
    radius = 2.5 if len(layout.check_ins) <= _MANY_CHECK_INS else 1.5
    yield Dots("okr-dot", layout.check_ins, radius)
    yield Stroke("okr-proj", (layout.projection,))
    yield Dots("okr-proj", layout.landing, 3.5, style="stroke-dasharray:none")


def goalposts(layout: Layout) -> Iterator[svg.Mark]:
    """A diamond on each day a goalpost moved, and a line down from it."""
    yield Stroke("okr-moved", layout.moves)
    yield Stroke("okr-s okr-is-moved", tuple(_diamond(line[0][0]) for line in layout.moves), True)


def _diamond(x: float) -> Line:
    half, top = DIAMOND / 2, DIAMOND_TOP
    return ((x, top), (x + half, top + half), (x, top + DIAMOND), (x - half, top + half))
