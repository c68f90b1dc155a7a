"""Book → the sparkline of a key result."""

from datetime import date
from fractions import Fraction

from okrsite.okr.model import KeyResult, Measure
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import key_result_progress
from okrsite.okr.scorecard import KeyResultScore
from okrsite.portal.chartdata import (
    Point,
    Spark,
)
from okrsite.portal.courses import LINES, computed_values, expected_course, values_of
from okrsite.portal.words import number, percent, with_unit


def key_result_spark(book: Book, score: KeyResultScore) -> Spark | None:
    """A key result's course for a table row; None where there is nothing to draw."""
    period = book.world.period(score.ref)
    if period is None:
        return None
    stepwise = score.measure not in LINES
    in_units = score.measure in LINES or score.measure is Measure.BOUND
    values = values_of(book, score) if in_units else _steps(book, score)
    if score.measure is Measure.OBJECTIVES:
        values = computed_values(book, score, period)
    if not values:
        return None
    kr = score.asked
    actual = tuple(Point(day, float(value)) for day, value in values)
    expected: tuple[Point, ...] = ()
    if kr.start is not None and kr.target is not None:
        expected = tuple(expected_course(book, score, period))
        if actual[0].day > period.start:
            actual = (Point(period.start, float(kr.start)), *actual)
    elif score.measure is Measure.BOUND:
        level = _limit(kr)
        expected = (Point(period.start, level), Point(period.end, level))
        stepwise = False
    else:
        actual = (Point(period.start, 0.0), *actual)
        expected = (Point(period.start, 0.0), Point(period.end, 1.0))
    return Spark(
        start=period.start,
        end=period.end,
        actual=actual,
        expected=expected,
        stepwise=stepwise,
        status=str(score.status),
        sentence=_spark_sentence(score, values),
    )


def _limit(kr: KeyResult) -> float:
    low, high = kr.between or (kr.at_least, kr.at_most)
    known = [float(level) for level in (low, high) if level is not None]
    return sum(known) / len(known) if known else 0.0


def _steps(book: Book, score: KeyResultScore) -> tuple[tuple[date, Fraction], ...]:
    days = dict.fromkeys(entry.day for entry in score.entries)
    found = [(day, key_result_progress(book.world, score.ref, day)) for day in days]
    return tuple((day, value) for day, value in found if value is not None)


def _spark_sentence(score: KeyResultScore, values: tuple[tuple[date, Fraction], ...]) -> str:
    if score.measure in (*LINES, Measure.BOUND):
        first, last = number(values[0][1]), with_unit(values[-1][1], score.asked.unit)
    else:
        first, last = percent(values[0][1]), percent(values[-1][1])
    many = "1 check-in" if len(values) == 1 else f"{len(values)} check-ins"
    return f"{many}, from {first} to {last}" if len(values) > 1 else f"{many}: {last}"
