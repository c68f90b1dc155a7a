"""How many key results stand where, and how that changed in a week."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from okrsite.okr.pipeline import Book
from okrsite.okr.status import WORST_FIRST, Status
from okrsite.portal.parts import Delta, StatusMark, status_mark, week_before
from okrsite.portal.weekly import key_result_status_on
from okrsite.portal.words import percent

BEST_FIRST = (
    Status.ON_TRACK,
    Status.ACHIEVED,
    Status.AT_RISK,
    Status.PARTIAL,
    Status.OFF_TRACK,
    Status.MISSED,
    Status.NO_DATA,
    Status.NOT_STARTED,
    Status.DROPPED,
)
_GOOD = (Status.ON_TRACK, Status.ACHIEVED)


@dataclass(frozen=True, slots=True)
class Share:
    """One status: how many, which share of all, and how many more or fewer than a week ago."""

    status: StatusMark
    count: int
    share: str
    delta: Delta | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """All statuses of some key results, the good ones first."""

    total: int
    shares: tuple[Share, ...]
    worse: int
    better: int
    first: int
    compared: bool


def distribution(book: Book, refs: Sequence[str], *, compare: bool) -> Distribution:
    """Where `refs` stand; with `compare` also against one cadence ago."""
    now = {ref: book.scorecard.key_results[ref].status for ref in refs}
    day = week_before(book)
    before = {ref: key_result_status_on(book, ref, day) for ref in refs} if compare else {}
    counts, earlier = Counter(now.values()), Counter(before.values())
    shares = tuple(
        Share(
            status_mark(status),
            counts[status],
            percent(Fraction(counts[status], len(refs))),
            _delta(status, counts[status] - earlier[status]) if compare else None,
        )
        for status in BEST_FIRST
        if counts[status] or earlier[status]
    )
    moves = [(before[ref], now[ref]) for ref in refs if compare and before[ref] is not now[ref]]
    first = sum(1 for old, _ in moves if old is Status.NO_DATA)
    known = [(_rank(old), _rank(new)) for old, new in moves if old is not Status.NO_DATA]
    return Distribution(
        total=len(refs),
        shares=shares,
        worse=sum(1 for old, new in known if new < old),
        better=sum(1 for old, new in known if new > old),
        first=first,
        compared=compare,
    )


def _rank(status: Status) -> int:
    return WORST_FIRST.index(status)


def _delta(status: Status, change: int) -> Delta:
    if not change:
        return Delta("", "", "no change", "")
    good = (change > 0) == (status in _GOOD)
    css = "okr-delta--good" if good else "okr-delta--bad"
    arrow, word = ("▲", "up") if change > 0 else ("▼", "down")
    return Delta(arrow, word, str(abs(change)), css)
