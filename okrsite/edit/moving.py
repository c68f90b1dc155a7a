"""Initiatives moved to a state of the workflow: a check-in, for that is where days come from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from okrsite.edit.checking_in.check_in import (
    INITIATIVES,
    NewCheckIn,
    NewMove,
    Subject,
    check_in_path,
    check_in_text,
)
from okrsite.edit.checking_in.last_word import LastWord, correction
from okrsite.edit.checking_in.readings import read_state
from okrsite.edit.files import EditError
from okrsite.edit.writing import Edit
from okrsite.okr.flow import Flow, flow_of
from okrsite.okr.model import PeriodState
from okrsite.okr.naming import of_that_name
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import World, state_on
from okrsite.okr.similar import did_you_mean


@dataclass(frozen=True, slots=True)
class Step:
    """Who went from where to where, and what a reader of the board wants to know of it."""

    name: str
    was: str
    now: str
    notes: tuple[str, ...] = ()


def find_moves(book: Book, words: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The initiatives and the state that `INITIATIVE… STATE` means.

    Raises:
        EditError: one of them is not known.
    """
    *typed, state = words
    names = tuple(dict.fromkeys(name.removeprefix("initiatives/") for name in typed))
    if not names:
        raise EditError("name the initiative and the state: okrsite move INITIATIVE STATE")
    known = book.portfolio.initiatives
    for name in names:
        if name not in known:
            results = of_that_name(book.portfolio, name.rpartition("/")[2], book.as_of)
            if results and name in (*results, results[0].rpartition("/")[2]):
                say = f"okrsite checkin {results[0]} VALUE"
                raise EditError(f"`{name}` is a key result, and only work has a state: {say}")
            hint = did_you_mean(name, known)
            raise EditError(f"there is no initiative `{name}`. {hint}".strip())
    if state.strip().lower() == "blocked":
        say = f"okrsite checkin {names[0]} --blocked REASON"
        raise EditError(f"blocked is no state but what keeps work in one: {say}")
    return names, read_state(names[0], state, book.settings.workflow)


def move(book: Book, names: Iterable[str], state: str, new: NewCheckIn) -> tuple[Edit, NewCheckIn]:
    """The check-in that moves `names`; `new` has its day, author and words.

    Raises:
        EditError: one of them is there already.
    """
    for name in names:
        step = book.ledger.step_on(name, new.date)
        if state_on(book.world, name, new.date) == state and not (step and step.blocked):
            since = f" since {step.day}" if step else ""
            raise EditError(f"`{name}` is in `{state}` already{since}")
    said = NewCheckIn(
        date=new.date,
        author=new.author,
        team=new.team,
        initiatives=dict.fromkeys(names, NewMove(state)),
        text=new.text,
    )
    period = _period(book, next(iter(said.initiatives)), new.date)
    path = check_in_path(new.date, new.author, period, book.portfolio.check_ins)
    return Edit({path: check_in_text(said)}), said


def _period(book: Book, name: str, day: date) -> str | None:
    """The period of the first open goal that the work is for, else the one under way."""
    portfolio = book.portfolio
    goals = (ref.partition("/")[0] for ref in portfolio.initiatives[name].contributes_to)
    named = [portfolio.period_of(portfolio.objectives[goal]) for goal in goals]
    still = [p for p in named if p and p.state is not PeriodState.CLOSED]
    running = [p for p in portfolio.periods.values() if p.start <= day <= p.end]
    if still:
        return still[0].id
    return min(running, key=lambda p: ((p.end - p.start).days, p.id)).id if running else None


def steps(before: Book, made: Book, said: NewCheckIn) -> Iterator[Step]:
    """What became of each initiative, on the day of the check-in."""
    for name, asked in said.initiatives.items():
        was = state_on(before.world, name, said.date)
        notes = (
            *_blocked(before, name, said.date),
            *_overruled(made, name, said),
            *_days(made, name, said.date),
            *_limit(made, name, asked.state or ""),
        )
        yield Step(name, was, asked.state or was, notes)


def _blocked(book: Book, name: str, day: date) -> Iterator[str]:
    step = book.ledger.step_on(name, day)
    if step and step.blocked:
        yield f"no longer blocked ({step.blocked})"


def _overruled(made: Book, name: str, said: NewCheckIn) -> Iterator[str]:
    """A later word, or one of the same day that stands behind, goes on to count."""
    state = said.initiatives[name].state or ""
    newest = made.ledger.steps[name][-1] if name in made.ledger.steps else None
    if newest and newest.state != state:
        yield f"{newest.check_in} of {newest.day} says `{newest.state}`, and that still counts"
        if newest.day == said.date:
            tied = LastWord(Subject(INITIATIVES, name), newest.check_in, tied=True)
            yield f"to replace it: {correction(said, tied)}"


def _days(book: Book, name: str, day: date) -> Iterator[str]:
    flow = _flow(book.world, name, max(day, book.as_of))
    if flow.cycle_days is not None:
        lead = f", {_count(flow.lead_days)} since it was first named" if flow.lead_days else ""
        yield f"cycle time {_count(flow.cycle_days)}, {_count(flow.active_days)} active{lead}"
    elif flow.started_on is not None:
        begun = (max(day, book.as_of) - flow.started_on).days + 1
        yield f"cycle time so far {_count(begun)}, since {flow.started_on}"


def _flow(world: World, name: str, day: date) -> Flow:
    item = world.portfolio.initiatives[name]
    return flow_of(item, world.ledger, world.settings.workflow, day)


def _limit(book: Book, name: str, state: str) -> Iterator[str]:
    """How many the team has in that state, where that is more than its limit."""
    stage = next(stage for stage in book.settings.workflow if stage.name == state)
    team = book.portfolio.initiatives[name].team
    if stage.wip is None or team is None:
        return
    there = [
        other
        for other, item in book.portfolio.initiatives.items()
        if item.team == team and book.flows[other].state == state
    ]
    if len(there) > stage.wip:
        title = book.portfolio.teams[team].title
        yield f"{title} has {len(there)} in `{state}` now, and its limit is {stage.wip}"


def _count(days: int | None) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
