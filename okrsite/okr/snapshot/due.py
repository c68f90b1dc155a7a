"""Which records may be made of a period on a day, and which are due."""

from collections.abc import Iterable, Iterator
from datetime import date

from okrsite.okr.ledger import last_day
from okrsite.okr.model import Period, PeriodState
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError


def allow(period: Period, name: Name, today: date) -> None:
    """Let a record be made of `period` on the day `today`.

    Raises:
        SnapshotError: it is not the time for it; the words say what to do.
    """
    if name.kind is Kind.COMMITTED:
        _promised(period, today)
    elif name.kind is Kind.CLOSED:
        _ended(period, today)
    elif name.day is not None and not period.start <= name.day <= today:
        early = f"`{period.id}` begins only on {period.start}"
        late = f"{name.day} is still to come: nobody knows yet how it stands then"
        raise SnapshotError(early if name.day < period.start else late)


def _promised(period: Period, today: date) -> None:
    if period.state is PeriodState.DRAFT:
        words = f"`{period.id}` is still a draft; once its goals are agreed on, write"
        raise SnapshotError(f"{words} `state: committed` and `committed_on` into {period.path}")
    if period.committed_on is None:
        words = f"`{period.id}` does not say when it was committed: write `committed_on`"
        raise SnapshotError(f"{words} into {period.path}")
    if period.committed_on > today:
        words = f"`{period.id}` is to be committed on {period.committed_on}, and it is {today}"
        raise SnapshotError(f"{words}: wait for that day")


def _ended(period: Period, today: date) -> None:
    if period.state is not PeriodState.CLOSED or period.closed_on is None:
        missing = "`closed_on`" if period.state is PeriodState.CLOSED else "`state: closed`"
        both = f"`state: closed` and `closed_on` into {period.path} and commit that"
        words = f"`{period.id}` is not closed, {missing} is missing: once all was said, write"
        raise SnapshotError(f"{words} {both}")
    if last_day(period) > today:
        words = f"`{period.id}` closes on {last_day(period)}, and it is {today}"
        raise SnapshotError(f"{words}: until then check-ins count; wait for that day")


def due(periods: Iterable[Period], known: Iterable[Name], today: date) -> tuple[Name, ...]:
    """The records that are due on a day and not `known`, in the order of their days.

    What was promised is recorded while the period runs: afterwards it is too late for that.
    """
    have = frozenset(known)
    found = ((day, name) for day, name in _wanted(periods, today) if name not in have)
    return tuple(name for _, name in sorted(found, key=lambda one: (one[0], str(one[1]))))


def _wanted(periods: Iterable[Period], today: date) -> Iterator[tuple[date, Name]]:
    for period in periods:
        closed = period.state is PeriodState.CLOSED
        promised = period.committed_on if period.state is PeriodState.COMMITTED else None
        if promised and promised <= today <= period.end:
            yield promised, Name(period.id, Kind.COMMITTED)
        if closed and period.closed_on and last_day(period) <= today:
            yield last_day(period), Name(period.id, Kind.CLOSED)
