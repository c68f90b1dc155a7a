"""How far a goal should have come on a day: by the calendar, or along its plan."""

from datetime import date
from fractions import Fraction
from functools import lru_cache

from okrsite.okr.mean import weighted_mean
from okrsite.okr.model import (
    KeyResult,
    Period,
)
from okrsite.okr.progress import ONE, ZERO, World, linear, scoring_day, weighed_parts


def key_result_expected(world: World, ref: str, day: date) -> Fraction | None:
    """Where a key result should stand on `day`: by the calendar, or along its plan."""
    period = world.period(ref)
    if period is None:
        return None
    day = scoring_day(period, day)
    kr = world.asked(ref, day)
    if kr.plan and kr.start is not None and kr.target is not None and kr.start != kr.target:
        return linear(planned_value(kr, period, day), kr.start, kr.target)
    return elapsed(period.start, kr.due or period.end, day)


@lru_cache(maxsize=4096)  # a period has few days, and they are asked for again and again
def elapsed(start: date, end: date, day: date) -> Fraction:
    """The share of the time gone: 0 on the first day and before, 1 on the last and after."""
    if day >= end:
        return ONE
    return Fraction((day - start).days, (end - start).days) if day > start else ZERO


def planned_value(kr: KeyResult, period: Period, day: date) -> Fraction:
    """The value a plan expects on `day`, in a straight line between the days it names.

    Needs a key result with start and target; before the first day it is the start.
    """
    course = plan_course(kr, period)
    before = max((point for point in course if point[0] <= day), default=course[0])
    after = min((point for point in course if point[0] > day), default=before)
    if day <= before[0] or after == before:
        return before[1]
    share = Fraction((day - before[0]).days, (after[0] - before[0]).days)
    return before[1] + share * (after[1] - before[1])


def plan_course(kr: KeyResult, period: Period) -> tuple[tuple[date, Fraction], ...]:
    """The corners of the expected line: start, what the plan names, target on the due day."""
    due = kr.due or period.end
    corners = {period.start: kr.start or ZERO, due: kr.target or ZERO, **kr.plan}
    return tuple(sorted(corners.items()))


def objective_expected(world: World, objective: str, day: date) -> Fraction | None:
    """Mean of what is expected of everything an objective counts, by the same weights."""
    day = scoring_day(world.period(objective), day)
    parts = weighed_parts(world, objective, day, key_result_expected, objective_expected)
    mean = weighted_mean((w, e) for w, e in parts if e is not None)
    if mean is not None:
        return mean
    period = world.period(objective)
    return elapsed(period.start, period.end, day) if period else None
