"""Which numbers a change of the texts moves: of the goal itself, and of everything above it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from okrsite.edit.writing import Edit, after
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.pipeline import Book, book_of, read_all
from okrsite.okr.rules import RULES
from okrsite.okr.scoring import KeyResultScore, ObjectiveScore
from okrsite.okr.status import Status


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is published of one goal; a key result has no score."""

    progress: Fraction | None
    expected: Fraction | None
    status: Status | None
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Shift:
    """One goal, or the goals of a team together, before and after."""

    ref: str
    title: str
    before: Numbers
    after: Numbers


_ADVICE = frozenset(rule.code for rule in RULES)
NOTHING = Numbers(None, None, None, None)


def shifts(before: Book, made: Book, subject: str = "") -> tuple[Shift, ...]:
    """All that moved, the nearest first; `subject` and its objective stand there in any case."""
    found = {shift.ref: shift for shift in _all(before, made)}
    always = [ref for ref in (subject, subject.partition("/")[0]) if ref in found]
    moved = [ref for ref, shift in found.items() if shift.before != shift.after]
    order = [*always, *_up(made, subject), *moved]
    return tuple(found[ref] for ref in dict.fromkeys(order) if ref in {*always, *moved})


def with_edit(before: Book, edit: Edit) -> Book:
    """The book as it is once `edit` is done; what stays is not read again."""
    sources = after(before.parsed.raw, edit)
    return book_of(read_all(sources, before.parsed), before.settings, before.as_of)


def new_findings(before: Book, made: Book) -> tuple[Finding, ...]:
    """Findings that only the changed texts have."""
    known = {(item.path, item.code, item.message) for item in before.findings}
    return tuple(f for f in made.findings if (f.path, f.code, f.message) not in known)


def is_unreadable(finding: Finding) -> bool:
    """Whether it says that something cannot be read or does not fit, and is not a coach's view."""
    return finding.severity is Severity.ERROR and finding.code not in _ADVICE


def _all(before: Book, made: Book) -> Iterator[Shift]:
    portfolio, old, new = made.portfolio, before.scorecard, made.scorecard
    for ref, result in new.key_results.items():
        yield Shift(ref, result.asked.title, _numbers(old.key_results.get(ref)), _numbers(result))
    for ref, goal in new.objectives.items():
        title = portfolio.objectives[ref].title
        yield Shift(ref, title, _numbers(old.objectives.get(ref)), _numbers(goal))
    for (team, period), goal in new.teams.items():
        title = f"{portfolio.teams[team].title}, {portfolio.periods[period].title}"
        numbers = _numbers(old.teams.get((team, period)))
        yield Shift(f"teams/{team} in {period}", title, numbers, _numbers(goal))


def _numbers(score: KeyResultScore | ObjectiveScore | None) -> Numbers:
    if score is None:
        return NOTHING
    said = score.score if isinstance(score, ObjectiveScore) else None
    return Numbers(score.progress, score.expected, score.status, said)


def _up(book: Book, subject: str) -> Iterator[str]:
    """The goals that a goal hangs below, one after the other."""
    portfolio = book.portfolio
    goal = portfolio.objectives.get(subject.partition("/")[0])
    while goal is not None and goal.parent is not None:
        name, stroke, _ = goal.parent.partition("/")
        yield from (goal.parent, name) if stroke else (name,)
        goal = portfolio.objectives.get(name)
