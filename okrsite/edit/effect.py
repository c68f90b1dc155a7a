"""What a change of the texts does to the numbers: two Books, without it and with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrsite.edit.writing import Edit, after
from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book, book_of, read_all
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import state_on
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.status import Status

BESIDE = -1
TEAM = "teams/"  # before the name of a team, whose goals together are a mean


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a goal stands: all that is published of it; a key result has no score."""

    progress: Fraction | None
    expected: Fraction | None
    status: Status
    projection: Fraction | None
    score: Fraction | None = None
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One goal, or the goals of a team together, before and after; None where it was not there.

    `level` counts the steps above what the change is about; BESIDE is neither that nor above it.
    """

    ref: str
    title: str
    level: int
    before: Standing | None
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
class About:
    """What a change is about; `goals` are objectives and key results."""

    goals: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    initiatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything that a change does on the day: to what it is about, above it, and beside."""

    goals: tuple[Moved, ...]
    others: tuple[Changed, ...]


def with_edit(before: Book, edit: Edit) -> Book:
    """The book as it is once `edit` is done; what stays is not read again."""
    sources = after(before.parsed.raw, edit)
    return book_of(read_all(sources, before.parsed), before.settings, before.as_of)


def new_findings(before: Book, made: Book) -> tuple[Finding, ...]:
    """Findings that only the changed texts have."""
    known = {(item.path, item.code, item.message) for item in before.findings}
    return tuple(f for f in made.findings if (f.path, f.code, f.message) not in known)


def new_errors(before: Book, made: Book, edit: Edit) -> tuple[Finding, ...]:
    """What `edit` would make wrong: the new errors in its own files, and in any other.

    What only this site calls an error speaks of other files through no fault of theirs: a target
    is moved, and the goals below are asked to look. That is told, and does not stand in the way.
    """
    own = {*edit.created, *edit.changed}
    return tuple(
        found
        for found in new_findings(before, made)
        if found.severity is Severity.ERROR
        and (found.path in own or CODES[found.code].severity is Severity.ERROR)
    )


def effect(before: Book, made: Book, about: About) -> Effect:
    """What a change does to what it is `about`, to all that adds up from it, and to the rest."""
    old, new = dict(_standings(before)), dict(_standings(made))
    levels = {ref: 0 for ref in (*about.goals, *_fed(made, about)) if ref in new}
    for ref, level in _above(made.portfolio, tuple(levels)):
        levels.setdefault(ref, level)
    for ref, standing in new.items():
        if standing != old.get(ref):
            levels.setdefault(ref, BESIDE)
    goals = (
        Moved(ref, _title(made, ref), level, old.get(ref), new[ref], _unit(made, ref))
        for ref, level in levels.items()
    )
    return Effect(tuple(goals), tuple(_others(before, made, about)))


def _standings(book: Book) -> Iterator[tuple[str, Standing]]:
    """Every goal's numbers, those of a team in a period under `teams/team in period`."""
    card = book.scorecard
    yield from ((ref, _standing(score)) for ref, score in card.key_results.items())
    yield from ((ref, _standing(score)) for ref, score in card.objectives.items())
    for (team, period), score in card.teams.items():
        yield f"{TEAM}{team} in {period}", _standing(score)


def _standing(score: KeyResultScore | ObjectiveScore) -> Standing:
    numbers = (score.progress, score.expected, score.status, score.projection)
    if isinstance(score, KeyResultScore):
        return Standing(*numbers, value=score.value)
    return Standing(*numbers, score=score.score)


def _title(book: Book, ref: str) -> str:
    portfolio = book.portfolio
    if ref in book.scorecard.key_results:
        return book.scorecard.key_results[ref].asked.title
    if ref in portfolio.objectives:
        return portfolio.objectives[ref].title
    team, _, period = ref.removeprefix(TEAM).partition(" in ")
    return f"{portfolio.teams[team].title}, {portfolio.periods[period].title}"


def _unit(book: Book, ref: str) -> str | None:
    result = book.scorecard.key_results.get(ref)
    return result.asked.unit if result else None


def _fed(book: Book, about: About) -> Iterator[str]:
    """The key results of open periods that read a KPI or follow an initiative spoken of."""
    portfolio = book.portfolio
    served = {r for name in about.initiatives for r in portfolio.initiatives[name].contributes_to}
    for ref, kr in portfolio.key_results.items():
        follows = kr.source in about.kpis or (kr.source == "initiatives" and ref in served)
        if follows and _is_open(book.world.period(ref), book.as_of):
            yield ref


def _is_open(period: Period | None, day: date) -> bool:
    return period is not None and period.start <= day <= max(period.end, period.closed_on or day)


def _above(portfolio: Portfolio, refs: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The objectives of `refs`, then all they add up to, each once and the nearest first."""
    level, names = 1, list(dict.fromkeys(ref.partition("/")[0] for ref in refs))
    seen = set(names)
    while names:
        yield from ((name, level) for name in names)
        parents = [ref for name in names if (ref := portfolio.objectives[name].parent)]
        yield from ((parent, level) for parent in parents if parent in portfolio.key_results)
        up = dict.fromkeys(parent.partition("/")[0] for parent in parents)
        names = [name for name in up if name not in seen]
        seen.update(names)
        level += 1


def _others(before: Book, made: Book, about: About) -> Iterator[Changed]:
    portfolio = made.portfolio
    for name in about.kpis:
        kpi = portfolio.kpis[name]
        yield Changed(name, kpi.title, _reading(before, name), _reading(made, name), kpi.unit)
    for name in about.initiatives:
        states = (_state(before, name), _state(made, name))
        yield Changed(name, portfolio.initiatives[name].title, *states)


def _reading(book: Book, kpi: str) -> Fraction | None:
    reading = book.ledger.reading_on(kpi, book.as_of)
    return reading.value if reading else None


def _state(book: Book, name: str) -> str:
    step = book.ledger.step_on(name, book.as_of)
    blocked = f", blocked: {step.blocked}" if step and step.blocked else ""
    return state_on(book.world, name, book.as_of) + blocked
