"""Values that lie so far outside that one asks before they are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from okrsite.edit.checking_in.check_in import KEY_RESULTS, NewCheckIn, Subject
from okrsite.okr.model import KeyResult, Kpi
from okrsite.okr.naming import is_over, period_of
from okrsite.okr.pipeline import Book
from okrsite.okr.values import plain

LEAST, MOST = Fraction(-1), Fraction(2)  # of the way from start to target


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd about a value, as a statement and as what to answer yes to."""

    odd: str
    question: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """What a value is held against: the last one, what is aimed at, and ways from start to end."""

    unit: str | None
    last: Fraction | None
    aims: tuple[Fraction, ...]
    ways: tuple[tuple[Fraction, Fraction], ...]

    @property
    def known(self) -> tuple[Fraction, ...]:
        ends = (level for way in self.ways for level in way)
        return (*(() if self.last is None else (self.last,)), *self.aims, *ends)


def doubts(book: Book, new: NewCheckIn) -> Iterator[Doubt]:
    """The doubts about every number in `new`."""
    for subject, typed in new.typed.items():
        of_result = subject.kind == KEY_RESULTS
        said = new.key_results[subject.ref].value if of_result else new.kpis.get(subject.ref)
        if isinstance(said, Fraction) and (found := doubt(book, subject, said, typed)):
            yield found


def doubt(book: Book, subject: Subject, value: Fraction, typed: str) -> Doubt | None:
    """What is odd about `value`, which was `typed`; None where nothing is."""
    scale = _scale(book, subject)
    said, written = plain(value), typed.strip()[:40]
    last = f"last was {plain(scale.last)}; " if scale.last is not None else ""
    if _is_no_share(value, scale):
        odd = f"`{written}` for `{subject}` lies outside of 0 to 100 %."
    elif far := _too_far(value, scale):
        (start, target), share = far
        way = f"from {plain(start)} to {plain(target)}"
        odd = f"`{written}` for `{subject}`, which goes {way}, would be {share} % of the way."
    else:
        return None
    return Doubt(odd, f"{odd} {last.capitalize()}{'really' if last else 'Really'} {said}?")


def _scale(book: Book, subject: Subject) -> _Scale:
    ref = subject.ref
    if subject.kind == KEY_RESULTS:
        score = book.scorecard.key_results[ref]
        return _Scale(score.asked.unit, score.value, _aims(score.asked), _ways(score.asked))
    kpi, reading = book.portfolio.kpis[ref], book.ledger.reading_on(ref, book.as_of)
    last = reading.value if reading else None
    return _Scale(kpi.unit, last, _aims(kpi), tuple(_ways_of_readers(book, ref)))


def _aims(noun: KeyResult | Kpi) -> tuple[Fraction, ...]:
    bounds = (noun.at_least, noun.at_most, *(noun.between or ()))
    return tuple(bound for bound in bounds if bound is not None)


def _ways(kr: KeyResult) -> tuple[tuple[Fraction, Fraction], ...]:
    if kr.start is None or kr.target is None or kr.start == kr.target:
        return ()
    return ((kr.start, kr.target),)


def _ways_of_readers(book: Book, kpi: str) -> Iterator[tuple[Fraction, Fraction]]:
    """The ways of the key results that read a KPI and still count."""
    for ref, score in book.scorecard.key_results.items():
        over = is_over(period_of(book.portfolio, ref), book.as_of)
        if score.asked.source == kpi and not over:
            yield from _ways(score.asked)


def _is_no_share(value: Fraction, scale: _Scale) -> bool:
    if not (scale.unit or "").startswith("%") or 0 <= value <= 100:
        return False
    return all(0 <= level <= 100 for level in scale.known)


def _too_far(value: Fraction, scale: _Scale) -> tuple[tuple[Fraction, Fraction], str] | None:
    """A way that `value` leaves far behind, and how far; not where it already was about there."""
    for start, target in scale.ways:
        share = (value - start) / (target - start)
        near = scale.last is not None and abs(value - scale.last) <= abs(target - start)
        if not LEAST <= share <= MOST and not near:
            return (start, target), f"{float(share * 100):,.0f}"
    return None
