"""What one more file does to the numbers: two scorings, without it and with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import PurePosixPath

from okrsite.edit.checking_in.check_in import NewCheckIn
from okrsite.okr.finding import Finding, in_order
from okrsite.okr.flow import flow_of
from okrsite.okr.ledger import Entry, Reading, Step
from okrsite.okr.model import Period
from okrsite.okr.pipeline import Parsed, add_up, read_all, weighed
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import World, state_on
from okrsite.okr.rules import coach
from okrsite.okr.scoring import KeyResultScore, ObjectiveScore, Scorecard
from okrsite.okr.settings import Settings
from okrsite.okr.sources import Sources
from okrsite.okr.status import Status


@dataclass(frozen=True, slots=True)
class Ground:
    """Some texts and what they add up to on a day, before a coach has looked at them."""

    parsed: Parsed
    settings: Settings
    day: date
    world: World
    scorecard: Scorecard
    findings: tuple[Finding, ...]

    @property
    def portfolio(self) -> Portfolio:
        return self.world.portfolio


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a goal stands: the numbers that a check-in may move."""

    progress: Fraction | None
    expected: Fraction | None
    status: Status
    projection: Fraction | None
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One goal before and after; `level` counts the steps above the key results spoken of."""

    ref: str
    title: str
    level: int
    before: Standing
    after: Standing
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A KPI's value or an initiative's state before and after, as it is typed."""

    ref: str
    title: str
    before: object
    after: object
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything that a check-in does on the day: to what it names, and above."""

    goals: tuple[Moved, ...]
    others: tuple[Changed, ...]


def ground(sources: Sources, settings: Settings, day: date, known: Parsed | None = None) -> Ground:
    """`sources` read and added up; what `known` has read already is not read again."""
    parsed = read_all(sources, known)
    return Ground(parsed, settings, day, *add_up(parsed, settings, day))


def with_file(before: Ground, path: str, text: str) -> Ground:
    """The same ground with one file more."""
    sources = dict(sorted({**before.parsed.raw, path: text.encode()}.items()))
    return ground(sources, before.settings, before.day, before.parsed)


def remarks(made: Ground, path: str) -> tuple[Finding, ...]:
    """Everything that would be found in one file, a coach's advice included."""
    flows = {
        key: flow_of(item, made.world.ledger, made.settings.workflow, made.day)
        for key, item in made.portfolio.initiatives.items()
    }
    found = (*made.findings, *coach(made.world, made.scorecard, flows))
    return in_order(f for f in weighed(found, made.settings) if f.path == path)


def effect(before: Ground, after: Ground, new: NewCheckIn) -> Effect:
    """What the check-in `new`, which only `after` has, does to the numbers."""
    refs = dict.fromkeys((*new.key_results, *_fed(before, new)))
    goals = (*(_key_result(before, after, ref) for ref in refs), *_above(before, after, refs))
    return Effect(goals, tuple(_others(before, after, new)))


def _fed(made: Ground, new: NewCheckIn) -> Iterator[str]:
    """The key results of open periods that read a KPI or follow an initiative spoken of."""
    portfolio = made.portfolio
    served = {r for name in new.initiatives for r in portfolio.initiatives[name].contributes_to}
    for ref, kr in portfolio.key_results.items():
        follows = kr.source in new.kpis or (kr.source == "initiatives" and ref in served)
        if follows and _is_open(made.world.period(ref), made.day):
            yield ref


def _is_open(period: Period | None, day: date) -> bool:
    return period is not None and period.start <= day <= max(period.end, period.closed_on or day)


def _key_result(before: Ground, after: Ground, ref: str) -> Moved:
    one, other = before.scorecard.key_results[ref], after.scorecard.key_results[ref]
    return Moved(ref, other.asked.title, 0, _standing(one), _standing(other), other.asked.unit)


def _above(before: Ground, after: Ground, refs: Iterable[str]) -> Iterator[Moved]:
    """The objectives of `refs`, then all they add up to, each once and the nearest first."""
    portfolio = after.portfolio
    level, names = 1, list(dict.fromkeys(ref.partition("/")[0] for ref in refs))
    seen = set(names)
    while names:
        for name in names:
            one, other = before.scorecard.objectives[name], after.scorecard.objectives[name]
            title = portfolio.objectives[name].title
            yield Moved(name, title, level, _standing(one), _standing(other))
        parents = [ref for name in names if (ref := portfolio.objectives[name].parent)]
        for ref in dict.fromkeys(parent for parent in parents if parent in portfolio.key_results):
            yield replace(_key_result(before, after, ref), level=level)
        up = dict.fromkeys(parent.partition("/")[0] for parent in parents)
        names = [name for name in up if name not in seen]
        seen.update(names)
        level += 1


def _standing(score: KeyResultScore | ObjectiveScore) -> Standing:
    value = score.value if isinstance(score, KeyResultScore) else None
    return Standing(score.progress, score.expected, score.status, score.projection, value)


def overruled(after: Ground, path: str, new: NewCheckIn) -> Iterator[tuple[str, str]]:
    """What `new` names and another check-in, of that day or later, has the last word on."""
    own = PurePosixPath(path).stem
    ledger = after.world.ledger
    series: tuple[tuple[Iterable[str], Mapping[str, Sequence[Entry | Reading | Step]]], ...] = (
        (new.key_results, ledger.entries),
        (new.kpis, ledger.readings),
        (new.initiatives, ledger.steps),
    )
    for refs, said in series:
        for ref in refs:
            last = said.get(ref, ())[-1:]
            if last and last[0].check_in != own:
                yield ref, last[0].check_in


def _others(before: Ground, after: Ground, new: NewCheckIn) -> Iterator[Changed]:
    portfolio = after.portfolio
    for name in new.kpis:
        kpi = portfolio.kpis[name]
        values = (_reading(before, name), _reading(after, name))
        yield Changed(name, kpi.title, *values, kpi.unit)
    for name in new.initiatives:
        states = (_state(before, name), _state(after, name))
        yield Changed(name, portfolio.initiatives[name].title, *states)


def _reading(made: Ground, kpi: str) -> Fraction | None:
    reading = made.world.ledger.reading_on(kpi, made.day)
    return reading.value if reading else None


def _state(made: Ground, name: str) -> str:
    step = made.world.ledger.step_on(name, made.day)
    blocked = f", blocked: {step.blocked}" if step and step.blocked else ""
    return state_on(made.world, name, made.day) + blocked
