"""A split of a key result's change into work and goalposts, for a reader to compute again."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from okrsite.okr.snapshot.beside import exact_in
from okrsite.okr.snapshot.steps import Row
from okrsite.okr.snapshot.tokens import fraction
from okrsite.portal.explain import exact
from okrsite.portal.shares import shown_shares, signed
from okrsite.portal.words import MINUS, NBSP, fixed, round_half_up

ZERO = Fraction(0)
SECTION = ("reviewing.md", "split")  # of the handbook


@dataclass(frozen=True, slots=True)
class Way:
    """From where to where a key result was to go, and where it stood; None is no value."""

    start: Fraction
    target: Fraction
    value: Fraction | None

    def share(self, value: Fraction | None) -> Fraction:
        """How much of the way a value is; no data counts as 0."""
        return ZERO if value is None else (value - self.start) / (self.target - self.start)

    def words(self, value: Fraction | None) -> str:
        """`60 on 0 → 80`."""
        stood = "no data" if value is None else exact(value)
        return f"{stood} on {exact(self.start)} → {exact(self.target)}"


def way_of(row: Any) -> Way | None:
    """The way of a key result as a record has it; None where its number is not just that."""
    start, target, value = (fraction(row.get(name)) for name in ("start", "target", "value"))
    if start is None or target is None or start == target:
        return None
    way = Way(start, target, value)
    progress = exact_in(row, "progress")
    known = progress if value is not None else ZERO
    return way if known == way.share(value) and (progress is None) is (value is None) else None


def split_words(base: Way | None, head: Way | None, row: Row, asked: str = "goalposts") -> str:
    """How the shares of a change come about; empty where four numbers are not all there is to it.

    It is said only where it gives just the share that was published. `asked` is what the goals of
    the later end are called.
    """
    if base is None or head is None or row.time or not (row.work and row.goalposts):
        return ""
    before, after = row.before or ZERO, row.after or ZERO
    worked, meant = base.share(head.value), head.share(base.value)
    ends = base.share(base.value), head.share(head.value)
    work = (worked - before + after - meant) / 2
    if ends != (before, after) or work != row.work:
        return ""
    share = _share(work, shown_shares(after - before, row.split)["work"])
    one, two, three, four = map(_points, (worked, before, after, meant))
    return (
        f"Work alone: {base.words(head.value)} = {one}{NBSP}%. "
        f"{asked[:1].upper()}{asked[1:]} alone: {head.words(base.value)} = {four}{NBSP}%. "
        f"Work: ({_less(one, two)} + {_less(three, four)}) ÷ 2 = {share}"
    )


def _share(exact: Fraction, shown: Fraction) -> str:
    """The share as the formula gives it; where it is printed otherwise, why."""
    words, printed = signed(round_half_up(exact, 3)), signed(shown)
    more = f", printed as {printed} for the shares to add up to the points"
    return words if words == printed else f"{words}{more}"


def _less(whole: str, part: str) -> str:
    return f"({whole} {MINUS} {f'({part})' if part.startswith(MINUS) else part})"


def _points(share: Fraction) -> str:
    text = fixed(share * 100, 2)
    return text.rstrip("0").rstrip(".")
