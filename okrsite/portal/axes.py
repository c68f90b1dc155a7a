"""The scales of a chart: days across, values up, and how their ticks are worded."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from okrsite.portal import words
from okrsite.portal.chartdata import Point
from okrsite.portal.svg import Line, Spot, nice_ticks, text_width

_FAR, _NEAR = 1e15, 1e-12
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
_LONG_NUMBER = re.compile(r"[0-9][0-9,]{5,300}(?:\.[0-9]+)?")
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
_by_day = attrgetter("day")
_UNITS = tuple(Decimal(1).scaleb(-digits) for digits in range(7))


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a day and a value lie; what is outside the scale lies on its edge."""

    start: date
    end: date
    left: float
    right: float
    top: float
    bottom: float
    lowest: float
    per_day: float
    per_unit: float

    def x(self, day: date) -> float:
        x = self.left + (day - self.start).days * self.per_day
        return self.left if x < self.left else min(x, self.right)

    def y(self, value: float) -> float:
        y = self.beyond(value)
        return self.top if y < self.top else min(y, self.bottom)

    def beyond(self, value: float) -> float:
        """Where a value would lie if the scale went on."""
        return self.bottom - (bounded(value) - self.lowest) * self.per_unit


def plane(
    days: tuple[date, date], values: tuple[float, float], box: tuple[float, float, float, float]
) -> Plane:
    """Lay a period and a span of values onto a box: left, right, top, bottom."""
    start, end = days
    left, right, top, bottom = box
    per_day = (right - left) / max((end - start).days, 1)
    per_unit = (bottom - top) / (values[1] - values[0])
    return Plane(start, end, left, right, top, bottom, values[0], per_day, per_unit)


def bounded(value: float) -> float:
    """A number that can be drawn: none so great or so small that a scale could not hold it."""
    size = abs(value)
    if _NEAR <= size <= _FAR:
        return value
    return math.copysign(_FAR, value) if size > _FAR else 0.0


def span(values: Iterable[float], empty: tuple[float, float]) -> tuple[float, float]:
    """The least and the greatest value; one value alone is seen against nothing."""
    known = [bounded(value) for value in values]
    low, high = (min(known), max(known)) if known else empty
    if high - low > max(abs(low), abs(high)) * 1e-9:
        return low, high
    return (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)


def reach(base: tuple[float, float], value: float) -> tuple[float, float]:
    """The span with a value that lies outside, as long as it is no more than half of it away."""
    low, high = base
    slack = (high - low) / 2
    if low - slack <= value <= high + slack:
        return min(low, value), max(high, value)
    return base


def ticks(values: tuple[float, float]) -> tuple[float, ...]:
    return nice_ticks(*values)


# --- numbers --------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def tick_labels(at: tuple[float, ...], percent: bool, room: float) -> tuple[str, ...]:
    """The numbers beside the scale; a percent sign stands at the top one alone."""
    step = min(b - a for a, b in pairwise(at))
    greatest = max(abs(tick) for tick in at)
    divisor, sign = _scale(greatest) if greatest >= 10_000 else (1.0, "")
    needed = max(0, -math.floor(math.log10(step / divisor) + 1e-9))
    for digits in range(min(needed, 6), -1, -1):
        texts = [_tick(tick, divisor, sign, digits) for tick in at]
        if all(text_width(text) <= room for text in texts):
            break
    # Numbers cut short may come out alike, and the same number twice would be a lie.
    shown = [t if t not in texts[:i] else "" for i, t in enumerate(texts)]
    if percent and shown[-1]:
        shown[-1] += f"{words.NBSP}%"
    return tuple(shown)


def _tick(value: float, divisor: float, sign: str, digits: int) -> str:
    if not value:
        return "0"
    if abs(value) < 1e-3:
        return _number(value, 0)
    return _fixed(_exact(value / divisor), digits).replace(",", "") + sign


def amount(value: float, digits: int) -> str:
    """A value as a label says it: as it is, or in thousands and millions from 100,000 on."""
    if abs(value) < 100_000:
        return _number(value, digits)
    if abs(value) >= _FAR:
        return f"{value:.2g}".replace("e+", "e").replace("-", words.MINUS)
    divisor, sign = _scale(abs(value))
    scaled = value / divisor
    figures = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
    return _number(scaled, figures) + sign


def _number(value: float, digits: int) -> str:
    """As `words.number` says it; decimals round as fractions do, in a tenth of the time."""
    exact = _exact(value)
    if exact and abs(exact) < _UNITS[digits]:
        return f"{value:.2g}".replace("-", words.MINUS)
    text = _fixed(exact, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fixed(exact: Decimal, digits: int) -> str:
    """As `words.fixed` says it."""
    rounded = exact.quantize(_UNITS[digits], ROUND_HALF_UP)
    size = abs(rounded)
    text = f"{size:,f}" if size >= 10_000 else f"{size:f}"
    return words.MINUS + text if rounded < 0 else text


def compacted(text: str) -> str:
    """A text with its long numbers in thousands and millions: `was 3,000,000` is `was 3M`."""
    return _LONG_NUMBER.sub(lambda found: amount(float(found[0].replace(",", "")), 2), text)


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _scale(size: float) -> tuple[float, str]:
    return next((scale for scale in _SCALES if size >= scale[0]), (1.0, ""))


# --- days -----------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def day_ticks(start: date, end: date, left: float, right: float) -> tuple[tuple[float, str], ...]:
    """Places to mark below a chart: first days of months, or the two ends of a short period."""
    scale = plane((start, end), (0.0, 1.0), (left, right, 0.0, 1.0))
    marks = _month_marks(scale) or _ends(scale)
    return tuple((scale.x(day), label) for day, label in marks)


def _month_marks(scale: Plane) -> list[tuple[date, str]]:
    """As many months as their names leave room for; none where there is but one."""
    months = _months(scale.start, scale.end)
    if len(months) < 2:
        return []
    several_years = scale.start.year != scale.end.year
    for step in _MONTH_STEPS:
        marks = [
            (day, _month_label(day, step, several_years))
            for day in months
            if (day.year * 12 + day.month - 1) % step == 0
        ]
        if _apart(scale, marks):
            break
    return marks


def _months(start: date, end: date) -> list[date]:
    """The first days of months within a period, of Januaries alone where it is very long."""
    first = start.year * 12 + start.month - 1 + (start.day > 1)
    last = end.year * 12 + end.month - 1
    every = 1 if last - first < 240 else 12
    first += -first % every
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1, every)]


def _month_label(day: date, step: int, several_years: bool) -> str:
    if step >= 12 or (several_years and day.month == 1):
        return str(day.year)
    return words.MONTHS[day.month - 1]


def _apart(scale: Plane, marks: Sequence[tuple[date, str]]) -> bool:
    return all(
        scale.x(day) + text_width(label) + 4 <= scale.x(following)
        for (day, label), (following, _) in pairwise(marks)
    )


def _ends(scale: Plane) -> list[tuple[date, str]]:
    days = (scale.start, scale.end) if scale.end > scale.start else (scale.start,)
    return [(day, words.day(day)) for day in days]


def drawable(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The points that are numbers, in order of their days."""
    known = [point for point in points if math.isfinite(point.value)]
    return tuple(sorted(known, key=_by_day))


def course(scale: Plane, points: Iterable[Point]) -> Line:
    """Points as a line on the plane."""
    return tuple([(scale.x(point.day), scale.y(point.value)) for point in points])


def stepped(line: Line) -> Line:
    """A line whose value holds: it goes on level and then jumps."""
    return tuple(_steps(line))


def _steps(line: Line) -> Iterator[Spot]:
    yield from line[:1]
    for (_, before), (x, y) in pairwise(line):
        if y != before:
            yield x, before
        yield x, y
