"""How the number of a key result was made: its formula, and where each input came from."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from okrsite.okr.ledger import Entry
from okrsite.okr.model import Measure
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import (
    done_milestones,
    is_done,
    objective_progress,
    scoring_day,
    summed_values,
)
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.snapshot.tokens import Json

OBJECTIVE_FORMULA = "sum(weight * counted) / sum(weight)"
_LINEAR = "(value - start) / (target - start)"
_KEPT = "1 if value is within the bound, else 0"
_FORMULAS = {
    Measure.MEASURED: _LINEAR,
    Measure.BOUND: _KEPT,
    Measure.MILESTONES: "sum(weight of done) / sum(weight)",
    Measure.DONE: "1 if done, else 0",
    Measure.OBJECTIVES: "sum(weight * counted) / sum(weight) of the children",
    Measure.INITIATIVES: "initiatives done / initiatives",
    Measure.KPI: _KEPT,
    Measure.UNKNOWN: "not measurable, not counted",
}


def trail_of(book: Book, score: KeyResultScore, is_open: bool = False) -> Json:
    """The formula and inputs of one key result; `source` is a file by its path."""
    inputs = list(_inputs(book, score))
    formula = "no closing check-in: no data" if is_open else _formula(book, score)
    return {"formula": formula, "inputs": inputs}


def _formula(book: Book, score: KeyResultScore) -> str:
    kr = score.asked
    if kr.unreadable:
        return "its measure cannot be read, counted as 0"
    ranged = kr.start is not None and kr.target is not None
    if score.measure is Measure.OBJECTIVES and ranged:
        return f"{_LINEAR}, value = sum of the children's values"
    if score.measure is Measure.KPI and ranged:
        return _LINEAR
    if score.measure is Measure.BOUND and book.settings.policy.keep == "share":
        return "check-ins within the bound / planned check-ins, at most 1"
    return _FORMULAS[score.measure]


def _inputs(book: Book, score: KeyResultScore) -> Iterator[Json]:
    match score.measure:
        case Measure.MEASURED | Measure.BOUND | Measure.UNKNOWN:
            yield from _values(book, score)
        case Measure.MILESTONES:
            weights = {m.id: m.weight for m in score.asked.milestones}
            for name, entry in done_milestones(score.entries).items():
                yield _input(name, weights.get(name), _file(book, entry.check_in))
        case Measure.DONE:
            yield from list(_flags(book, score.entries))[-1:]
        case Measure.OBJECTIVES:
            yield from _children(book, score)
        case Measure.INITIATIVES:
            yield from _initiatives(book, score.ref)
        case Measure.KPI if score.reading:
            yield _input("value", score.reading.value, _file(book, score.reading.check_in))


def _values(book: Book, score: KeyResultScore) -> Iterator[Json]:
    """The values that count: the latest, or each one where the kept ones are counted."""
    told = [entry for entry in score.entries if entry.value is not None]
    every = score.measure is Measure.BOUND and book.settings.policy.keep == "share"
    for entry in told if every else told[-1:]:
        yield _input("value", entry.value, _file(book, entry.check_in))


def _flags(book: Book, entries: Iterable[Entry]) -> Iterator[Json]:
    for entry in entries:
        if entry.flag is not None or entry.value is not None:
            done = entry.value if entry.flag is None else Fraction(int(entry.flag))
            yield _input("done", done, _file(book, entry.check_in))


def _children(book: Book, score: KeyResultScore) -> Iterator[Json]:
    day = scoring_day(book.world.period(score.ref), book.as_of)
    if score.asked.start is not None and score.asked.target is not None:
        for ref, value in summed_values(book.world, score.ref, score.asked, day):
            yield _input(ref, value, "")
        return
    for name in book.portfolio.children.get(score.ref, ()):
        path = book.portfolio.objectives[name].path
        yield _input(name, objective_progress(book.world, name, day), path)


def _initiatives(book: Book, ref: str) -> Iterator[Json]:
    day = scoring_day(book.world.period(ref), book.as_of)
    for name in book.portfolio.initiatives_for.get(ref, ()):
        step = book.ledger.step_on(name, day)
        own = book.portfolio.initiatives[name].path
        done = Fraction(int(is_done(book.world, name, day)))
        yield _input(name, done, _file(book, step.check_in) if step else own)


def _input(name: str, value: Fraction | None, source: str) -> Json:
    return {"name": name, "value": value, "source": source or None}


def _file(book: Book, check_in: str) -> str:
    return book.portfolio.check_ins[check_in].path
