"""Which records may be made of a period on a day, and which are due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from okrsite.okr.ledger import last_day
from okrsite.okr.model import Period, PeriodState
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.covering import SCOPE, covering, same
from okrsite.okr.past.history import History
from okrsite.okr.past.promised import Promises
from okrsite.okr.past.versions import Event
from okrsite.okr.past.watched import OBJECTIVES, PERIODS, Found, watched
from okrsite.okr.pipeline import Book
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError
from okrsite.okr.terms import Change, all_changes, is_read


class NotNowError(SnapshotError):
    """A record that nobody can make now, whatever is mended: `--due` tells it and goes on."""


def allow(period: Period, name: Name, today: date) -> None:
    """Let a record be made of `period` on the day `today`.

    Raises:
        SnapshotError: it is not the time for it; the words say what to do.
    """
    if name.kind is Kind.COMMITTED:
        _promised(period, today)
    elif name.kind is Kind.CLOSED:
        _ended(period, today)
    elif period.state is PeriodState.CLOSED:
        words = f"`{period.id}` is closed: how it stood on the way is recorded while it runs"
        raise SnapshotError(f"{words}; what came of it is `--kind closed`")
    elif name.day is not None and not period.start <= name.day <= today:
        early = f"`{period.id}` begins only on {period.start}"
        late = f"{name.day} is still to come: nobody knows yet how it stands then"
        raise SnapshotError(early if name.day < period.start else late)


def _promised(period: Period, today: date) -> None:
    if period.state is PeriodState.CLOSED:
        words = f"`{period.id}` is closed, and what it promised is recorded while it runs"
        raise SnapshotError(f"{words}: afterwards it would be told from its end")
    if period.state is PeriodState.DRAFT:
        words = f"`{period.id}` is still a draft; once its goals are agreed on, write"
        raise SnapshotError(f"{words} `state: committed` and `committed_on` into {period.path}")
    if period.committed_on is None:
        words = f"`{period.id}` does not say when it was committed: write `committed_on`"
        raise SnapshotError(f"{words} into {period.path}")
    if period.committed_on > today:
        words = f"`{period.id}` is to be committed on {period.committed_on}, and it is {today}"
        raise SnapshotError(f"{words}: wait for that day")
    if (period.start - period.committed_on).days > (period.end - period.start).days + 1:
        words = f"`{period.id}` begins on {period.start}, and `committed_on` in {period.path} is"
        raise SnapshotError(f"{words} {period.committed_on}: write the day of the commitment")
    if period.committed_on > period.end:
        words = f"`{period.id}` ends on {period.end}, and `committed_on` in {period.path} is"
        raise SnapshotError(f"{words} {period.committed_on}: write the day of the commitment")


def _ended(period: Period, today: date) -> None:
    if period.state is not PeriodState.CLOSED or period.closed_on is None:
        missing = "`closed_on`" if period.state is PeriodState.CLOSED else "`state: closed`"
        both = f"`state: closed` and `closed_on` into {period.path} and commit that"
        words = f"`{period.id}` is not closed, {missing} is missing: once all was said, write"
        raise SnapshotError(f"{words} {both}")
    if period.closed_on < period.start:
        words = f"`{period.id}` begins on {period.start}, and `closed_on` in {period.path} is"
        raise SnapshotError(f"{words} {period.closed_on}: write the day on which it was closed")
    if last_day(period) > today:
        until = f"it ends on {period.end}" if period.closed_on < period.end else "`closed_on`"
        words = f"`{period.id}` closes on {last_day(period)} ({until}), and it is {today}"
        raise SnapshotError(f"{words}: until then check-ins count; wait for that day")


def due(periods: Iterable[Period], known: Iterable[Name], today: date) -> tuple[Name, ...]:
    """The records that are due on a day and not `known`, in the order of their days.

    What was promised is recorded while the period runs: afterwards it is too late for that.
    """
    have = frozenset(known)
    found = ((day, name) for day, name in _wanted(periods, today) if name not in have)
    return tuple(name for _, name in sorted(found, key=lambda one: (one[0], str(one[1]))))


def waiting(
    periods: Iterable[Period], known: Iterable[Name], today: date
) -> Iterator[tuple[Period, str]]:
    """The periods that say `closed` and are not to be recorded as closed on a day, and why.

    Those whose record is `known` wait for nothing.
    """
    have = frozenset(known)
    for period in periods:
        if period.state is PeriodState.CLOSED and Name(period.id, Kind.CLOSED) not in have:
            try:
                _ended(period, today)
            except SnapshotError as error:
                yield period, str(error)


def _wanted(periods: Iterable[Period], today: date) -> Iterator[tuple[date, Name]]:
    for period in periods:
        closed = period.state is PeriodState.CLOSED
        promised = period.committed_on if period.state is PeriodState.COMMITTED else None
        if promised and promised <= today <= period.end:
            yield promised, Name(period.id, Kind.COMMITTED)
        if closed and period.closed_on and last_day(period) <= today:
            yield last_day(period), Name(period.id, Kind.CLOSED)


# --- what was promised otherwise ------------------------------------------------------------------


def otherwise(book: Book, history: History, period: str) -> tuple[FieldChange, ...]:
    """What git has changed in a period's goals after the Book's day and its record cannot undo.

    An amendment of a later day is undone by its values. What only words tell of is not, nor is
    what joined or left, nor what was changed in silence. What was changed back is no change.
    """
    promises = Promises(book.portfolio.periods, history)
    groups: dict[tuple[str, str, str], list[Found]] = defaultdict(list)
    for found in watched(book, history, promises.holds, date.max):
        own = found.held and found.period == period and found.change.day > book.as_of
        if own and found.change.kind in (OBJECTIVES, PERIODS):
            groups[found.about].append(found)
    moved = [
        (f.place, f.change) for group in groups.values() for f in _lasting(book, history, group)
    ]
    late = _joined(promises, history, period, book.as_of)
    return tuple(change for _, change in sorted((*moved, *late), key=lambda one: one[0]))


def _lasting(book: Book, history: History, group: list[Found]) -> list[Found]:
    """The changes of one subject and field that no amendment undoes."""
    changes = [found.change for found in group]
    _, subject, field = group[0].about
    if field == SCOPE or not changes[0].field:
        return group
    if same(changes[0].was) == same(changes[-1].now):
        return []
    told = (c for c in all_changes(book.portfolio).get(subject, ()) if c.field == field)
    undone = [c for c in told if c.amendment.date > book.as_of and is_read(book.portfolio, c)]
    covered = covering(changes, undone, history.written)
    honest = {c.amendment.id for c in undone if _begins_so(c, changes, covered)}
    return [
        found
        for place, found in enumerate(group)
        if place not in covered or covered[place].amendment.id not in honest
    ]


def _begins_so(told: Change, changes: list[FieldChange], covered: Mapping[int, Change]) -> bool:
    """Whether an amendment says what git had before: to that its record goes back."""
    places = [place for place, change in covered.items() if change is told]
    return bool(places) and same(changes[min(places)].was) == same(told.was)


def _joined(
    promises: Promises, history: History, period: str, day: date
) -> Iterator[tuple[int, FieldChange]]:
    """The goals that came into a period after `day`, when it was committed already."""
    for place, change in enumerate(history.changes):
        if change.kind != OBJECTIVES or "/" in change.subject or change.day <= day:
            continue
        new = change.event is Event.CREATED and change.period == period
        moved = change.field == "period" and str(change.now) == period
        of_period = replace(change, kind=PERIODS, subject=period)
        if (new or moved) and promises.holds(place, of_period, period):
            yield place, change
