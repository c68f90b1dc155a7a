"""What a chart shows, as values: the picture, its sentence and its table come from one record."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day; `value` is in the chart's unit (a progress is in percent, 0 to 100).

    A `quiet` point bends the line and has no dot: nobody checked in on that day.
    """

    day: date
    value: float
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A few words that belong to a day: a moved goalpost, or the reason of a jump."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table under a chart, already in words; an empty text is not known."""

    day: date
    actual: str
    expected: str
    promised: str


@dataclass(frozen=True, slots=True)
class BurnUp:
    """The course of an objective or a key result over its period.

    `actual` starts at the baseline where there is one and has a point per check-in.
    `expected` is a polyline that may hold two points on one day where the goalpost moved.
    `promised` goes on as first committed; empty when nothing moved. `stepwise` says that the
    value holds between check-ins (milestones, yes or no, bounds) instead of moving in a line.
    """

    key: str
    title: str
    unit: str
    start: date
    end: date
    today: date
    actual: tuple[Point, ...]
    expected: tuple[Point, ...]
    promised: tuple[Point, ...]
    projection: Point | None
    goalposts: tuple[Mark, ...]
    reasons: tuple[Mark, ...]
    target_label: str
    promised_label: str
    stepwise: bool
    sentence: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Spark:
    """A row's sparkline: the whole period is its width, `status` colours its last dot."""

    start: date
    end: date
    actual: tuple[Point, ...]
    expected: tuple[Point, ...]
    stepwise: bool
    status: str
    sentence: str


@dataclass(frozen=True, slots=True)
class StatusWeek:
    """How many key results stood where at the end of a week; `label` is the ISO week number."""

    label: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class StatusWeeks:
    """Statuses by week: every week counts the same statuses, bottom of the stack first."""

    key: str
    title: str
    weeks: tuple[StatusWeek, ...]
    sentence: str
