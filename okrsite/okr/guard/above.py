"""The goals that count an objective: its parent where that rolls up, and so on upwards."""

from collections.abc import Iterator

from okrsite.okr.model import Measure, Objective, Period, PeriodState, ProgressFrom, measure_of
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import counts_from


def held_above(portfolio: Portfolio, parent: str | None) -> tuple[str, Period] | None:
    """The nearest goal whose progress counts what stands below `parent`, and its period.

    Only a goal of a committed or closed period: a draft promises nothing.
    """
    for ref in _counting(portfolio, parent):
        period = portfolio.period_of(portfolio.objectives[ref.partition("/")[0]])
        if period is not None and period.state is not PeriodState.DRAFT:
            return ref, period
    return None


def _counting(portfolio: Portfolio, parent: str | None) -> Iterator[str]:
    """`objective` or `objective/kr`, from the nearest upwards."""
    while parent is not None:
        goal = portfolio.objectives.get(parent.partition("/")[0])
        if goal is None or not _counts(portfolio, goal, parent):
            return
        yield parent
        parent = goal.parent if goal.weight else None


def _counts(portfolio: Portfolio, goal: Objective, ref: str) -> bool:
    """Whether `goal` counts the objectives whose parent is `ref`: itself or its key result."""
    source = counts_from(portfolio, goal)
    if ref == goal.id:
        return source is not ProgressFrom.KEY_RESULTS
    kr = portfolio.key_results.get(ref)
    if kr is None or not kr.weight or source is ProgressFrom.CHILDREN:
        return False
    return measure_of(kr) is Measure.OBJECTIVES


def is_planned(before: Portfolio, after: Portfolio, new: Objective, period: Period) -> bool:
    """Whether a goal comes with the plan of a shorter period, which nobody has committed yet.

    A year's goal is made of quarters that are planned one after the other.
    """
    own = after.period_of(new)
    merged = before.periods.get(own.id) if own else None
    if own is None or own.id == period.id:
        return False
    within = period.start <= own.start and own.end <= period.end
    return within and (merged is None or merged.state is PeriodState.DRAFT)
