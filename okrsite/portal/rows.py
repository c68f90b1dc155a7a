"""Objectives and initiatives as rows of a list."""

from dataclasses import dataclass
from datetime import date

from okrsite.okr.flow import Flow
from okrsite.okr.model import Initiative
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import objective_progress
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.scoring import is_closed
from okrsite.portal.links import Link
from okrsite.portal.now import is_listed
from okrsite.portal.parts import (
    Bar,
    Delta,
    Desk,
    StatusMark,
    delta_points,
    progress_bar,
    status_mark,
    task_bar,
    week_before,
    who,
)
from okrsite.portal.words import (
    count,
    day,
    fixed,
    gap,
    percent,
    span,
)


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """An objective as a row of a list."""

    ref: str
    title: Link
    who: tuple[Link, ...]
    about: str
    bar: Bar
    progress: str
    gap: str
    delta: Delta | None
    status: StatusMark
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """An initiative as a row: its state and tasks, apart from any outcome."""

    ref: str
    title: Link
    who: tuple[Link, ...]
    goals: tuple[Link, ...]
    state: str
    state_note: str
    blocked: bool
    in_state: str
    bar: Bar
    tasks: str
    due: str
    due_note: str


def objective_row(desk: Desk, name: str, *, about: str = "", team: bool = True) -> ObjectiveRow:
    """One objective for a list; `about` is added to whose it is."""
    book = desk.book
    item, score = book.portfolio.objectives[name], book.scorecard.objectives[name]
    period = book.portfolio.period_of(item)
    closed = is_closed(period, book.as_of)
    before = None if closed else objective_progress(book.world, name, week_before(book))
    return ObjectiveRow(
        ref=name,
        title=desk.links.objective(name),
        who=who(desk.links.team(item.team) if team else None, desk.links.person(item.owner)),
        about=about,
        bar=objective_bar(book, name),
        progress=progress_words(score, closed),
        gap=gap_words(score, closed),
        delta=None if closed else delta_points(score.progress, before),
        status=status_mark(score.status),
        suspect=is_suspect(book, name),
    )


def is_suspect(book: Book, name: str) -> bool:
    """Whether the parent moved after this was written; the rule for it decides."""
    path = book.portfolio.objectives[name].path
    return any(finding.code == "OKR501" for finding in book.findings_in.get(path, ()))


def objective_bar(book: Book, name: str) -> Bar:
    """The bar of an objective."""
    score = book.scorecard.objectives[name]
    title = book.portfolio.objectives[name].title
    return progress_bar(title, score.status, score.progress, score.expected, score.projection)


def progress_words(score: ObjectiveScore, closed: bool) -> str:
    """The number of an objective: its progress, or its score once closed."""
    if score.progress is None or score.score is None:
        return "none"
    return fixed(score.score, 1) if closed else percent(score.progress)


def gap_words(score: ObjectiveScore, closed: bool) -> str:
    """What stands under the number."""
    if score.progress is None:
        return "counted as 0 %"
    if closed:
        return f"{percent(score.progress)} of the way"
    return "" if score.expected is None else gap(score.progress, score.expected)


def initiative_row(desk: Desk, name: str) -> InitiativeRow:
    """One initiative for a list."""
    book = desk.book
    item, flow = book.portfolio.initiatives[name], book.flows[name]
    done, total = flow.tasks_done, len(flow.tasks)
    return InitiativeRow(
        ref=name,
        title=desk.links.initiative(name),
        who=who(desk.links.team(item.team), desk.links.person(item.owner)),
        goals=_served(desk, item),
        state="Blocked" if flow.blocked else flow.state.capitalize(),
        state_note=_state_note(flow, book.as_of),
        blocked=bool(flow.blocked),
        in_state=_age(flow, book.as_of),
        bar=task_bar(item.title, done, total),
        tasks=f"{done} of {total}" if total else "no tasks",
        due=day(item.due) if item.due else "",
        due_note=_due_note(item.due, flow, book.as_of),
    )


def _served(desk: Desk, item: Initiative) -> tuple[Link, ...]:
    """What it works for and may be named; of finished work in a review, the goal that is there."""
    book, finished = desk.book, desk.book.parsed.closed.finished.get(item.id)
    own = tuple(desk.links.named_goal(ref) for ref in item.contributes_to if is_listed(book, ref))
    goal = finished[0].partition("/")[0] if finished else ""
    named = goal in book.archived and is_listed(book, goal)
    return own or ((desk.links.objective(goal),) if named else ())


def _age(flow: Flow, today: date) -> str:
    age = flow.age(today)
    return "" if age is None or flow.done_on else count(age, "day")


def _state_note(flow: Flow, today: date) -> str:
    if flow.blocked and flow.blocked_since:
        return f"{count((today - flow.blocked_since).days + 1, 'day')}, {flow.blocked}"
    if flow.done_on:
        return day(flow.done_on)
    return _age(flow, today)


def _due_note(due: date | None, flow: Flow, today: date) -> str:
    if due is None or flow.done_on:
        return ""
    left = (due - today).days
    if left < 0:
        return f"{span(-left)} late"
    return f"{count(left, 'day')} left" if left < 2 else ""
