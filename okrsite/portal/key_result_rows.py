"""Key results as rows: what, course, now, spark, confidence, status, and the latest note."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.model import Measure
from okrsite.okr.past.moved import OBJECTIVES
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import done_milestones
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status
from okrsite.portal.courses import change_words
from okrsite.portal.explain import bound_of, bound_words, kept_values
from okrsite.portal.forge import Form, key_result_forms
from okrsite.portal.links import Link, kr_anchor
from okrsite.portal.moved_words import change_text
from okrsite.portal.parts import Bar, Desk, StatusMark, progress_bar, status_mark, week_before, who
from okrsite.portal.promised import move_words
from okrsite.portal.recorded import moves_on_record
from okrsite.portal.words import (
    count,
    day,
    number,
    percent,
    round_half_up,
    shortened,
    with_unit,
)


@dataclass(frozen=True, slots=True)
class StepMark:
    """One piece of a stepped bar: a milestone, or a check-in of a bound."""

    css: str
    text: str
    weight: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """A confidence from 0 to 1, as text for the eye and for the stylesheet."""

    text: str


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    """A key result as a row: what · course · now · spark · confidence · status, and a note."""

    ref: str
    anchor: str
    title: Link
    who: tuple[Link, ...]
    about: str
    bar: Bar | None
    steps: tuple[StepMark, ...]
    steps_label: str
    scale: tuple[str, ...]
    before: str
    now: str
    now_unit: str
    now_note: str
    spark: Markup
    confidence: Confidence | None
    status: StatusMark
    said: str
    note_day: date | None
    note: str
    moved: str
    forms: tuple[Form, ...] = ()


def key_result_row(
    desk: Desk, ref: str, *, about: str | None = None, forms: bool = False
) -> KeyResultRow:
    """One key result for a list; `about` replaces its weight beside whose it is.

    `forms` adds the ways to check in and to edit it.
    """
    book, score = desk.book, desk.book.scorecard.key_results[ref]
    objective, _, name = ref.partition("/")
    item = book.portfolio.objectives[objective]
    owner = desk.links.person(score.asked.owner or item.owner)
    team = desk.links.team(score.asked.team) if score.asked.team != item.team else None
    steps, label = _steps(book, score)
    now, unit, note = _now(book, score)
    day_of_note, text = latest_note(desk, score)
    earlier = book.ledger.entries_until(ref, week_before(book))
    return KeyResultRow(
        ref=ref,
        anchor=kr_anchor(name),
        title=Link(score.asked.title, desk.links.goal(ref)),
        who=who(owner, team),
        about=_about(book, score) if about is None else about,
        bar=None if steps else _course(score),
        steps=steps,
        steps_label=label,
        scale=_scale(book, score),
        before=_value_words(score, earlier[-1].value) if earlier else "",
        now=now,
        now_unit=unit,
        now_note=note,
        spark=desk.spark(ref),
        confidence=_confidence(score),
        status=status_mark(score.status),
        said=_said(book, score),
        note_day=day_of_note,
        note=text,
        moved=moved_words(desk, score),
        forms=key_result_forms(desk, ref) if forms else (),
    )


def _confidence(score: KeyResultScore) -> Confidence | None:
    return None if score.confidence is None else Confidence(number(score.confidence))


def _value_words(score: KeyResultScore, value: Fraction | None) -> str:
    return "" if value is None else with_unit(value, score.asked.unit)


def _about(book: Book, score: KeyResultScore) -> str:
    words = [f"weight {number(score.weight)}"]
    if score.asked.plan:
        words.append("planned")
    if score.asked.due:
        words.append(f"due {day(score.asked.due)}")
    if score.counted is None:
        words.append("shown, not counted" if not score.weight else "not counted yet")
    return " · ".join(words)


def _course(score: KeyResultScore) -> Bar:
    title = score.asked.title
    if score.measure is Measure.UNKNOWN:
        return progress_bar(title, Status.NO_DATA, None, None)
    return progress_bar(title, score.status, score.progress, score.expected, score.projection)


def _is_ticked(score: KeyResultScore) -> bool:
    """Whether it is known which milestones are done; of a recorded one it may be their share."""
    known = bool(score.entries) or score.progress is None
    return score.measure is Measure.MILESTONES and known


def _steps(book: Book, score: KeyResultScore) -> tuple[tuple[StepMark, ...], str]:
    if _is_ticked(score):
        done = done_milestones(score.entries)
        marks = tuple(
            StepMark(
                "on" if m.id in done else "", _milestone(m.title, m.id in done), number(m.weight)
            )
            for m in score.asked.milestones
        )
        return marks, "Milestones"
    kept = kept_values(book, score) if score.measure is Measure.BOUND else ()
    marks = tuple(
        StepMark("kept" if ok else "broken", "kept" if ok else "not kept", "1") for ok in kept
    )
    return marks, f"Kept in {sum(kept)} of {count(len(kept), 'check-in')}" if kept else ""


def _milestone(title: str, done: bool) -> str:
    return f"{title}, {'done' if done else 'open'}"


def _scale(book: Book, score: KeyResultScore) -> tuple[str, ...]:
    kr = score.asked
    match score.measure:
        case Measure.MILESTONES:
            return _milestone_scale(score) if _is_ticked(score) else ("0 %", "100 %")
        case Measure.BOUND:
            kept = kept_values(book, score)
            said = f"kept in {sum(kept)} of {count(len(kept), 'check-in')}" if kept else ""
            return (said, bound_words(kr))
        case Measure.DONE:
            return ("", "" if kr.done_when == kr.title else shortened(kr.done_when or ""))
        case Measure.INITIATIVES:
            return ("initiatives done", "all of them")
    if score.measure is Measure.KPI and kr.start is None:
        return ("from a KPI", bound_words(bound_of(book, score)))
    if kr.start is None and kr.target is None:
        computed = score.measure is Measure.OBJECTIVES
        return ("0 %", "100 %") if computed else ("start unknown", "target unknown")
    left = "start unknown" if kr.start is None else number(kr.start)
    right = "target unknown" if kr.target is None else with_unit(kr.target, kr.unit)
    if score.projected_value is None:
        return (left, right)
    return (left, f"this pace: {_pace(score.projected_value, kr.start, kr.target)}", right)


def _pace(value: Fraction, start: Fraction | None, target: Fraction | None) -> str:
    reach = abs((target or Fraction(0)) - (start or Fraction(0)))
    return number(round_half_up(value, 0 if reach >= 20 else 1), 1)


def _milestone_scale(score: KeyResultScore) -> tuple[str, ...]:
    done = done_milestones(score.entries)
    open_ones = [m for m in score.asked.milestones if m.id not in done]
    ready = count(len(score.asked.milestones) - len(open_ones), "milestone") + " done"
    if not open_ones:
        return (ready, "")
    first = min(open_ones, key=lambda m: m.due or date.max)
    when = f", {day(first.due)}" if first.due else ""
    return (ready, f"next: {first.title}{when}")


def _now(book: Book, score: KeyResultScore) -> tuple[str, str, str]:
    """The value, its unit, and under it what that is of the way."""
    if _is_ticked(score) and score.progress is not None:
        done = len(done_milestones(score.entries))
        total = len(score.asked.milestones)
        return f"{done} of {total}", "milestones", f"{percent(score.progress)} by weight"
    if score.measure is Measure.DONE and score.progress is not None:
        return ("done" if score.progress else "not done"), "", ""
    if score.value is None:
        if score.progress is None:
            counted = "counted as 0 %" if score.counted is not None else "not counted"
            return "", _none_said(book, score), counted
        return percent(score.progress), "", "of the way"
    unit = score.asked.unit or ""
    text = number(score.value) + (f"\u00a0{unit}" if unit == "%" else "")
    return text, "" if unit == "%" else unit, _way(score)


def _none_said(book: Book, score: KeyResultScore) -> str:
    """What is missing where a key result has no number."""
    if score.measure is Measure.KPI:
        return "no value of its KPI"
    period = book.world.period(score.ref)
    closed = period is not None and is_closed(period, book.as_of)
    return "no closing check-in" if closed else "no check-in"


def _way(score: KeyResultScore) -> str:
    if score.progress is None:
        return "not counted"
    if score.measure is Measure.BOUND:
        return "kept: 100 %" if score.progress == 1 else f"kept: {percent(score.progress)}"
    return f"{percent(score.progress)} of the way"


def _said(book: Book, score: KeyResultScore) -> str:
    """How its owner sees it, where that is not what was computed; the score once it is final."""
    words = []
    if score.said is not None and score.said != str(score.status):
        words.append(score.said.replace("-", " "))
    if score.said_score is not None and is_closed(book.world.period(score.ref), book.as_of):
        words.append(number(score.said_score))
    return f"owner: {', '.join(words)}" if words else ""


def latest_note(desk: Desk, score: KeyResultScore) -> tuple[date | None, str]:
    """The narrative of the newest check-in that had one."""
    for entry in reversed(score.entries):
        body = desk.book.portfolio.check_ins[entry.check_in].body
        if body.strip():
            return entry.day, desk.notes.words(body)
    return None, ""


def moved_words(desk: Desk, score: KeyResultScore) -> str:
    """`Target 30 → 60 on 29 Jul; as first promised 48 %`, and what moved without a reason."""
    parts = [*_amended(desk.book, score), *_silent(desk, score.ref)]
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def _amended(book: Book, score: KeyResultScore) -> Iterator[str]:
    recorded = (move for move in moves_on_record(book, score.ref) if move.amendment)
    changes = [
        *((move_words(move), move.day) for move in recorded),
        *((change_words(c), c.amendment.date) for c in book.world.terms_of(score.ref).changes),
    ]
    if changes:
        words, when = changes[-1]
        yield f"{words} on {day(when)}"
        if score.promised is not None and score.promised != score.progress:
            yield f"as first promised {percent(score.promised)}"


def _silent(desk: Desk, ref: str) -> Iterator[str]:
    """The newest change of each field that nobody gave a reason for."""
    book, objective = desk.book, ref.partition("/")[0]
    found = {
        move.field: (move_words(move), move.day)
        for move in moves_on_record(book, ref)
        if not move.explained
    }
    found |= {
        move.field: (change_text(book, move), move.day)
        for move in reversed(desk.silent.get((OBJECTIVES, objective), ()))
        if move.subject == ref
    }
    for words, when in found.values():
        yield f"{words} on {day(when)}, no reason given"
