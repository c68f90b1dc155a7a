"""Moved goalposts: amendments and git's silent changes as one list, with what each one did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr.guarded import VALUES, is_first_word
from okrsite.okr.model import Amendment
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.covering import IN_WORDS, SCOPE, covering, same
from okrsite.okr.past.history import NO_HISTORY, History
from okrsite.okr.past.impact import Effect, Turn, effect_of, joined, left, turn_of
from okrsite.okr.past.promised import Promises
from okrsite.okr.past.versions import Event
from okrsite.okr.past.watched import Found, watched, work_period
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import World
from okrsite.okr.terms import Change

OBJECTIVES, INITIATIVES, PERIODS = "objectives", "initiatives", "periods"


@dataclass(frozen=True, slots=True)
class Move:
    """One goalpost moved on `day`, in `period` (its id; empty where it has none).

    `who` is a person's id or name. Without an amendment nobody gave a reason; `commit` is where
    git has the change, empty where it was not looked for; what git has, `was` and `now` say. For
    a `scope` that nobody explained, one of them is the title of what left or joined, the other
    None. `told` is what the amendment says instead, where git knows better. `via` is the KPI by
    whose change a key result changed.
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
    told: tuple[object, object] | None = None
    via: str = ""

    @property
    def explained(self) -> bool:
        """Whether an amendment tells of just this."""
        return self.amendment is not None and self.told is None


Explained = Mapping[str, tuple[Found, ...]]  # by amendment, what git has of it


def moves(book: Book, history: History = NO_HISTORY) -> tuple[Move, ...]:
    """Every goalpost moved from its period's commitment to the Book's day, newest first."""
    found = recorded_moves(book, history)
    return tuple(m for m in found if not is_first_word(m.kind, m.field, m.was))


def recorded_moves(book: Book, history: History = NO_HISTORY) -> tuple[Move, ...]:
    """The same as a record of the first schema lists them: with a period's first words."""
    silent, explained = _sorted_out(book, history)
    world = _as_it_was(book.world, [found.change for found in silent])
    amended = [
        (change.amendment.date, explained.get(change.amendment.id, ()), change)
        for changes in book.world.goalposts.values()
        for change in changes
    ]
    rows = [
        *(
            ((day, found[-1].place if found else -1), _amended(book, world, change, found))
            for day, found, change in amended
        ),
        *(((f.change.day, f.place), _unexplained(book, world, f)) for f in silent),
    ]
    newest_first = sorted(rows, key=lambda r: (r[0], r[1].subject, r[1].field), reverse=True)
    return tuple(move for _, move in newest_first)


# --- what git has, and which amendment tells of it ------------------------------------------------


def _sorted_out(book: Book, history: History) -> tuple[list[Found], Explained]:
    """The changes without an amendment, and the changes of each amendment that has some.

    What was changed before it was promised needs no reason; an amendment may tell of it still.
    """
    groups: dict[tuple[str, str, str], list[Found]] = defaultdict(list)
    for found in _of_promises(book, history, book.as_of):
        groups[found.about].append(found)
    silent: list[Found] = []
    explained: dict[str, tuple[Found, ...]] = {}
    for about, group in groups.items():
        for held in (True, False):
            own = [found for found in group if found.held is held]
            known = [c for c in _amendments(book, about) if c.amendment.id not in explained]
            covered = covering([found.change for found in own], known, history.written)
            for place, change in covered.items():
                name = change.amendment.id
                explained[name] = (*explained.get(name, ()), own[place])
            silent += (f for place, f in enumerate(own) if held and place not in covered)
    return sorted(silent, key=lambda found: (found.change.day, found.place)), explained


def _of_promises(book: Book, history: History, as_of: date) -> Iterable[Found]:
    return watched(book, history, Promises(book.portfolio.periods, history).holds, as_of)


def _amendments(book: Book, about: tuple[str, str, str]) -> list[Change]:
    _, subject, field = about
    fields = (field, SCOPE) if field == "parent" else (field,)
    return [c for c in book.world.goalposts.get(subject, ()) if c.field in fields]


def not_yet_known(book: Book, history: History) -> int:
    """How many goalposts git has moved on days after the Book's."""
    if all(change.day <= book.as_of for change in history.changes):
        return 0
    by_day, ever = (
        sum(_is_moved(found) for found in _of_promises(book, history, day))
        for day in (book.as_of, date.max)
    )
    return ever - by_day


def _is_moved(found: Found) -> bool:
    change = found.change
    return found.held and not is_first_word(change.kind, change.field, change.was)


# --- the list ---------------------------------------------------------------------------------


def _as_it_was(world: World, silent: Iterable[FieldChange]) -> World:
    """The world with the silent changes undone for the days before them, as amendments are."""
    goalposts = {subject: list(changes) for subject, changes in world.goalposts.items()}
    portfolio = world.portfolio
    for change in silent:
        is_there = change.subject in portfolio.key_results or change.subject in portfolio.objectives
        fields = (*VALUES, "milestones", "from") if "/" in change.subject else ("weight",)
        if change.kind == OBJECTIVES and is_there and change.field in fields:
            goalposts.setdefault(change.subject, []).append(_as_amended(change))
    in_order = {
        subject: tuple(sorted(changes, key=lambda change: change.amendment.date))
        for subject, changes in goalposts.items()
    }
    return replace(world, goalposts=in_order, memo={}, terms={})


_ATTRIBUTES = {"from": "source"}
_EMPTY: Mapping[str, object] = {"plan": {}, "milestones": ()}


def _as_amended(change: FieldChange) -> Change:
    item = Amendment.model_construct(
        id=change.commit, path=change.path, date=change.day, subject=change.subject
    )
    empty = _EMPTY.get(change.field)
    was, now = (empty if same(v) is None else v for v in (change.was, change.now))
    return Change(item, _ATTRIBUTES.get(change.field, change.field), was, now, counts=True)


def _amended(book: Book, world: World, change: Change, found: tuple[Found, ...]) -> Move:
    item = change.amendment
    subject, objective = item.subject, item.subject.partition("/")[0]
    in_goal = objective in book.portfolio.objectives
    if found and change.field != SCOPE:
        change = replace(change, was=found[0].change.was, now=found[-1].change.now)
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
        commit=found[-1].change.commit if found else "",
        told=_otherwise(book, change),
    )


def _otherwise(book: Book, change: Change) -> tuple[object, object] | None:
    """What an amendment says, where git has other values."""
    if change.field in IN_WORDS:
        return None
    changes = book.world.goalposts.get(change.amendment.subject, ())
    said = next(c for c in changes if c.amendment.id == change.amendment.id)
    fits = (same(said.was), same(said.now)) == (same(change.was), same(change.now))
    return None if fits else (said.was, said.now)


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


def _unexplained(book: Book, world: World, found: Found) -> Move:
    change = found.change
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
        period=found.period,
        turn=_silent_turn(book, replace(change, field=field, was=was, now=now), effect),
        effect=effect,
        amendment=None,
        commit=change.commit,
        via=found.via,
    )


def _silent_turn(book: Book, change: FieldChange, effect: Effect | None) -> Turn:
    if change.kind == PERIODS:
        later = change.field == "end" and isinstance(change.was, date)
        return turn_of("due" if later else "", change.was, change.now, effect)
    if change.field == "period":
        return _period_turn(book, change.was, change.now)
    return turn_of(change.field, change.was, change.now, effect)


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
        values, field = (change.was, change.now), _ATTRIBUTES.get(change.field, change.field)
        return effect_of(world, change.subject, field, values, change.day)
    if change.event is Event.ADDED and change.subject in world.portfolio.key_results:
        return joined(world, change.subject, change.day)
    if change.event is Event.DROPPED and isinstance(change.was, Mapping):
        return left(world, change.subject, change.was, change.day)
    return None
