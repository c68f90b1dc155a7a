"""A promise changed in the open: the definition's new text, and the amendment that says why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from okrsite.edit.amending.asked import (
    LISTED,
    Field,
    Term,
    find_field,
    fits,
    held,
    not_ambiguous,
    read_term,
    term_of,
    told,
)
from okrsite.edit.checking_in.check_in import clean
from okrsite.edit.files import EditError
from okrsite.edit.text.names import id_of
from okrsite.edit.text.scalars import key, scalar
from okrsite.edit.text.splice import SpliceError, remove_field, set_field
from okrsite.edit.writing import Edit
from okrsite.okr.guard.above import held_above
from okrsite.okr.model import Amendment, Period, PeriodState
from okrsite.okr.pipeline import Parsed
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.spans import BLOCK_MAP, spans

MAX_ID, MAX_AUTHOR = 80, 24
UNCHANGED = Edit()


@dataclass(frozen=True, slots=True)
class Wish:
    """An amendment as it was asked for: `what` is `SUBJECT.FIELD`, values are as typed."""

    what: str
    now: str | None
    reason: str
    day: date
    author: str
    was: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """What is to be written, and what of it to tell; `notes` are what the author must know.

    `undone` is the definition as it was, where it has been changed by hand already.
    """

    edit: Edit
    field: Field
    was: str
    now: str
    notes: tuple[str, ...] = ()
    undone: Edit = UNCHANGED


def amend(portfolio: Portfolio, parsed: Parsed, wish: Wish) -> Amended:
    """The files that `wish` takes.

    Raises:
        EditError: it cannot be done, or should not; the words say why and what to do instead.
    """
    if not clean(wish.reason).strip():
        raise EditError('say why, for whoever reads it next year: -m "…"')
    field = find_field(portfolio, wish.what, wish.day)
    _in_time(portfolio, field, wish)
    last = _last(portfolio, field)
    if last and last.date > wish.day:
        words = f"`{field.name}` was amended on {last.date} already, in {last.path}"
        raise EditError(f"{words}; date this one on that day or later")
    if field.name in LISTED:
        return _told_only(portfolio, field, wish)
    return _changed(portfolio, parsed, field, wish, last)


def _in_time(portfolio: Portfolio, field: Field, wish: Wish) -> None:
    """Refuse what is no promise yet, or one no longer."""
    goal = portfolio.objectives.get(field.subject.partition("/")[0])
    period = portfolio.period_of(goal) if goal else None
    if goal is None or period is None:
        return
    if period.state is PeriodState.CLOSED:
        hint = f"Write an objective for the next one, with `continues: {goal.id}`."
        raise EditError(f"{period.title} is closed, so its goals stand as they are. {hint}")
    if period.state is PeriodState.DRAFT:
        if field.subject == goal.id and held_above(portfolio, goal.parent):
            return  # what it weighs, and where, is part of what was promised above
        line = portfolio.documents[field.path].place(*field.loc)[0]
        words = f"{period.title} is still a draft, so no amendment is needed"
        raise EditError(f"{words}: change `{field.name}` in {field.path}:{line}")
    begun = min(period.start, period.committed_on or period.start)
    if not begun <= wish.day <= period.end:
        raise EditError(f"{wish.day} lies outside of {period.title} ({begun} to {period.end})")


def _last(portfolio: Portfolio, field: Field) -> Amendment | None:
    """The newest amendment of the same field."""
    same = (
        item
        for item in portfolio.amendments.values()
        if (item.subject, item.field) == (field.subject, field.name)
    )
    return max(same, key=lambda item: (item.date, item.id), default=None)


def _told_only(portfolio: Portfolio, field: Field, wish: Wish) -> Amended:
    """What joined or left is edited by hand; the amendment tells of it."""
    goal = portfolio.objectives.get(field.subject)
    rows = [kr.id for kr in goal.key_results] if goal else []
    typed = wish.now or (f"[{', '.join(rows)}]" if rows else None)
    if wish.was is None or typed is None:
        missing = "--was" if wish.was is None else "--now"
        hint = f"Edit {field.path} for it, and say what it was and is now."
        raise EditError(f"`{field.name}` is told in words: {missing} is missing. {hint}")
    was, now = (read_term(portfolio, field, text) for text in (wish.was, typed))
    if was.value == now.value:
        raise EditError(f"`{field.name}` is {told(now)} before and after")
    created = _amendment(portfolio, field, wish, was, now)
    return Amended(Edit(dict([created])), field, told(was), told(now))


def _changed(
    portfolio: Portfolio, parsed: Parsed, field: Field, wish: Wish, last: Amendment | None
) -> Amended:
    if wish.now is None:
        raise EditError(f"say what `{field.name}` becomes: okrsite amend {wish.what} VALUE")
    now, there = read_term(portfolio, field, wish.now), held(portfolio, field)
    if there.value != now.value:
        fits(portfolio, field, now)
        not_ambiguous(portfolio, field, wish.now)
    earlier = term_of(portfolio, field, last.now) if last else None
    was, notes = _before(portfolio, field, wish, (now, there, earlier), last)
    _is_change(field, was, now)
    changed = {}
    if there.value != now.value:
        changed[field.path] = _definition(parsed, field, there, now)
    if last and earlier and earlier.value == now.value:
        if not changed:
            raise EditError(f"{last.path} says so already: there is nothing to amend")
        notes = (*notes, f"{last.path} says so already; only the definition was left to change")
        return Amended(Edit({}, changed), field, told(there), told(now), notes)
    created = _amendment(portfolio, field, wish, was, now)
    undone = UNCHANGED if changed else _undone(parsed, field, now, was)
    return Amended(Edit(dict([created]), changed), field, told(was), told(now), notes, undone)


def _before(
    portfolio: Portfolio,
    field: Field,
    wish: Wish,
    terms: tuple[Term, Term, Term | None],
    last: Amendment | None,
) -> tuple[Term, tuple[str, ...]]:
    """What the amendment says it was, and what is odd about that."""
    now, there, earlier = terms
    if wish.was is not None:
        was = read_term(portfolio, field, wish.was)
        known = [term.value for term in (there, now, earlier) if term]
        if there.value != now.value and was.value not in known:
            raise EditError(f"the definition says {told(there)}, neither {told(was)} nor the new")
        return was, ()
    if there.value == now.value and not (earlier and earlier.value != now.value):
        words = f"`{field.name}` of `{field.subject}` is {told(now)} already"
        raise EditError(f"{words}. Changed by hand? Say what it was: --was OLD")
    if last and earlier and earlier.value not in (there.value, now.value):
        note = f"the file said {told(there)}, which no amendment explains; {last.path} had said"
        return earlier, (f"{note} {told(earlier)}",)
    return there, ()


def _is_change(field: Field, was: Term, now: Term) -> None:
    if was.value == now.value:
        raise EditError(f"`{field.name}` is {told(now)} before and after: nothing to amend")
    if field.name == "start" and was.raw is None:
        words = f"`{field.subject}` has no `start` so far: no promise changes by adding one"
        raise EditError(f"{words}. Write it into {field.path}")


def _definition(parsed: Parsed, field: Field, was: Term, now: Term) -> str:
    """The definition's text with the new value."""
    text = parsed.raw[field.path].decode()
    try:
        if isinstance(now.value, Mapping) and isinstance(was.value, Mapping):
            return _with_plan(text, field, was.value, now.value)
        if now.raw is None:
            return remove_field(text, field.loc)
        span = spans(text).get(field.loc)
        quote = span.style if span and span.style in ('"', "'") else ""
        raw = scalar(now.value, quote) if isinstance(now.value, str) else now.raw
        return set_field(text, field.loc, raw)
    except SpliceError as error:
        hint = "Change it there by hand, then give this command again with --was OLD"
        raise EditError(f"{field.path}: {error}. {hint}") from None


def _undone(parsed: Parsed, field: Field, now: Term, was: Term) -> Edit:
    """The definition before it was changed by hand, as far as one can tell."""
    try:
        return Edit({}, {field.path: _definition(parsed, field, now, was)})
    except EditError:
        return UNCHANGED


def _with_plan(
    text: str, field: Field, was: Mapping[object, object], now: Mapping[object, object]
) -> str:
    """A plan that has a line for each day keeps them, and the comments beside them."""
    span = spans(text).get(field.loc)
    if not now:
        return remove_field(text, field.loc)
    if span is None or span.style != BLOCK_MAP:
        rows = ", ".join(f"{key(str(day))}: {scalar(level)}" for day, level in now.items())
        return set_field(text, field.loc, f"{{{rows}}}")
    for day, level in now.items():
        if was.get(day) != level:
            text = set_field(text, (*field.loc, str(day)), scalar(level))
    for day in was:
        if day not in now:
            text = remove_field(text, (*field.loc, str(day)))
    return text


def _amendment(
    portfolio: Portfolio, field: Field, wish: Wish, was: Term, now: Term
) -> tuple[str, str]:
    """The path of the new file, and its text."""
    lines = [
        f"date: {scalar(wish.day)}",
        f"author: {scalar(wish.author)}",
        f"subject: {scalar(field.subject)}",
        f"field: {scalar(field.name)}",
        *([f"was: {was.raw}"] if was.raw is not None else []),
        *([f"now: {now.raw}"] if now.raw is not None else []),
        *([f"approved_by: {scalar(wish.approved_by)}"] if wish.approved_by else []),
    ]
    text = "\n".join(("---", *lines, "---", clean(wish.reason), ""))
    return _path(portfolio, field, wish), text


def _path(portfolio: Portfolio, field: Field, wish: Wish) -> str:
    """A name that is free, and sorts behind whatever was amended in the same field that day."""
    period = _period(portfolio, field)
    folder = PurePosixPath("amendments", period.id if period else "")
    last = _last(portfolio, field)
    same_day = last.id if last and last.date == wish.day else ""
    stem = next(
        name
        for name in _names(field, wish, same_day)
        if name > same_day and name not in portfolio.amendments
    )
    return str(folder / f"{stem}.md")


def _names(field: Field, wish: Wish, same_day: str) -> Iterator[str]:
    author = id_of(wish.author, MAX_AUTHOR) or "somebody"
    head, tail = f"{wish.day}-{author}", id_of(field.name)
    room = MAX_ID - len(head) - len(tail) - len("---99")
    own = id_of(field.subject.rpartition("/")[2], room)
    stem = f"{head}-{own}-{tail}"
    yield stem
    yield from (f"{stem}-{number}" for number in range(2, 10))
    behind = same_day[: MAX_ID - MAX_AUTHOR - 5] or stem
    yield f"{behind}-{author}"
    yield from (f"{behind}-{author}-{number}" for number in range(10, 100))


def _period(portfolio: Portfolio, field: Field) -> Period | None:
    """The period of what is amended; work lies in that of the first goal it is for."""
    subject = field.subject
    if subject in portfolio.initiatives and subject not in portfolio.objectives:
        subject = next(iter(portfolio.initiatives[subject].contributes_to), "")
    goal = portfolio.objectives.get(subject.partition("/")[0])
    return portfolio.period_of(goal) if goal else None
