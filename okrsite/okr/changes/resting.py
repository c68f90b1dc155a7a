"""What promised goals rest on besides their own fields: KPIs, work, and the goals they count."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from okrsite.okr.changes.pairs import Pair, Sides, standing_of
from okrsite.okr.guard.above import held_above, is_planned
from okrsite.okr.model import (
    Initiative,
    Measure,
    Objective,
    Period,
    PeriodState,
    has_measure,
    measure_of,
)

Above = tuple[str, Period]  # a promised goal that counts others, and its period


def resting_on(pair: Pair, refs: Iterable[str]) -> Pair:
    """The pair of something that committed key results rest on; of nothing nobody is asked."""
    holds = tuple(refs)
    return replace(pair, holds=holds, amendable=bool(holds))


def followers(sides: Sides, kpi: str, bound: bool = False) -> Iterator[str]:
    """The committed key results that a KPI feeds; with `bound` those that its bound decides."""
    for goal in sides.base.book.portfolio.objectives.values():
        for kr in goal.key_results if _is_committed(sides, goal) else ():
            if kr.source == kpi and not (bound and has_measure(kr)):
                yield f"{goal.id}/{kr.id}"


def counting(sides: Sides, was: Initiative | None, now: Initiative | None) -> Iterator[str]:
    """The committed key results made of work that count an initiative no more, or only now."""
    before, after = (side.book.portfolio for side in (sides.base, sides.head))
    old, new = (set(item.contributes_to) if item else set() for item in (was, now))
    for ref in sorted(old ^ new):
        kr, later = before.key_results.get(ref), after.key_results.get(ref)
        if kr is None or later is None or measure_of(kr) is not Measure.INITIATIVES:
            continue
        goal = before.objectives[ref.partition("/")[0]]
        if _is_committed(sides, goal) and (ref in old or later.weight):
            yield ref


def _is_committed(sides: Sides, goal: Objective) -> bool:
    return standing_of(sides, goal.period) == PeriodState.COMMITTED


def counted_by(sides: Sides, was: Objective | None, now: Objective | None) -> Above | None:
    """The promised goal that counts an objective of a draft, or that is to count it from now on."""
    before = sides.base.book.portfolio
    if was and (above := held_above(before, was.parent)):
        return above if now or was.weight else None
    above = held_above(before, now.parent) if now and now.weight else None
    if now is None or above is None or is_planned(before, sides.head.book.portfolio, now, above[1]):
        return None
    return above


def counted(pair: Pair, above: Above | None) -> Pair:
    """The pair of an objective as a part of what the goal above it promised."""
    own = pair.was is not None and pair.standing in (PeriodState.COMMITTED, PeriodState.CLOSED)
    if above is None or own:
        return pair
    return replace(pair, standing=str(above[1].state), holds=(above[0],), amendable=True)
