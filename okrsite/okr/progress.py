"""How far a goal has come on a day: fractions, None is no data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrsite.okr.ledger import Entry, Ledger, last_day
from okrsite.okr.mean import weighted_mean
from okrsite.okr.model import (
    Bounded,
    KeyResult,
    Measure,
    Objective,
    Period,
    PeriodState,
    ProgressFrom,
    has_bound,
    measure_of,
)
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.settings import Policy, Settings
from okrsite.okr.terms import Goalposts, Terms, terms_of

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Final:
    """A progress that was recorded as final on `day`, and what it was as first promised.

    `settings` are those it was made under. One that is `silent` ended without a closing word, so
    that even the value last known is none.
    """

    day: date
    progress: Fraction | None
    promised: Fraction | None
    settings: Settings | None = None
    silent: bool = False


@dataclass(frozen=True)
class World:
    """What every number is made of. `promised` asks with the goalposts as first committed.

    `frozen` has what was recorded of objectives and key results of closed periods. `memo` only
    remembers results of the functions here; it never changes one.
    """

    portfolio: Portfolio
    ledger: Ledger
    goalposts: Goalposts
    settings: Settings
    as_of: date
    promised: bool = False
    frozen: Mapping[str, Final] = field(default_factory=dict)
    memo: dict[tuple[str, date], Fraction | None] = field(default_factory=dict, compare=False)
    terms: dict[str, Terms] = field(default_factory=dict, compare=False)

    @property
    def policy(self) -> Policy:
        return self.settings.policy

    def terms_of(self, ref: str) -> Terms:
        """The versions of a key result over time."""
        if ref not in self.terms:
            kr = self.portfolio.key_results[ref]
            self.terms[ref] = terms_of(kr, self.goalposts.get(ref, ()))
        return self.terms[ref]

    def asked(self, ref: str, day: date) -> KeyResult:
        """What the key result asked for on `day`, or first of all."""
        terms = self.terms_of(ref)
        return terms.first() if self.promised else terms.on(day)

    def weight(self, objective: str, day: date) -> Fraction:
        """What an objective weighed beside others on `day`, or first of all."""
        for change in self.goalposts.get(objective, ()):
            undone = self.promised or change.amendment.date > day
            if undone and change.field == "weight" and isinstance(change.was, Fraction):
                return change.was
        return self.portfolio.objectives[objective].weight

    def final(self, ref: str, day: date) -> Final | None:
        """What was recorded of an objective or a key result, from its closing day on."""
        kept = self.frozen.get(ref)
        return kept if kept is not None and day >= kept.day else None

    def settings_of(self, ref: str) -> Settings:
        """Under what a goal is computed: for one of a recorded period, what held for that."""
        kept = self.frozen.get(ref)
        return kept.settings if kept and kept.settings else self.settings

    def period(self, ref: str) -> Period | None:
        """The period of an objective or a key result."""
        return self.portfolio.period_of(self.portfolio.objectives[ref.partition("/")[0]])


def as_promised(world: World) -> World:
    """The same world with every goalpost where it stood at first."""
    return World(
        world.portfolio,
        world.ledger,
        world.goalposts,
        world.settings,
        world.as_of,
        promised=True,
        frozen=world.frozen,
    )


def clamped(progress: Fraction, policy: Policy) -> Fraction:
    """What a progress rolls up as: not below 0 and not above the cap; uncapped, as it is."""
    if policy.cap is None:
        return progress
    if progress.numerator <= 0:
        return ZERO
    return policy.cap if progress > policy.cap else progress


def scoring_day(period: Period | None, day: date) -> date:
    """`day`, but never later than a closed period was closed."""
    if period is not None and period.state is PeriodState.CLOSED:
        return min(day, last_day(period))
    return day


def measurable(kr: KeyResult) -> bool:
    """Whether a progress could be had at all: else it is shown and not counted."""
    if kr.unreadable:
        return True  # its author meant to measure it, so until it is mended it counts as 0
    measure = measure_of(kr)
    if measure is Measure.MILESTONES:
        return sum((m.weight for m in kr.milestones), ZERO) > 0
    if measure is Measure.MEASURED:
        return kr.start != kr.target
    return measure is not Measure.UNKNOWN


def linear(value: Fraction, start: Fraction | None, target: Fraction | None) -> Fraction | None:
    """(value − start) ÷ (target − start); None where one is unknown or both are the same."""
    if start is None or target is None or start == target:
        return None
    # As one fraction instead of three: a portal computes it for every day of every chart.
    above = value.numerator * start.denominator - start.numerator * value.denominator
    whole = target.numerator * start.denominator - start.numerator * target.denominator
    return Fraction(above * target.denominator, whole * value.denominator)


def keeps(bound: Bounded, value: Fraction, policy: Policy) -> bool:
    """Whether `value` is within the bound; on it counts where the policy says inclusive."""
    low, high = bound.between or (bound.at_least, bound.at_most)
    if policy.bounds == "strict":
        return (low is None or value > low) and (high is None or value < high)
    return (low is None or value >= low) and (high is None or value <= high)


def planned_check_ins(period: Period, cadence: int) -> int:
    """How many check-ins a period asks for: one for every whole cadence, at least one."""
    return max(1, ((period.end - period.start).days + 1) // cadence)


def key_result_progress(world: World, ref: str, day: date) -> Fraction | None:
    """Progress of a key result by the end of `day`, uncapped; None is no data."""
    day = scoring_day(world.period(ref), day)
    if kept := world.final(ref, day):
        return kept.promised if world.promised else kept.progress
    key = (ref, day)
    if key not in world.memo:
        world.memo[key] = None  # a goal that would wait for itself has no data
        world.memo[key] = _key_result(world, ref, day)
    return world.memo[key]


def _key_result(world: World, ref: str, day: date) -> Fraction | None:
    kr = world.asked(ref, day)
    entries = world.ledger.entries_until(ref, day)
    match measure_of(kr):
        case Measure.MEASURED:
            value = latest_value(entries)
            return None if value is None else linear(value, kr.start, kr.target)
        case Measure.BOUND:
            return _kept(world, ref, kr, entries)
        case Measure.MILESTONES:
            return _milestones(kr, entries)
        case Measure.DONE:
            return next((_flag(entry) for entry in reversed(entries) if _has_flag(entry)), None)
        case Measure.OBJECTIVES:
            return _from_objectives(world, ref, kr, day)
        case Measure.INITIATIVES:
            return initiatives_done(world, ref, day)
        case Measure.KPI:
            return _from_kpi(world, ref, kr, day)
    return None


def latest_value(entries: Iterable[Entry]) -> Fraction | None:
    """The newest value said; None where none was."""
    return next((e.value for e in reversed(tuple(entries)) if e.value is not None), None)


def _has_flag(entry: Entry) -> bool:
    return entry.flag is not None or entry.value is not None


def _flag(entry: Entry) -> Fraction:
    return Fraction(int(entry.flag)) if entry.flag is not None else entry.value or ZERO


def _kept(world: World, ref: str, kr: KeyResult, entries: Iterable[Entry]) -> Fraction | None:
    values = [entry.value for entry in entries if entry.value is not None]
    if not values:
        return None
    policy = world.settings_of(ref).policy
    if policy.keep == "latest":
        return Fraction(int(keeps(kr, values[-1], policy)))
    period = world.period(ref)
    if period is None:
        return None
    kept = sum(1 for value in values if keeps(kr, value, policy))
    return min(ONE, Fraction(kept, planned_check_ins(period, world.settings_of(ref).cadence)))


def done_milestones(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """The first check-in that called each milestone done."""
    found: dict[str, Entry] = {}
    for entry in entries:
        for name in entry.done:
            found.setdefault(name, entry)
    return found


def _milestones(kr: KeyResult, entries: tuple[Entry, ...]) -> Fraction | None:
    total = sum((milestone.weight for milestone in kr.milestones), ZERO)
    if not entries or not total:
        return None
    done = done_milestones(entries)
    return sum((m.weight for m in kr.milestones if m.id in done), ZERO) / total


def summed_values(
    world: World, ref: str, kr: KeyResult, day: date
) -> tuple[tuple[str, Fraction], ...]:
    """The values below a key result that adds up its children's: those of the same unit."""
    found = []
    for child in world.portfolio.children.get(ref, ()):
        for part in world.portfolio.objectives[child].key_results:
            part_ref = f"{child}/{part.id}"
            value = key_result_value(world, part_ref, day) if part.unit == kr.unit else None
            if value is not None:
                found.append((part_ref, value))
    return tuple(found)


def key_result_value(world: World, ref: str, day: date) -> Fraction | None:
    """The value of a key result by the end of `day`, in its unit; None where it has none."""
    day = scoring_day(world.period(ref), day)
    if (kept := world.final(ref, day)) and kept.silent:
        return None
    kr = world.asked(ref, day)
    match measure_of(kr):
        case Measure.MEASURED | Measure.BOUND | Measure.UNKNOWN:
            return latest_value(world.ledger.entries_until(ref, day))
        case Measure.KPI:
            reading = world.ledger.reading_on(kr.source or "", day)
            return reading.value if reading else None
        case Measure.OBJECTIVES if kr.start is not None and kr.target is not None:
            values = summed_values(world, ref, kr, day)
            return sum((value for _, value in values), ZERO) if values else None
    return None


def _from_objectives(world: World, ref: str, kr: KeyResult, day: date) -> Fraction | None:
    if kr.start is not None and kr.target is not None:
        value = key_result_value(world, ref, day)
        return None if value is None else linear(value, kr.start, kr.target)
    children = world.portfolio.children.get(ref, ())
    return weighted_progress(world, children, day, world.settings_of(ref).policy)


def weighted_progress(
    world: World, objectives: Iterable[str], day: date, policy: Policy | None = None
) -> Fraction | None:
    """Mean of objectives by their weights, as they roll up; None where none has data."""
    parts = ((world.weight(name, day), objective_progress(world, name, day)) for name in objectives)
    return _mean(parts, policy or world.policy)


def initiatives_done(world: World, ref: str, day: date) -> Fraction | None:
    """The share of the initiatives contributing to `ref` that are done; None without any."""
    names = world.portfolio.initiatives_for.get(ref, ())
    if not names:
        return None
    return Fraction(sum(1 for name in names if is_done(world, name, day)), len(names))


def state_on(world: World, initiative: str, day: date) -> str:
    """The state last recorded by `day`, else the one its file begins with, else the first."""
    step = world.ledger.step_on(initiative, day)
    declared = world.portfolio.initiatives[initiative].state
    return (step.state if step else declared) or world.settings.workflow[0].name


def is_done(world: World, initiative: str, day: date) -> bool:
    """Whether an initiative had reached the workflow's last state."""
    return state_on(world, initiative, day) == world.settings.workflow[-1].name


def _from_kpi(world: World, ref: str, kr: KeyResult, day: date) -> Fraction | None:
    reading = world.ledger.reading_on(kr.source or "", day)
    if reading is None:
        return None
    if kr.start is not None and kr.target is not None:
        return linear(reading.value, kr.start, kr.target)
    bound: Bounded = kr if has_bound(kr) else world.portfolio.kpis[kr.source or ""]
    return Fraction(int(keeps(bound, reading.value, world.settings_of(ref).policy)))


def _mean(parts: Iterable[tuple[Fraction, Fraction | None]], policy: Policy) -> Fraction | None:
    """Σ weight·progress ÷ Σ weight; no data counts as 0 unless nothing has any."""
    known = tuple(parts)
    if all(progress is None for weight, progress in known if weight):
        return None
    return weighted_mean((w, ZERO if p is None else clamped(p, policy)) for w, p in known)


def counts_from(portfolio: Portfolio, objective: Objective) -> ProgressFrom:
    """What an objective takes its progress from: as it says, else its key results if any."""
    if objective.progress_from is not None:
        return objective.progress_from
    return ProgressFrom.KEY_RESULTS if objective.key_results else ProgressFrom.CHILDREN


def parts_of(portfolio: Portfolio, objective: Objective) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The key results and the child objectives that an objective's progress may count."""
    source = counts_from(portfolio, objective)
    key_results = tuple(f"{objective.id}/{kr.id}" for kr in objective.key_results)
    children = portfolio.children.get(objective.id, ())
    return (
        key_results if source is not ProgressFrom.CHILDREN else (),
        children if source is not ProgressFrom.KEY_RESULTS else (),
    )


def objective_progress(world: World, objective: str, day: date) -> Fraction | None:
    """Progress of an objective by the end of `day`; None where nothing it counts has data."""
    day = scoring_day(world.period(objective), day)
    if kept := world.final(objective, day):
        return kept.promised if world.promised else kept.progress
    key = (objective, day)
    if key not in world.memo:
        world.memo[key] = None
        world.memo[key] = _objective(world, objective, day)
    return world.memo[key]


def _objective(world: World, objective: str, day: date) -> Fraction | None:
    parts = weighed_parts(world, objective, day, key_result_progress, objective_progress)
    return _mean(parts, world.settings_of(objective).policy)


Measured = Callable[[World, str, date], Fraction | None]


def weighed_parts(
    world: World, objective: str, day: date, of_key_result: Measured, of_objective: Measured
) -> list[tuple[Fraction, Fraction | None]]:
    """Weight and number of everything an objective counts, by the two functions given."""
    key_results, children = parts_of(world.portfolio, world.portfolio.objectives[objective])
    parts: list[tuple[Fraction, Fraction | None]] = []
    for ref in key_results:
        kr = world.asked(ref, day)
        if measurable(kr):
            parts.append((kr.weight, of_key_result(world, ref, day)))
    for child in children:
        parts.append((world.weight(child, day), of_objective(world, child, day)))
    return parts
