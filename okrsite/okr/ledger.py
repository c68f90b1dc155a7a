"""Check-ins → a dated series for every key result, KPI and initiative."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.model import (
    CheckIn,
    KeyResult,
    Measure,
    Move,
    Period,
    PeriodState,
    Update,
    measure_of,
)
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.similar import did_you_mean
from okrsite.okr.values import in_turn, plain

_DAY = attrgetter("day")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one check-in said of one key result on `day`; `late`: after the period's end.

    `score` is how its owner judges the result, 0 to 1.
    """

    day: date
    check_in: str
    value: Fraction | None
    flag: bool | None
    done: tuple[str, ...]
    confidence: Fraction | None
    said: str | None
    late: bool = False
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A KPI's value on a day."""

    day: date
    check_in: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Step:
    """An initiative's state from `day` on; `blocked` is the reason, None when it can go on."""

    day: date
    check_in: str
    state: str
    blocked: str | None


@dataclass(frozen=True)
class Ledger:
    """All that is known on `as_of`, oldest first, corrections applied.

    `told_of` has the check-ins that speak of a key result, of `kpis/…` or of `initiatives/…`.
    """

    as_of: date
    entries: Mapping[str, tuple[Entry, ...]]
    readings: Mapping[str, tuple[Reading, ...]]
    steps: Mapping[str, tuple[Step, ...]]
    check_ins: tuple[CheckIn, ...]
    told_of: Mapping[str, tuple[CheckIn, ...]]

    @cached_property
    def late(self) -> frozenset[str]:
        """The check-ins that spoke of some key result after its period's end."""
        said = chain.from_iterable(self.entries.values())
        return frozenset(entry.check_in for entry in said if entry.late)

    def entries_until(self, ref: str, day: date) -> tuple[Entry, ...]:
        """What had been said of a key result by the end of `day`."""
        series = self.entries.get(ref, ())
        return series[: bisect_right(series, day, key=_DAY)]

    def reading_on(self, kpi: str, day: date) -> Reading | None:
        """A KPI's latest value on `day`."""
        series = self.readings.get(kpi, ())
        index = bisect_right(series, day, key=lambda reading: reading.day)
        return series[index - 1] if index else None

    def step_on(self, initiative: str, day: date) -> Step | None:
        """An initiative's latest recorded state on `day`."""
        series = self.steps.get(initiative, ())
        index = bisect_right(series, day, key=lambda step: step.day)
        return series[index - 1] if index else None


W = TypeVar("W", Update, Fraction, Move)
Said = tuple[CheckIn, str, W]  # one thing said of one subject
Dated = tuple[date, CheckIn, str, W]


def read_ledger(portfolio: Portfolio, as_of: date) -> tuple[Ledger, tuple[Finding, ...]]:
    """The series known on `as_of`; values that do not fit their measure are findings."""
    known = sorted(
        (item for item in portfolio.check_ins.values() if item.date <= as_of),
        key=lambda item: (item.date, in_turn(item.id)),
    )
    family = _families(known)
    updates, findings = _updates(portfolio, known)
    kpis = [(item, ref, value) for item in known for ref, value in item.kpis.items()]
    moves = [(item, ref, move) for item in known for ref, move in item.initiatives.items()]
    entries: dict[str, list[Entry]] = defaultdict(list)
    for day, item, ref, update in _newest(updates, family):
        entries[ref].append(_entry(portfolio, item, ref, update, day))
    readings: dict[str, list[Reading]] = defaultdict(list)
    for day, item, ref, value in _newest(kpis, family):
        readings[ref].append(Reading(day, item.id, value))
    steps = _steps(portfolio, _newest(moves, family))
    series = (_fixed(entries), _fixed(readings), _fixed(steps))
    return Ledger(as_of, *series, tuple(known), _told_of(known)), findings


def _told_of(known: Iterable[CheckIn]) -> dict[str, tuple[CheckIn, ...]]:
    found: dict[str, list[CheckIn]] = defaultdict(list)
    for item in known:
        kpis = (f"kpis/{ref}" for ref in item.kpis)
        for ref in (*item.key_results, *kpis, *(f"initiatives/{ref}" for ref in item.initiatives)):
            found[ref].append(item)
    return {ref: tuple(items) for ref, items in found.items()}


S = TypeVar("S", Entry, Reading, Step)


def _fixed(series: Mapping[str, list[S]]) -> dict[str, tuple[S, ...]]:
    return {ref: tuple(items) for ref, items in series.items()}


def _families(known: Iterable[CheckIn]) -> Mapping[str, tuple[CheckIn, int]]:
    """For each check-in the one that it corrects in the end, and over how many steps."""
    items = {item.id: item for item in known}
    found = {}
    for item in items.values():
        first, steps = item, 0
        while first.corrects in items:
            first, steps = items[first.corrects], steps + 1
        found[item.id] = (first, steps)
    return found


def _newest(said: Iterable[Said[W]], family: Mapping[str, tuple[CheckIn, int]]) -> list[Dated[W]]:
    """What counts of all that was said, by day: of a check-in and its corrections the newest.

    A correction speaks for the day of what it corrects, and only of the subjects it names.
    """
    newest: dict[tuple[str, str], Said[W]] = {}
    for item, ref, words in sorted(said, key=lambda one: _after(one[0], family)):
        newest[family[item.id][0].id, ref] = (item, ref, words)
    dated = [(family[item.id][0], item, ref, words) for item, ref, words in newest.values()]
    ordered = sorted(dated, key=lambda one: (one[0].date, in_turn(one[0].id)))
    return [(first.date, item, ref, words) for first, item, ref, words in ordered]


def _after(item: CheckIn, family: Mapping[str, tuple[CheckIn, int]]) -> tuple[date, int, str]:
    first, steps = family[item.id]
    return (max(item.date, first.date), steps, in_turn(item.id))


def _steps(portfolio: Portfolio, moves: Iterable[Dated[Move]]) -> dict[str, list[Step]]:
    """States as they followed each other; who names none stays where it was."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for day, item, ref, move in moves:
        before = steps[ref][-1].state if steps[ref] else portfolio.initiatives[ref].state or ""
        steps[ref].append(Step(day, item.id, move.state or before, move.blocked))
    return steps


def _entry(portfolio: Portfolio, item: CheckIn, ref: str, update: Update, day: date) -> Entry:
    period = _period(portfolio, ref)
    return Entry(
        day=day,
        check_in=item.id,
        value=update.value,
        flag=update.flag,
        done=update.done,
        confidence=update.confidence,
        said=update.status,
        late=period is not None and day > period.end,
        score=update.score,
    )


def _period(portfolio: Portfolio, ref: str) -> Period | None:
    return portfolio.period_of(portfolio.objectives[ref.partition("/")[0]])


def last_day(period: Period) -> date:
    """The last day on which a check-in counts for a closed period."""
    return max(period.end, period.closed_on or period.end)


_ONLY_SAID = "nothing but a confidence, status or score"
_EXPECTS = {
    Measure.MEASURED: "a number",
    Measure.BOUND: "a number",
    Measure.MILESTONES: "`{done: [milestone]}`",
    Measure.DONE: "`true` or `false`",
    Measure.OBJECTIVES: f"{_ONLY_SAID}, since it is computed from objectives",
    Measure.INITIATIVES: f"{_ONLY_SAID}, since it follows its initiatives",
    Measure.KPI: f"{_ONLY_SAID}, since it reads a KPI",
}


_TAKES: Mapping[Measure, frozenset[str]] = {
    Measure.MEASURED: frozenset({"value"}),
    Measure.BOUND: frozenset({"value"}),
    Measure.MILESTONES: frozenset({"done"}),
    Measure.DONE: frozenset({"flag", "value"}),
    Measure.UNKNOWN: frozenset({"value", "flag", "done"}),
}
_SAID = ("value", "flag", "done")
MOST_COMPARED = 50  # nobody means one of more milestones than that


def _updates(
    portfolio: Portfolio, known: Iterable[CheckIn]
) -> tuple[list[Said[Update]], tuple[Finding, ...]]:
    """What was said of key results as far as it fits them, and what does not fit."""
    said: list[Said[Update]] = []
    findings: list[Finding] = []
    for item in known:
        for ref, update in item.key_results.items():
            if closed := _too_late(portfolio, item, ref):
                findings.append(closed)
                continue
            fitting, faults = _fitting(portfolio, item, ref, update)
            findings += faults
            if not faults or fitting != Update():
                said.append((item, ref, fitting))
    return said, tuple(findings)


def _too_late(portfolio: Portfolio, item: CheckIn, ref: str) -> Finding | None:
    period = _period(portfolio, ref)
    if not period or period.state is not PeriodState.CLOSED or item.date <= last_day(period):
        return None
    message = f"{period.title} was closed on {last_day(period)}; this no longer counts"
    hint = "Check in on the goal that goes on."
    return _fault(portfolio, item, "OKR107", message, hint, ref)


def _fitting(
    portfolio: Portfolio, item: CheckIn, ref: str, update: Update
) -> tuple[Update, list[Finding]]:
    """`update` without what its key result does not take, and a finding for each such thing."""
    kr = portfolio.key_results[ref]
    measure = measure_of(kr)
    takes = _TAKES.get(measure, frozenset())
    alien = {
        name for name in _SAID if name not in takes and getattr(update, name) not in (None, ())
    }
    if measure is Measure.DONE and update.value not in (None, 0, 1):
        alien.add("value")
    faults = []
    if alien:
        message = f"`{ref}` takes {_EXPECTS.get(measure, 'a number')}"
        hint = _misplaced(kr, update) if measure is Measure.KPI else ""
        faults.append(_fault(portfolio, item, "OKR105", message, hint, ref))
    known = [milestone.id for milestone in kr.milestones]
    done = tuple(name for name in update.done if name in known or not known)
    for index, name in enumerate(update.done):
        if name not in done:
            message = f"`{ref}` has no milestone `{name}`"
            hint = did_you_mean(name, known) if len(known) <= MOST_COMPARED else ""
            faults.append(_fault(portfolio, item, "OKR101", message, hint, ref, "done", index))
    if not faults:
        return update, []
    kept = {name: () if name == "done" else None for name in alien}
    return update.model_copy(update={"done": done, **kept}), faults


def _misplaced(kr: KeyResult, update: Update) -> str:
    """Where a value belongs that was checked in for a key result fed from a KPI."""
    if update.value is None:
        return f"Write its value under `kpis:`, for `{kr.source}`."
    return f"Write it under `kpis:` as `{kr.source}: {plain(update.value)}`."


def _fault(
    portfolio: Portfolio,
    item: CheckIn,
    code: str,
    message: str,
    hint: str,
    ref: str,
    *loc: str | int,
) -> Finding:
    line, column = portfolio.documents[item.path].place("key_results", ref, *loc)
    return Finding(item.path, line, column, code, Severity.ERROR, message, hint, ref)
