"""A moved goalpost in words: what it was and is, which way it went, on which day of its period."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from okrsite.okr.model import Milestone, Period
from okrsite.okr.past.covering import SCOPE
from okrsite.okr.past.history import History
from okrsite.okr.past.impact import Turn
from okrsite.okr.past.moved import PERIODS, Move
from okrsite.okr.pipeline import Book
from okrsite.portal.words import count, day, day_year, number

TURNS = {Turn.EASIER: "easier", Turn.HARDER: "harder", Turn.OTHER: ""}


def field_word(book: Book, move: Move) -> str:
    """What is said to have moved: `target`, `at most`, `key result dropped`."""
    if move.field != SCOPE:
        kpi = book.portfolio.kpis.get(move.via)
        of = f" of the KPI {kpi.title if kpi else move.via}" if move.via else ""
        return f"{move.field.replace('_', ' ')}{of}"
    if move.amendment is not None:
        return _scope(book, move) or SCOPE
    own = "period" if move.kind == PERIODS else "objective"
    kind = "key result" if "/" in move.subject else own
    return f"{kind} {'dropped' if move.now is None else 'added'}"


def _scope(book: Book, move: Move) -> str:
    """What joined and what left by an amendment that lists both."""
    item = move.amendment
    if item is None or not isinstance(item.was, list) or not isinstance(item.now, list):
        return ""
    known = book.portfolio.key_results
    sides = ((item.was, item.now, "dropped"), (item.now, item.was, "added"))
    parts = []
    for those, others, verb in sides:
        names = [str(name) for name in those if name not in others]
        refs = [(name, known.get(f"{move.subject}/{name}")) for name in names]
        parts += [f"{kr.title if kr else name} {verb}" for name, kr in refs]
    return "; ".join(parts)


def before_and_after(book: Book, move: Move) -> tuple[str, str]:
    """Both values for a reader; an empty text is what was not there, or says nothing more."""
    if move.field == SCOPE and (move.amendment is None or _scope(book, move)):
        return "", ""
    if move.field == "milestones" and not isinstance(move.was or move.now, str):
        return _milestones(move.was, move.now)
    if move.field == "period" or (move.kind, move.field) == (PERIODS, "parent"):
        return _period(book, move.was), _period(book, move.now)
    return value_words(move.was), value_words(move.now)


def change_text(book: Book, move: Move) -> str:
    """`target 40 → 30`, on one line of a history."""
    was, now = before_and_after(book, move)
    if move.field == SCOPE and not was and not now:
        return field_word(book, move)
    return f"{field_word(book, move)} {was or 'none'} → {now or 'none'}"


def value_words(value: object) -> str:
    """A value in the words of the portal."""
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return " to ".join(value_words(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{value_words(v)} on {value_words(k)}" for k, v in value.items())
    return "" if value is None else str(value)


def _milestones(was: object, now: object) -> tuple[str, str]:
    """Only those that differ."""
    before, after = _by_id(was), _by_id(now)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return _listed(before, names), _listed(after, names)


def _by_id(value: object) -> dict[str, Milestone]:
    rows = value if isinstance(value, tuple) else ()
    return {row.id: row for row in rows if isinstance(row, Milestone)}


def _listed(found: Mapping[str, Milestone], names: list[str]) -> str:
    return ", ".join(_milestone(found[name]) for name in names if name in found)


def _milestone(item: Milestone) -> str:
    weight = f", weight {number(item.weight)}" if item.weight != 1 else ""
    return f"{item.title}{weight}{f', due {day(item.due)}' if item.due else ''}"


def _period(book: Book, name: object) -> str:
    period = book.portfolio.periods.get(str(name))
    return period.title if period else str(name or "")


def day_of(period: Period | None, when: date) -> str:
    """`day 45 of 92`; before and after the period, how far from it."""
    if period is None:
        return ""
    total = (period.end - period.start).days + 1
    gone = (when - period.start).days + 1
    if gone < 1:
        return f"{count(1 - gone, 'day')} before it began"
    last = max(period.closed_on or period.end, period.end)
    if period.closed_on and when > last:
        return f"{count((when - last).days, 'day')} after it was closed"
    if gone > total:
        return f"{count(gone - total, 'day')} after its end"
    return f"day {gone} of {total}"


def nothing_moved(history: History, others: int = 0) -> str:
    """What to say where no goalpost is listed: only a whole history can say that none was moved.

    `others` were moved and are not listed here, or are dated later than the portal's day.
    """
    if others:
        return f"Nothing to list here; {count(others, 'moved goalpost')} {_is(others)} not listed."
    if not history.known:
        return "No amendments. Whether a value was changed without one, only git can tell."
    if history.since is not None:
        return f"No amendments, and no change in git since {day_year(history.since)}."
    return "No amendments, and no change in git: every target stands as committed."


def _is(amount: int) -> str:
    return "is" if amount == 1 else "are"


def when_words(book: Book, when: date) -> str:
    """A day, with its year where that is not this one."""
    return day(when) if when.year == book.as_of.year else day_year(when)
