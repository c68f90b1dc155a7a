"""Closing check-ins: what was said of a key result at the end, who needs it, who has none."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from okrsite.okr.ledger import Entry, Reading, last_day
from okrsite.okr.model import KeyResult, Measure, Period, PeriodState, SaidStatus, measure_of
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import (
    ONE,
    World,
    key_result_progress,
    key_result_value,
    measurable,
    parts_of,
    scoring_day,
)
from okrsite.okr.snapshot.names import Kind, is_part, name_at

_TICKED = (Measure.MILESTONES, Measure.DONE)  # once reached, they stay reached
_CLOSED_BY_HAND = (Measure.MEASURED, Measure.BOUND, *_TICKED, Measure.KPI)


@dataclass(frozen=True, slots=True)
class Told:
    """The day a key result was last spoken for, and the check-in that did: its own or its KPI's."""

    day: date
    check_in: str


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What is known of a key result from before its end: the latest word that says its measure.

    `progress` is what that amounts to under the terms at the end.
    """

    day: date
    check_in: str
    value: Fraction | None
    progress: Fraction | None


def closing_days(period: Period, cadence: int, due: date | None = None) -> tuple[date, date]:
    """The first and the last day of a closing check-in: a key result's own `due` ends it earlier.

    The first lies within the period, however long the cadence is.
    """
    end = min(period.end, due or period.end)
    return max(period.start, end - timedelta(days=cadence - 1)), last_day(period)


def without_closing(world: World, period: str) -> tuple[str, ...]:
    """The key results of a period that need a closing check-in and have none, by name."""
    goals = (item for item in world.portfolio.objectives.values() if item.period == period)
    refs = sorted(f"{goal.id}/{kr.id}" for goal in goals for kr in goal.key_results)
    needed = (ref for ref in refs if needs_closing(world, ref))
    return tuple(ref for ref in needed if closing_check_in(world, ref) is None)


def to_close(world: World, recorded: Collection[str]) -> tuple[str, ...]:
    """The key results that wait for their closing check-in: in the days for it, and until it is
    too late or the end of their period is `recorded`."""
    found: list[str] = []
    for name, period in world.portfolio.periods.items():
        first, last = closing_days(period, world.settings.cadence)
        late = period.state is PeriodState.CLOSED and world.as_of > last
        if name in recorded or period.state is PeriodState.DRAFT or late or world.as_of < first:
            continue
        found += without_closing(world, name)
    return tuple(found)


def needs_closing(world: World, ref: str) -> bool:
    """Whether somebody has to say how a key result ended.

    Nobody has to where it was dropped or is finished, where it is computed from objectives or
    initiatives, or where it is not counted: weighing nothing, not measurable, or beside the
    objectives that its own objective takes its progress from.
    """
    period = world.period(ref)
    if period is None or not _is_counted(world.portfolio, ref):
        return False
    day = scoring_day(period, world.as_of)
    kr = world.asked(ref, day)
    measure = measure_of(kr)
    if measure not in _CLOSED_BY_HAND or not measurable(kr) or not kr.weight:
        return False
    progress = key_result_progress(world, ref, day)
    finished = measure in _TICKED and progress is not None and progress >= ONE
    return not finished and not _is_dropped(world.ledger.entries_until(ref, day))


def _is_counted(portfolio: Portfolio, ref: str) -> bool:
    objective = portfolio.objectives[ref.partition("/")[0]]
    return ref in parts_of(portfolio, objective)[0]


def _is_dropped(entries: tuple[Entry, ...]) -> bool:
    said = next((entry.said for entry in reversed(entries) if entry.said), None)
    return said == SaidStatus.DROPPED


def closing_check_in(world: World, ref: str) -> Told | None:
    """The latest word on a key result, if it was said in the days for closing."""
    period = world.period(ref)
    if period is None:
        return None
    last = _last_word(world, ref)
    due = world.asked(ref, scoring_day(period, world.as_of)).due
    first, _ = closing_days(period, world.settings.cadence, due)
    return None if last is None or last.day < first else Told(last.day, last.check_in)


def last_known(world: World, ref: str) -> LastKnown | None:
    """What was last known of a key result, for one that was closed without a closing check-in."""
    last = _last_word(world, ref)
    if last is None:
        return None
    value = key_result_value(world, ref, world.as_of)
    return LastKnown(last.day, last.check_in, value, key_result_progress(world, ref, world.as_of))


def _last_word(world: World, ref: str) -> Entry | Reading | None:
    """The newest entry or reading that counts and says the measure, not only a confidence."""
    day = scoring_day(world.period(ref), world.as_of)
    kr = world.asked(ref, day)
    if measure_of(kr) is Measure.KPI:
        return world.ledger.reading_on(kr.source or "", day)
    entries = world.ledger.entries_until(ref, day)
    return next(_telling(kr, reversed(entries)), None)


def _telling(kr: KeyResult, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries that say the measure; of milestones each one does: no more of them are done."""
    every = measure_of(kr) is Measure.MILESTONES
    return (e for e in entries if every or e.value is not None or e.flag is not None)


def recorded_periods(paths: Iterable[str]) -> frozenset[str]:
    """The periods of whose closed record at least a part lies among `paths`.

    One that is not whole was published all the same: it is to be brought back.
    """
    names = (name_at(path) for path in paths if is_part(path))
    return frozenset(name.period for name in names if name and name.kind is Kind.CLOSED)
