"""Dated values and expected lines of a key result, in its own unit."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from okrsite.okr.expected import plan_course, planned_value
from okrsite.okr.model import KeyResult, Measure, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import key_result_progress, scoring_day
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.terms import Change
from okrsite.portal.chartdata import (
    Point,
)
from okrsite.portal.words import day as day_words
from okrsite.portal.words import number

LINES = (Measure.MEASURED, Measure.KPI, Measure.OBJECTIVES)


def weeks_until(start: date, end: date, cadence: int) -> tuple[date, ...]:
    """Days from `start` to `end` in steps of the cadence; `end` is always the last."""
    count = max(0, (end - start).days) // cadence
    grid = [start + timedelta(days=cadence * step) for step in range(1, count + 1)]
    return tuple(dict.fromkeys([*(day for day in grid if day <= end), end]))


def values_of(book: Book, score: KeyResultScore) -> tuple[tuple[date, Fraction], ...]:
    """The dated values of a key result that has any: its own, or its KPI's in the period."""
    if score.measure is Measure.KPI:
        period = book.world.period(score.ref)
        readings = book.ledger.readings.get(score.asked.source or "", ())
        return tuple(
            (r.day, r.value) for r in readings if period and period.start <= r.day <= book.as_of
        )
    return tuple((e.day, e.value) for e in score.entries if e.value is not None)


def computed_values(
    book: Book, score: KeyResultScore, period: Period
) -> tuple[tuple[date, Fraction], ...]:
    """The values a key result had week by week, where it adds up those of others."""
    kr = score.asked
    if kr.start is None or kr.target is None:
        return ()
    found = []
    for day in weeks_until(period.start, scoring_day(period, book.as_of), book.settings.cadence):
        progress = key_result_progress(book.world, score.ref, day)
        if progress is not None:
            found.append((day, kr.start + progress * (kr.target - kr.start)))
    return tuple(found)


def change_words(change: Change) -> str:
    """`target 30 → 60`."""
    return f"{change.field.replace('_', ' ')} {_value(change.was)} → {_value(change.now)}"


def _value(value: object) -> str:
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, tuple):
        return " to ".join(_value(item) for item in value)
    return "unknown" if value is None else str(value)


def expected_course(book: Book, score: KeyResultScore, period: Period) -> Iterator[Point]:
    """The expected line in the key result's unit, with a step where a goalpost moved."""
    terms = book.world.terms_of(score.ref)
    corners = {day for kr in terms.versions for day, _ in course_of(kr, period)}
    steps = {day for day in terms.since[1:] if period.start < day <= period.end}
    for day in sorted(corners | steps | {period.end}):
        if not period.start <= day <= period.end:
            continue
        if day in steps and (before := expected_value(terms.on(day - timedelta(1)), period, day)):
            yield before
        if after := expected_value(terms.on(day), period, day):
            yield after


def course_of(kr: KeyResult, period: Period) -> tuple[tuple[date, Fraction], ...]:
    """The corners of the expected line; none where start or target is unknown."""
    return plan_course(kr, period) if kr.start is not None and kr.target is not None else ()


def expected_value(kr: KeyResult, period: Period, day: date) -> Point | None:
    """The point of the expected line on a day; None where there is no line."""
    if kr.start is None or kr.target is None:
        return None
    return Point(day, float(planned_value(kr, period, day)))
