"""Check-ins → a dated series for every key result, KPI and initiative."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.model import CheckIn, KeyResult, Measure, Period, PeriodState, Update, measure_of
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.similar import did_you_mean


@dataclass(frozen=True, slots=True)
class Entry:
    """What one check-in said of one key result on `day`; `late`: after the period's end."""

    day: date
    check_in: str
    value: Fraction | None
    flag: bool | None
    done: tuple[str, ...]
    confidence: Fraction | None
    said: str | None
    late: bool = False


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


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that is known on `as_of`, oldest first, corrections applied."""

    as_of: date
    entries: Mapping[str, tuple[Entry, ...]]
    readings: Mapping[str, tuple[Reading, ...]]
    steps: Mapping[str, tuple[Step, ...]]
    check_ins: tuple[CheckIn, ...]

    def entries_until(self, ref: str, day: date) -> tuple[Entry, ...]:
        """What had been said of a key result by the end of `day`."""
        series = self.entries.get(ref, ())
        return series[: bisect_right(series, day, key=lambda entry: entry.day)]

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


S = TypeVar("S", Entry, Reading, Step)


def read_ledger(portfolio: Portfolio, as_of: date) -> tuple[Ledger, tuple[Finding, ...]]:
    """The series known on `as_of`; values that do not fit their measure are findings."""
    known = sorted(
        (item for item in portfolio.check_ins.values() if item.date <= as_of),
        key=lambda item: (item.date, item.id),
    )
    corrected = _corrections(known)
    entries: dict[str, list[Entry]] = defaultdict(list)
    readings: dict[str, list[Reading]] = defaultdict(list)
    steps: dict[str, list[Step]] = defaultdict(list)
    findings: list[Finding] = []
    for item in known:
        day = corrected.day_of(item)
        for ref, update in item.key_results.items():
            faults = tuple(_misfits(portfolio, item, ref, update))
            findings += faults
            if not faults and not corrected.replaced(item, ref):
                entries[ref].append(_entry(portfolio, item, ref, update, day))
        for ref, value in item.kpis.items():
            if not corrected.replaced(item, ref):
                readings[ref].append(Reading(day, item.id, value))
        for ref, move in item.initiatives.items():
            if not corrected.replaced(item, ref):
                state = move.state or (steps[ref][-1].state if steps[ref] else "")
                first = portfolio.initiatives[ref].state or ""
                steps[ref].append(Step(day, item.id, state or first, move.blocked))
    ledger = Ledger(as_of, _sorted(entries), _sorted(readings), _sorted(steps), tuple(known))
    return ledger, tuple(findings)


def _sorted(series: Mapping[str, list[S]]) -> dict[str, tuple[S, ...]]:
    return {ref: tuple(sorted(items, key=lambda item: item.day)) for ref, items in series.items()}


@dataclass(frozen=True, slots=True)
class _Corrections:
    """Which check-in's word on which subject another one took back, and for which day."""

    days: Mapping[str, date]
    gone: frozenset[tuple[str, str]]

    def day_of(self, item: CheckIn) -> date:
        return self.days.get(item.id, item.date)

    def replaced(self, item: CheckIn, ref: str) -> bool:
        return (item.id, ref) in self.gone


def _corrections(known: Iterable[CheckIn]) -> _Corrections:
    items = {item.id: item for item in known}
    days: dict[str, date] = {}
    gone: set[tuple[str, str]] = set()
    for item in items.values():
        wrong = items.get(item.corrects or "")
        if wrong is None:
            continue
        days[item.id] = days.get(wrong.id, wrong.date)
        gone |= {(wrong.id, ref) for ref in (*item.key_results, *item.kpis, *item.initiatives)}
    return _Corrections(days, frozenset(gone))


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
    )


def _period(portfolio: Portfolio, ref: str) -> Period | None:
    return portfolio.period_of(portfolio.objectives[ref.partition("/")[0]])


def last_day(period: Period) -> date:
    """The last day on which a check-in counts for a closed period."""
    return max(period.end, period.closed_on or period.end)


_EXPECTS = {
    Measure.MEASURED: "a number",
    Measure.BOUND: "a number",
    Measure.MILESTONES: "`{done: [milestone]}`",
    Measure.DONE: "`true` or `false`",
    Measure.OBJECTIVES: "nothing but a confidence or status, since it is computed from objectives",
    Measure.INITIATIVES: "nothing but a confidence or status, since it follows its initiatives",
    Measure.KPI: "nothing but a confidence or status, since it reads a KPI",
}


def _misfits(portfolio: Portfolio, item: CheckIn, ref: str, update: Update) -> Iterator[Finding]:
    kr = portfolio.key_results[ref]
    measure = measure_of(kr)
    if not _fits(measure, update):
        message = f"`{ref}` takes {_EXPECTS.get(measure, 'a number')}"
        yield _fault(portfolio, item, "OKR105", message, "", ref)
    yield from _unknown_milestones(portfolio, item, ref, kr, update)
    period = _period(portfolio, ref)
    if period and period.state is PeriodState.CLOSED and item.date > last_day(period):
        message = f"{period.title} was closed on {last_day(period)}; this no longer counts"
        yield _fault(portfolio, item, "OKR107", message, "Check in on the goal that goes on.", ref)


def _fits(measure: Measure, update: Update) -> bool:
    has_value, has_flag, has_done = (
        update.value is not None,
        update.flag is not None,
        bool(update.done),
    )
    match measure:
        case Measure.MEASURED | Measure.BOUND:
            return not has_flag and not has_done
        case Measure.MILESTONES:
            return not has_value and not has_flag
        case Measure.DONE:
            return not has_done and (not has_value or update.value in (0, 1))
        case Measure.UNKNOWN:
            return True
    return not (has_value or has_flag or has_done)


def _unknown_milestones(
    portfolio: Portfolio, item: CheckIn, ref: str, kr: KeyResult, update: Update
) -> Iterator[Finding]:
    known = [milestone.id for milestone in kr.milestones]
    for name in update.done:
        if known and name not in known:
            message = f"`{ref}` has no milestone `{name}`"
            yield _fault(portfolio, item, "OKR101", message, did_you_mean(name, known), ref)


def _fault(
    portfolio: Portfolio, item: CheckIn, code: str, message: str, hint: str, ref: str
) -> Finding:
    line, column = portfolio.documents[item.path].place("key_results", ref)
    return Finding(item.path, line, column, code, Severity.ERROR, message, hint, ref)
