"""`okrsite blame`: who gave one value what it is, when, why, and what that did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from okrsite.okr.model import FROM_FILE, INTERNAL, KINDS, FileNoun, KeyResult, Milestone
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.covering import SCOPE
from okrsite.okr.past.history import History
from okrsite.okr.past.impact import Effect, Turn
from okrsite.okr.past.moved import INITIATIVES, OBJECTIVES, Move
from okrsite.okr.past.versions import Event
from okrsite.okr.pipeline import Book
from okrsite.okr.similar import did_you_mean
from okrsite.okr.terms import typed

BIRTHS = (Event.CREATED, Event.ADDED)
_WORDS: Mapping[Event, str] = {
    Event.CREATED: "created",
    Event.ADDED: "added",
    Event.FOUND: "was there already",
    Event.DROPPED: "dropped",
    Event.REMOVED: "removed with its file",
    Event.RESTORED: "put in again",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One change of the value; values are as a file has them. Without `commit` git has it not.

    `part` is the key result that changed, where its objective was asked for.
    """

    day: date
    who: str
    commit: str
    part: str
    field: str
    event: Event
    was: str
    now: str
    place: str
    turn: Turn | None
    effect: Effect | None
    promised: bool
    amendment: str


@dataclass(frozen=True, slots=True)
class Blame:
    """The changes of one value, or of all of one thing, oldest first.

    `value` is what the definition says now, where one field was asked for. `origin` tells whether
    the first change is where the value began; `later` counts those that the Book's day does not
    know yet.
    """

    subject: str
    title: str
    path: str
    field: str
    value: str
    lines: tuple[Line, ...]
    origin: bool
    later: int


class UnknownNameError(Exception):
    """There is no such thing or field; in words for whoever asked."""


def blame(book: Book, history: History, moves: tuple[Move, ...], asked: str) -> Blame:
    """What is known of `REF` or `REF.FIELD`.

    Raises:
        UnknownNameError: neither the goals nor their history know it.
    """
    ref, _, field = asked.partition(".")
    kind, noun = _thing(book, history, ref)
    _check_field(kind, ref, field)
    wanted = [c for c in history.changes if c.kind == kind and _is_about(c, ref, field)]
    known = [change for change in wanted if change.day <= book.as_of]
    own = [m for m in moves if m.kind == kind and _is_asked(m.subject, m.field, ref, field)]
    lines = [_line(book, change, field, moves, ref) for change in known]
    lines += _only_amended(book, own, known, ref)
    return Blame(
        subject=ref,
        title=str(getattr(noun, "title", "")),
        path=_path(book, ref, noun, wanted),
        field=field,
        value=_text(getattr(noun, "source" if field == "from" else field, None)) if field else "",
        lines=tuple(sorted(lines, key=lambda line: line.day)),
        origin=any(change.event in BIRTHS for change in wanted),
        later=len(wanted) - len(known),
    )


def _thing(book: Book, history: History, ref: str) -> tuple[str, object]:
    """The kind of a reference and the noun it names, None where it is no more."""
    portfolio = book.portfolio
    holders: tuple[tuple[str, Mapping[str, object]], ...] = (
        (OBJECTIVES, {**portfolio.objectives, **portfolio.key_results}),
        (INITIATIVES, portfolio.initiatives),
        ("kpis", portfolio.kpis),
        ("periods", portfolio.periods),
    )
    for kind, known in holders:
        if ref in known:
            return kind, known[ref]
    gone = {change.subject: change.kind for change in history.changes}
    if ref in gone:
        return gone[ref], None
    names = {name for _, known in holders for name in known} | gone.keys()
    raise UnknownNameError(f"there is no `{ref}`. {did_you_mean(ref, names)}".rstrip())


def _check_field(kind: str, ref: str, field: str) -> None:
    model, hidden = (KeyResult, INTERNAL) if "/" in ref else (KINDS[kind], FROM_FILE)
    names = {info.alias or name for name, info in model.model_fields.items() if name not in hidden}
    names -= {"key_results"}
    if kind == OBJECTIVES and "/" not in ref:
        names |= {SCOPE}
    if field and field not in names:
        hint = did_you_mean(field, names) or f"There are {', '.join(sorted(names))}."
        raise UnknownNameError(f"`{ref}` has no field `{field}`. {hint}")


def _is_about(change: FieldChange, ref: str, field: str) -> bool:
    if change.subject == ref:
        return field in ("", change.field) or (not change.field and field != SCOPE)
    of_scope = change.event in (Event.ADDED, Event.DROPPED, Event.RESTORED)
    in_goal = change.subject.partition("/")[0] == ref
    joins = not change.field and of_scope
    return in_goal and (joins if field == SCOPE else not field and (joins or bool(change.field)))


def _is_asked(subject: str, of: str, ref: str, field: str) -> bool:
    """Whether a change of the field `of` is one of `ref`, or of a key result of all of `ref`."""
    if subject == ref:
        return field in ("", of)
    return not field and subject.partition("/")[0] == ref


def _path(book: Book, ref: str, noun: object, changes: list[FieldChange]) -> str:
    goal = book.portfolio.objectives.get(ref.partition("/")[0]) if "/" in ref else None
    holder = goal or noun
    if isinstance(holder, FileNoun):
        return holder.path
    return changes[-1].path if changes else ""


def _line(book: Book, change: FieldChange, field: str, moves: tuple[Move, ...], ref: str) -> Line:
    move = next((move for move in moves if _is_of(move, change)), None)
    item = move.amendment if move else None
    return Line(
        day=change.day,
        who=change.author,
        commit=change.commit,
        part=_part_of(change.subject, ref),
        field=change.field,
        event=change.event,
        was=_text(change.was if change.field else _of_whole(change.was, field)),
        now=_text(change.now if change.field else _of_whole(change.now, field)),
        place=_place(book, move),
        turn=move.turn if move else None,
        effect=move.effect if move else None,
        promised=move is not None,
        amendment=item.path if item else "",
    )


def _part_of(subject: str, ref: str) -> str:
    """The key result within what was asked for."""
    return "" if subject == ref else subject.partition("/")[2]


def _is_of(move: Move, change: FieldChange) -> bool:
    if (move.kind, move.commit) != (change.kind, change.commit) or not move.commit:
        return False
    if not change.field:
        scoped = move.field == SCOPE and change.subject.startswith(move.subject)
        return scoped and change.event not in (Event.CREATED, Event.FOUND)
    if move.subject != change.subject or move.field != change.field:
        return False
    return move.amendment is not None or (move.was, move.now) == (change.was, change.now)


def _only_amended(
    book: Book, moves: list[Move], known: list[FieldChange], ref: str
) -> Iterator[Line]:
    """Amendments whose change git does not have."""
    commits = {change.commit for change in known}
    for move in moves:
        item = move.amendment
        if item is not None and move.commit not in commits:
            yield Line(
                day=move.day,
                who=move.who,
                commit="",
                part=_part_of(move.subject, ref),
                field=move.field,
                event=Event.CHANGED,
                was=_text(move.was),
                now=_text(move.now),
                place=_place(book, move),
                turn=move.turn,
                effect=move.effect,
                promised=True,
                amendment=item.path,
            )


def _place(book: Book, move: Move | None) -> str:
    period = book.portfolio.periods.get(move.period) if move else None
    if move is None or period is None:
        return ""
    gone, total = (move.day - period.start).days + 1, (period.end - period.start).days + 1
    return f"day {gone} of {total}"


def _of_whole(fields: object, field: str) -> object:
    """The one field that is asked for, of all that a thing had."""
    return fields.get(field) if isinstance(fields, Mapping) else None


def _text(value: object) -> str:
    """A value as it stands in a file."""
    if isinstance(value, tuple) and value and isinstance(value[0], Milestone):
        return ", ".join(_milestone(item) for item in value if isinstance(item, Milestone))
    return "" if value is None else typed(value)


def _milestone(item: Milestone) -> str:
    return f"{item.id} {item.due}" if item.due else item.id


def event_words(line: Line) -> str:
    """`148 → 126`, `created 148`."""
    if line.event is Event.CHANGED:
        return f"{line.was or 'none'} → {line.now or 'none'}"
    value = line.now or line.was
    return f"{_WORDS[line.event]}{f': {value}' if value else ''}"
