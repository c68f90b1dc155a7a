"""How a number was computed, as a table: inputs, weights, sum, policy, and where each came from."""

from dataclasses import dataclass

from okrsite.okr.model import Measure
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import ObjectiveScore, Part
from okrsite.portal.explain import (
    exact,
    expected_words,
    explain_key_result,
    policy_words,
    projection_words,
    sum_digits,
    sum_words,
)
from okrsite.portal.links import Link, Links
from okrsite.portal.words import fixed, percent


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One input: what it is, its formula, its weight, what it adds, and its source."""

    what: Link
    formula: str
    weight: str
    counts: str
    source: Link | None


@dataclass(frozen=True, slots=True)
class Trail:
    """The computation of one weighted mean, for a reader with a pencil."""

    summary: str
    lines: tuple[TrailLine, ...]
    result: str
    weights: str
    total: str
    notes: tuple[str, ...]


def trail_of(book: Book, links: Links, score: ObjectiveScore) -> Trail:
    """How the progress of `score` came about."""
    words, total, weights = sum_words(score)
    digits = sum_digits(weights)
    known = score.progress is not None
    shown = percent(score.progress) if score.progress is not None else "no data"
    return Trail(
        summary=f"How {shown} is computed" if known else "Why there is no number",
        lines=tuple(_line(book, links, part, digits) for part in score.parts),
        result=words,
        weights=exact(weights),
        total=fixed(total, digits),
        notes=tuple(_notes(book, score)),
    )


def _line(book: Book, links: Links, part: Part, digits: int) -> TrailLine:
    if "/" in part.ref:
        formula = explain_key_result(book, book.scorecard.key_results[part.ref])
    elif part.progress is None:
        formula = "no data, counted as 0 %"
    else:
        formula = percent(part.progress, 1)
    counted = part.counted
    capped = counted is not None and part.progress is not None and counted != part.progress
    if capped and counted is not None:
        formula += f", counts as {percent(counted)}"
    return TrailLine(
        what=links.named_goal(part.ref),
        formula=formula,
        weight=exact(part.weight),
        counts="–" if counted is None else fixed(counted * part.weight * 100, digits),
        source=source_of(book, links, part.ref),
    )


def source_of(book: Book, links: Links, ref: str) -> Link | None:
    """The check-in a key result's number came from, at its place in the feed."""
    if "/" not in ref:
        return links.objective(ref)
    score = book.scorecard.key_results[ref]
    name = ""
    if score.measure is Measure.KPI and score.reading:
        name = score.reading.check_in
    elif score.entries:
        valued = [e for e in score.entries if e.value is not None or e.flag is not None or e.done]
        name = valued[-1].check_in if valued else ""
    if not name:
        return None
    return Link(book.portfolio.check_ins[name].path, links.check_in(name))


def _notes(book: Book, score: ObjectiveScore) -> list[str]:
    policy = book.world.settings_of(score.ref).policy
    notes = [f"Policy: {policy_words(policy)}."]
    if expected := expected_words(score):
        notes.append(f"Expected is the same weighted mean: {expected}.")
    if pace := projection_words(score, policy):
        rule = "each part at its own pace, capped, or where it stands if it has none"
        notes.append(f"At this pace, {rule}: {pace}.")
    left_out = [part for part in score.parts if part.counted is None]
    if left_out:
        names = ", ".join(_title(book, part.ref) for part in left_out)
        notes.append(f"Not counted: {names}.")
    return notes


def _title(book: Book, ref: str) -> str:
    if "/" in ref:
        return book.portfolio.key_results[ref].title
    return book.portfolio.objectives[ref].title
