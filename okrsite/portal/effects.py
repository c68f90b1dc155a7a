"""What a moved goalpost did to its objective, in numbers that one can compute again by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from okrsite.okr.model import KeyResult, Measure, measure_of
from okrsite.okr.past.covering import SCOPE
from okrsite.okr.past.impact import Effect
from okrsite.okr.past.moved import INITIATIVES, Move
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import clamped
from okrsite.portal.explain import bound_words, exact, linear_words
from okrsite.portal.moved_words import before_and_after
from okrsite.portal.parts import Delta
from okrsite.portal.shares import change_words
from okrsite.portal.words import NBSP, fixed, percent

LINES = (Measure.MEASURED, Measure.KPI, Measure.OBJECTIVES)
EXPECTED_ONLY = ("due", "plan")
NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class EffectWords:
    """Both numbers with the change between them, and how each comes about; or only a `note`."""

    of: str
    was: str
    now: str
    delta: Delta | None
    note: str
    how: tuple[str, ...]


def effect_words(book: Book, move: Move) -> EffectWords:
    """The effect of one move for its row."""
    effect = move.effect
    if book.is_archived(move.subject):  # its numbers are those of the record, whatever moves
        return EffectWords("", "", "", None, "not counted: its period is on record", ())
    if effect is None:
        return EffectWords("", "", "", None, _none(move), ())
    if move.field in EXPECTED_ONLY and effect.was == effect.now:
        was, now, of = effect.expected_was, effect.expected_now, "expected"
        how: tuple[str, ...] = ()
    else:
        was, now, of = effect.was, effect.now, ""
        how = tuple(_how(book, move, effect))
    if was is None and now is None:
        return EffectWords("", "", "", None, "no data yet that day", ())
    return EffectWords(of, _share(was), _share(now), _delta(was, now), "", how)


def _none(move: Move) -> str:
    if move.kind == INITIATIVES and move.field != "contributes_to":
        return "no goal's number moves by it"
    if move.field == "weight":
        return "counts in no objective above"
    return "not known" if move.field in (SCOPE, "contributes_to") else "not computed"


def _share(value: Fraction | None) -> str:
    return NO_DATA if value is None else percent(value, 1)


def _delta(was: Fraction | None, now: Fraction | None) -> Delta | None:
    """The change between the two exact numbers, to a tenth of a point."""
    if was is None or now is None:
        return None
    if was == now:
        return Delta("", "", "no change", "")
    arrow, word = ("▲", "up") if now > was else ("▼", "down")
    points = change_words(abs(now - was)).removeprefix("+")
    return Delta(arrow, word, f"{points}{NBSP}pts", "")


def _how(book: Book, move: Move, effect: Effect) -> Iterator[str]:
    was, now = before_and_after(book, move)
    sides = ((was, effect.asked_was, 0), (now, effect.asked_now, 1))
    for name, asked, side in sides:
        words = [_own(book, effect, asked, side), _mean(book, effect, side)]
        head = name if move.field != SCOPE else ("Before", "After")[side]
        yield f"{head or 'none'}: {'; '.join(filter(None, words))}"


def _own(book: Book, effect: Effect, asked: KeyResult | None, side: int) -> str:
    """The changed key result's own progress."""
    if asked is None:
        return ""
    part = next((part for part in effect.parts if part.ref == effect.ref), None)
    progress = (part.now if side else part.was) if part else None
    if progress is None:
        return ""
    measure, value = measure_of(asked), effect.value
    if measure in LINES and None not in (asked.start, asked.target, value):
        formula = linear_words(
            value or Fraction(0), asked.start or Fraction(0), asked.target or Fraction(0)
        )
        return f"{formula} = {_digits(progress)}{NBSP}%"
    if measure is Measure.BOUND and value is not None and book.settings.policy.keep == "latest":
        bound = bound_words(asked, book.settings.policy.bounds == "strict")
        verb = "keeps" if progress else "does not keep"
        return f"{exact(value)} {verb} {bound} = {_digits(progress)}{NBSP}%"
    return f"its own progress {_digits(progress)}{NBSP}%"


def _digits(value: Fraction) -> str:
    text = fixed(value * 100, 2)
    return text.rstrip("0").rstrip(".") if "e" not in text else text


def _mean(book: Book, effect: Effect, side: int) -> str:
    """The objective's mean, by weight; what has no data counts as 0."""
    found = [
        (weight, (part.now if side else part.was) or Fraction(0))
        for part in effect.parts
        if (weight := part.weight_now if side else part.weight_was)
    ]
    result = effect.now if side else effect.was
    weights = sum((weight for weight, _ in found), Fraction(0))
    if not weights or result is None:
        return f"the objective: {NO_DATA}"
    top = " + ".join(
        f"{exact(weight)} × {_digits(clamped(value, book.settings.policy))}"
        for weight, value in found
    )
    return f"the objective ({top}) ÷ {exact(weights)} = {percent(result, 1)}"
