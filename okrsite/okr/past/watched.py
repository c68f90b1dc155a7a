"""git's changes → those of what was promised: of a goal's fields, and of what it rests on."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr import guarded
from okrsite.okr.model import Measure, PeriodState, ProgressFrom, measure_of
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.covering import SCOPE
from okrsite.okr.past.history import History
from okrsite.okr.past.versions import Event
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import counts_from

OBJECTIVES, INITIATIVES, KPIS, PERIODS = "objectives", "initiatives", "kpis", "periods"

Holds = Callable[[int, FieldChange, str], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A goalpost that git has moved, and its place in the history.

    `about` is the kind, subject and field under which an amendment would tell of it; `via` the
    KPI by whose change a key result changed. Only what is `held` was promised otherwise.
    """

    place: int
    change: FieldChange
    period: str
    about: tuple[str, str, str]
    held: bool
    via: str = ""


def watched(book: Book, history: History, holds: Holds, as_of: date) -> Iterator[Found]:
    """Every goalpost that git has moved by `as_of`; `holds` tells whether it was promised."""
    walk = _Walk(book, holds)
    for place, change in enumerate(history.changes):
        if change.day <= as_of:
            yield from walk.of(place, change)
            walk.learn(change)
    yield from walk.elsewhere()


class _Walk:
    """A walk along the history, with what everything said just before each change."""

    def __init__(self, book: Book, holds: Holds) -> None:
        self._book, self._holds = book, holds
        self._said: dict[tuple[str, str], dict[str, object]] = defaultdict(dict)
        self._away: dict[str, _Away] = {}
        self._turned: dict[str, str] = {}

    def learn(self, change: FieldChange) -> None:
        key = change.kind, change.subject
        if change.field:
            self._said[key][change.field] = change.now
        else:
            self._said[key] = dict(change.now) if isinstance(change.now, Mapping) else {}

    def of(self, place: int, change: FieldChange) -> Iterator[Found]:
        """The goalposts that one change moves."""
        match change.kind:
            case "objectives":
                yield from self._goal(place, change)
            case "initiatives":
                yield from self._work(place, change)
            case "kpis":
                yield from self._kpi(place, change)
            case "periods":
                yield from self._period(place, change)

    # --- goals ------------------------------------------------------------------------------

    def _goal(self, place: int, change: FieldChange) -> Iterator[Found]:
        held = self._holds(place, change, change.period)
        found = Found(place, change, change.period, _about(change), held)
        own = list(self._promised(found)) if _is_goalpost(change) else []
        yield from own
        if not any(each.held for each in own):
            yield from self._child(place, change)

    def _promised(self, found: Found) -> Iterator[Found]:
        """A goal once promised stays so: what was changed meanwhile shows when it comes back."""
        change, goal = found.change, found.change.subject.partition("/")[0]
        away = self._away.get(goal)
        if away and away.back not in ("", change.arrival or change.commit):
            del self._away[goal]
            away = None
        moves_to = str(change.now) if change.field == "period" else ""
        arrives = bool(moves_to) and self._holds(found.place, change, moves_to)
        if found.held or away is None:
            yield found
            if found.held and moves_to and not arrives:
                self._away[goal] = _Away(found.period, [])
            return
        away.meanwhile.append(found)
        if arrives or away.back:
            away.back = change.arrival or change.commit
            yield from (replace(f, held=True, period=away.period) for f in away.meanwhile)
            away.meanwhile.clear()

    def elsewhere(self) -> Iterator[Found]:
        """What was changed in goals that were moved away and have not come back."""
        for away in self._away.values():
            yield from away.meanwhile

    def _child(self, place: int, change: FieldChange) -> Iterator[Found]:
        """A child that joined or left an objective which takes its progress from children."""
        if "/" in change.subject:
            return
        for parent in _parents(change):
            goal = parent.partition("/")[0]
            above = replace(change, subject=goal, field="parent")
            period = self._period_of(goal)
            if self._rolls_up(parent) and self._holds(place, above, period):
                yield Found(place, change, period, (OBJECTIVES, goal, SCOPE), held=True)
                return

    def _rolls_up(self, parent: str) -> bool:
        portfolio = self._book.portfolio
        if kr := portfolio.key_results.get(parent):
            return measure_of(kr) is Measure.OBJECTIVES
        goal = portfolio.objectives.get(parent)
        return goal is not None and counts_from(portfolio, goal) is not ProgressFrom.KEY_RESULTS

    def _period_of(self, goal: str) -> str:
        said = self._said.get((OBJECTIVES, goal), {}).get("period")
        known = self._book.portfolio.objectives.get(goal)
        return str(said or (known.period if known else ""))

    # --- what goals rest on -----------------------------------------------------------------

    def _work(self, place: int, change: FieldChange) -> Iterator[Found]:
        if change.event is Event.CHANGED and change.field in guarded.OF_INITIATIVE:
            period = work_period(self._book, change.subject, change.day)
            held = self._holds(place, change, period)
            about = (INITIATIVES, change.subject, change.field)
            yield Found(place, change, period, about, held)
        for ref in _no_longer_for(change):
            kr = self._book.portfolio.key_results.get(ref)
            if kr is None or measure_of(kr) is not Measure.INITIATIVES:
                continue
            period = self._period_of(ref.partition("/")[0])
            held = self._holds(place, replace(change, kind=OBJECTIVES, subject=ref), period)
            left = replace(change, field="contributes_to", was=ref, now=None, event=Event.CHANGED)
            yield Found(place, left, period, (OBJECTIVES, ref, SCOPE), held)

    def _kpi(self, place: int, change: FieldChange) -> Iterator[Found]:
        if change.event is not Event.CHANGED or change.field not in guarded.OF_KPI:
            return
        for (kind, ref), said in tuple(self._said.items()):
            follows = kind == OBJECTIVES and said.get("from") == change.subject
            if follows and not (change.field in guarded.BOUNDS and _has_own(said)):
                of_goal = replace(change, kind=OBJECTIVES, subject=ref)
                period = self._period_of(ref.partition("/")[0])
                held = self._holds(place, of_goal, period)
                about = (OBJECTIVES, ref, SCOPE)
                yield Found(place, of_goal, period, about, held, change.subject)

    def _period(self, place: int, change: FieldChange) -> Iterator[Found]:
        is_closing = (change.field, change.now) == ("state", PeriodState.CLOSED)
        is_own = change.field in guarded.OF_PERIOD and not is_closing
        if change.field == "state":
            self._turned[change.subject] = change.commit
        elif change.field == "committed_on" and self._turned.get(change.subject) == change.commit:
            return  # it goes with the state, which tells more
        gone = change.event in (Event.REMOVED, Event.RESTORED)
        if (is_own or gone) and self._holds(place, change, change.subject):
            about = (PERIODS, change.subject, change.field or SCOPE)
            yield Found(place, change, change.subject, about, held=True)


@dataclass
class _Away:
    """A goal that was moved out of the period it was promised in; `back` is with what it came."""

    period: str
    meanwhile: list[Found]
    back: str = ""


def _is_goalpost(change: FieldChange) -> bool:
    in_goal = "/" in change.subject
    match change.event:
        case Event.CHANGED:
            return change.field in (guarded.OF_KEY_RESULT if in_goal else guarded.OF_OBJECTIVE)
        case Event.ADDED | Event.DROPPED:
            return in_goal
        case Event.REMOVED | Event.RESTORED:
            return not in_goal
    return False


def _about(change: FieldChange) -> tuple[str, str, str]:
    """Under which subject and field an amendment would tell of a goal's `change`."""
    goal, slash, _ = change.subject.partition("/")
    if not change.field and not slash:
        above = next(iter(_parents(change)), goal).partition("/")[0]
        return change.kind, above, SCOPE
    if not change.field or (not slash and change.field in guarded.SCOPE):
        return change.kind, goal, SCOPE
    return change.kind, change.subject, change.field


def _parents(change: FieldChange) -> tuple[str, ...]:
    """The objectives that a change of a child is about."""
    found: tuple[object, ...] = ()
    if change.field == "parent":
        found = (change.was, change.now)
    elif not change.field and change.event is not Event.FOUND:
        found = tuple(s.get("parent") for s in (change.was, change.now) if isinstance(s, Mapping))
    return tuple(str(name) for name in found if name)


def _no_longer_for(change: FieldChange) -> Iterator[str]:
    """What an initiative no longer contributes to."""
    if change.field == "contributes_to":
        kept = _names(change.now)
        yield from (name for name in _names(change.was) if name not in kept)
    elif change.event is Event.REMOVED and isinstance(change.was, Mapping):
        yield from _names(change.was.get("contributes_to"))


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),) if value else ()


def _has_own(said: Mapping[str, object]) -> bool:
    """Whether a key result says by itself when it is reached."""
    there = {field for field, value in said.items() if value is not None}
    return bool(there.intersection(guarded.BOUNDS)) or {"start", "target"} <= there


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
