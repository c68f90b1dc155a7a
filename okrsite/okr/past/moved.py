"""Moved goalposts: amendments and git's silent changes as one list, with what each one did."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr.model import Amendment, Period, PeriodState
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.covering import SCOPE, covering, same
from okrsite.okr.past.history import NO_HISTORY, History
from okrsite.okr.past.impact import Effect, Turn, effect_of, joined, left, turn_of
from okrsite.okr.past.versions import Event
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import World
from okrsite.okr.terms import Change

OBJECTIVES, INITIATIVES = "objectives", "initiatives"
OF_KEY_RESULT = frozenset(
    {"start", "target", "at_least", "at_most", "between", "weight", "due", "plan", "milestones"}
)
OF_OBJECTIVE = frozenset({"weight", "period"})
OF_INITIATIVE = frozenset({"start", "due"})


@dataclass(frozen=True, slots=True)
class Move:
    """One goalpost moved on `day`, in `period` (its id; empty where it has none).

    `who` is a person's id or name. Without an amendment nobody gave a reason; `commit` is where
    git has the change, empty where it was not looked for. For a `scope` that nobody explained,
    `was` or `now` is the title of what left or joined, the other one None.
    """

    day: date
    who: str
    kind: str
    subject: str
    field: str
    was: object
    now: object
    period: str
    turn: Turn
    effect: Effect | None
    amendment: Amendment | None
    commit: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A change that git has, and its place in the history."""

    place: int
    change: FieldChange


Since = tuple[date, int]  # a day, and a place in that day's history


def moves(book: Book, history: History = NO_HISTORY) -> tuple[Move, ...]:
    """Every goalpost moved from its period's commitment to the Book's day, newest first."""
    silent, explained = _sorted_out(book, history)
    world = _as_it_was(book.world, [found.change for found in silent])
    amended = [
        (change.amendment.date, explained.get(change.amendment.id), change)
        for changes in book.world.goalposts.values()
        for change in changes
    ]
    rows = [
        *(
            ((day, found.place if found else -1), _amended(book, world, change, found))
            for day, found, change in amended
        ),
        *(((f.change.day, f.place), _unexplained(book, world, f.change)) for f in silent),
    ]
    newest_first = sorted(rows, key=lambda r: (r[0], r[1].subject, r[1].field), reverse=True)
    return tuple(move for _, move in newest_first)


# --- what git has, and which amendment tells of it ------------------------------------------------


def _sorted_out(book: Book, history: History) -> tuple[list[_Found], Mapping[str, _Found]]:
    """The changes without an amendment, and the change of each amendment that has one."""
    groups: dict[tuple[str, str, str], list[_Found]] = defaultdict(list)
    for found in _promised(book, history):
        groups[_about(found.change)].append(found)
    silent: list[_Found] = []
    explained: dict[str, _Found] = {}
    for (_, subject, field), group in groups.items():
        known = [c for c in book.world.goalposts.get(subject, ()) if c.field == field]
        covered = covering([found.change for found in group], known, history.written)
        explained |= {change.amendment.id: group[place] for place, change in covered.items()}
        silent += (found for place, found in enumerate(group) if place not in covered)
    return sorted(silent, key=lambda found: (found.change.day, found.place)), explained


def _about(change: FieldChange) -> tuple[str, str, str]:
    """Under which subject and field an amendment would tell of `change`."""
    if change.field in ("", "period"):
        return change.kind, change.subject.partition("/")[0], SCOPE
    return change.kind, change.subject, change.field


def _promised(book: Book, history: History) -> Iterator[_Found]:
    """The goalposts that git has moved after they were committed, by the Book's day."""
    since = {item.id: committed(item, history) for item in book.portfolio.periods.values()}
    for place, change in enumerate(history.changes):
        if change.day <= book.as_of and _is_goalpost(change):
            promise = since.get(_period(book, change))
            if promise is not None and promise < (change.day, place):
                yield _Found(place, change)


def _is_goalpost(change: FieldChange) -> bool:
    in_goal = "/" in change.subject
    if change.kind == INITIATIVES:
        return change.field in OF_INITIATIVE and change.event is Event.CHANGED
    if change.kind != OBJECTIVES:
        return False
    match change.event:
        case Event.CHANGED:
            return change.field in (OF_KEY_RESULT if in_goal else OF_OBJECTIVE)
        case Event.ADDED | Event.DROPPED:
            return in_goal
        case Event.REMOVED | Event.RESTORED:
            return not in_goal
    return False


def _period(book: Book, change: FieldChange) -> str:
    if change.kind == INITIATIVES:
        return work_period(book, change.subject, change.day)
    return change.period


def committed(period: Period, history: History) -> Since | None:
    """When a period was committed; None for a draft.

    That is `committed_on`, else the day of the commit that says so, else its first day. A change
    on that very day counts if git has it after the commitment.
    """
    if period.state is PeriodState.DRAFT:
        return None
    said = (
        (place, change)
        for place, change in enumerate(history.changes)
        if (change.kind, change.subject, change.field) == ("periods", period.id, "state")
        and change.now == PeriodState.COMMITTED
    )
    place, change = next(said, (0, None))
    day = period.committed_on or (change.day if change else period.start)
    return day, place if change and change.day == day else len(history.changes)


def work_period(book: Book, initiative: str, day: date) -> str:
    """The period that an initiative is for: the shortest of its goals' that runs on `day`."""
    portfolio = book.portfolio
    item = portfolio.initiatives.get(initiative)
    goals = {ref.partition("/")[0] for ref in item.contributes_to} if item else set()
    names = {portfolio.objectives[name].period for name in goals if name in portfolio.objectives}
    periods = [portfolio.periods[name] for name in names if name in portfolio.periods]
    running = [period for period in periods if period.start <= day <= period.end]
    shortest = min(running or periods, key=lambda p: ((p.end - p.start).days, p.id), default=None)
    return shortest.id if shortest else ""


# --- the list ---------------------------------------------------------------------------------


def _as_it_was(world: World, silent: Iterable[FieldChange]) -> World:
    """The world with the silent changes undone for the days before them, as amendments are."""
    goalposts = {subject: list(changes) for subject, changes in world.goalposts.items()}
    portfolio = world.portfolio
    for change in silent:
        is_there = change.subject in portfolio.key_results or change.subject in portfolio.objectives
        if change.kind == OBJECTIVES and is_there and change.field not in ("", "period"):
            goalposts.setdefault(change.subject, []).append(_as_amended(change))
    in_order = {
        subject: tuple(sorted(changes, key=lambda change: change.amendment.date))
        for subject, changes in goalposts.items()
    }
    return replace(world, goalposts=in_order, memo={}, terms={})


_EMPTY: Mapping[str, object] = {"plan": {}, "milestones": ()}


def _as_amended(change: FieldChange) -> Change:
    item = Amendment.model_construct(
        id=change.commit, path=change.path, date=change.day, subject=change.subject
    )
    empty = _EMPTY.get(change.field)
    was, now = (empty if same(v) is None else v for v in (change.was, change.now))
    return Change(item, change.field, was, now, counts=True)


def _amended(book: Book, world: World, change: Change, found: _Found | None) -> Move:
    item = change.amendment
    subject, objective = item.subject, item.subject.partition("/")[0]
    in_goal = objective in book.portfolio.objectives
    if change.field == SCOPE:
        effect = _scope_effect(world, item)
    else:
        values = change.was, change.now
        effect = effect_of(world, subject, change.field, values, item.date)
    return Move(
        day=item.date,
        who=item.author or "",
        kind=OBJECTIVES if in_goal else INITIATIVES,
        subject=subject,
        field=change.field,
        was=change.was,
        now=change.now,
        period=(
            book.portfolio.objectives[objective].period
            if in_goal
            else work_period(book, subject, item.date)
        ),
        turn=_scope_turn(item) if change.field == SCOPE else _turn(change, effect),
        effect=effect,
        amendment=item,
        commit=found.change.commit if found else "",
    )


def _turn(change: Change, effect: Effect | None) -> Turn:
    return turn_of(change.field, change.was, change.now, effect)


def _names(value: object) -> set[str]:
    return {str(item) for item in value} if isinstance(value, list) else set()


def _scope_turn(item: Amendment) -> Turn:
    was, now = _names(item.was), _names(item.now)
    if was < now:
        return Turn.HARDER
    return Turn.EASIER if now < was else Turn.OTHER


def _scope_effect(world: World, item: Amendment) -> Effect | None:
    """That of the one key result which a scope names as new."""
    refs = [f"{item.subject}/{name}" for name in _names(item.now) - _names(item.was)]
    if len(refs) == 1 and refs[0] in world.portfolio.key_results:
        return joined(world, refs[0], item.date)
    return None


def _unexplained(book: Book, world: World, change: FieldChange) -> Move:
    was, now = (change.was, change.now) if change.field else (_title(change.was), None)
    if not change.field and change.now is not None:
        was, now = None, _title(change.now)
    effect = _effect(world, change)
    field = change.field or SCOPE
    return Move(
        day=change.day,
        who=_person(book, change.author),
        kind=change.kind,
        subject=change.subject,
        field=field,
        was=was,
        now=now,
        period=_period(book, change),
        turn=_period_turn(book, was, now)
        if field == "period"
        else turn_of(field, was, now, effect),
        effect=effect,
        amendment=None,
        commit=change.commit,
    )


def _person(book: Book, name: str) -> str:
    """The id of the one person of this name, else the name."""
    found = [key for key, person in book.portfolio.people.items() if person.title == name]
    return found[0] if len(found) == 1 else name


def _title(fields: object) -> str:
    return str(fields.get("title") or "") if isinstance(fields, Mapping) else ""


def _period_turn(book: Book, was: object, now: object) -> Turn:
    before, after = (book.portfolio.periods.get(str(name)) for name in (was, now))
    if before is None or after is None or before.end == after.end:
        return Turn.OTHER
    return Turn.EASIER if after.end > before.end else Turn.HARDER


def _effect(world: World, change: FieldChange) -> Effect | None:
    if change.kind != OBJECTIVES:
        return None
    if change.field:
        values = change.was, change.now
        return effect_of(world, change.subject, change.field, values, change.day)
    if change.event is Event.ADDED and change.subject in world.portfolio.key_results:
        return joined(world, change.subject, change.day)
    if change.event is Event.DROPPED and isinstance(change.was, Mapping):
        return left(world, change.subject, change.was, change.day)
    return None
