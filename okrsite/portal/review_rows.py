"""The goals of a closed period as rows: promised, changed, closed; and what was said on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.model import KeyResult, Measure, Objective
from okrsite.okr.scorecard import KeyResultNumbers, ObjectiveScore
from okrsite.okr.snapshot.beside import Moved
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.sheet import Sheet
from okrsite.okr.snapshot.steps import Row, Step
from okrsite.okr.status import Grade, Status, score_of
from okrsite.portal.explain import bound_words, exact, linear_words, sum_words
from okrsite.portal.links import Link
from okrsite.portal.parts import StatusMark, status_mark, who
from okrsite.portal.promised import NO_TITLES, MoveRow, Promise, move_row, unit_of
from okrsite.portal.recorded import Then
from okrsite.portal.said_lines import said_lines, score_text
from okrsite.portal.shares import CAUSES, change_words, shown_shares, signed
from okrsite.portal.words import count, day, fixed, number, percent, with_unit

GRADES = {
    Grade.GREEN: Status.ACHIEVED,
    Grade.YELLOW: Status.PARTIAL,
    Grade.RED: Status.MISSED,
}
NO_GRADE = StatusMark(str(Status.NO_DATA), "no grade")
_SHOWN_INPUTS = 12
# Where nobody checks in on the key result itself.
_SILENT = {
    Measure.KPI: "No value of its KPI",
    Measure.OBJECTIVES: "No number below it",
    Measure.INITIATIVES: "No work for it",
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A key result: what was promised, what moved, what it closed on, and how that is computed."""

    anchor: str
    title: str
    about: tuple[Link, ...]
    promised: str
    moves: tuple[MoveRow, ...]
    value: str
    unit: str
    notes: tuple[str, ...]
    status: StatusMark
    said: str
    fold: str
    how: str
    earlier: int
    check_ins: Markup


@dataclass(frozen=True, slots=True)
class GoalRow:
    """An objective with its key results, and those that were promised and taken out again."""

    anchor: str
    title: str
    about: tuple[Link, ...]
    into: tuple[Link, ...]
    moves: tuple[MoveRow, ...]
    score: str
    grade: StatusMark
    share: str
    since: str
    how: str
    status: StatusMark
    results: tuple[ResultRow, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class Reviewed:
    """All that the rows of one review are made of; `shown` check-ins of each key result."""

    then: Then
    sheet: Sheet
    promise: Promise
    step: Step | None
    anchors: Mapping[str, str]
    into: Mapping[str, tuple[Link, ...]]
    notes: Mapping[str, Markup]
    shown: int

    @property
    def record(self) -> Record:
        return self.then.record


def grade_mark(grade: Grade | None) -> StatusMark:
    """A grade by its word, in the shape and colour of what it amounts to."""
    return NO_GRADE if grade is None else StatusMark(str(GRADES[grade]), str(grade))


def score_words(score: ObjectiveScore | None) -> tuple[str, str]:
    """A score, and under it what that is of the way."""
    if score is None or score.progress is None or score.score is None:
        return "none", "counted as 0 %"
    return fixed(score.score, 1), f"{percent(score.progress)} of the way"


def goal_row(made: Reviewed, goal: Objective) -> GoalRow:
    """One objective of the period."""
    score = made.record.objectives[goal.id]
    shown, share = score_words(score)
    refs = {f"{goal.id}/{kr.id}" for kr in goal.key_results}
    above: set[str] = set()  # each note is said once an objective
    return GoalRow(
        anchor=made.anchors[goal.id],
        title=goal.title,
        about=(Link(str(goal.ambition)), *who(made.then.person(goal.owner))),
        into=made.into.get(goal.id, ()),
        moves=_moves(made, goal.id, None, {kr.id: kr.title for kr in goal.key_results}),
        score=shown,
        grade=grade_mark(score.grade),
        share=share,
        since=_since_promised(made, goal.id),
        how="" if score.progress is None else sum_words(score)[0],
        status=status_mark(score.status),
        results=tuple(_result_row(made, goal, kr, above) for kr in goal.key_results),
        gone=tuple(made.promise.gone(goal.id, refs)),
    )


def _moves(
    made: Reviewed, ref: str, unit: str | None, titles: Mapping[str, str] = NO_TITLES
) -> tuple[MoveRow, ...]:
    moves = made.promise.moves.get(ref, ())
    return tuple(move_row(made.then, move, unit, titles) for move in moves)


def _since_promised(made: Reviewed, goal: str) -> str:
    if made.step is not None and goal not in made.step.objectives:
        return "joined after the commitment, so nothing is compared"
    return _since(made.step.objectives.get(goal) if made.step else None)


def _since(row: Row | None) -> str:
    """`+51.4 pts since the commitment: +60.0 work, −8.6 moved goalposts`.

    Nothing where it began without any and went all the way by work: that goes without saying.
    """
    if row is None or (not row.before and not row.goalposts and not row.time):
        return ""
    change = (row.after or Fraction(0)) - (row.before or Fraction(0))
    shares = shown_shares(change, row.split)
    because = ", ".join(f"{signed(share)} {CAUSES[name]}" for name, share in shares.items())
    words = f"{change_words(change)} pts since the commitment"
    return f"{words}: {because}" if because else words


# --- a key result -----------------------------------------------------------------------------


def _result_row(made: Reviewed, goal: Objective, kr: KeyResult, above: set[str]) -> ResultRow:
    ref = f"{goal.id}/{kr.id}"
    numbers = made.record.key_results[ref]
    said = made.sheet.said(ref)
    value, unit = _value(made, ref, kr, numbers)
    how = _how(made, ref, kr, numbers)
    return ResultRow(
        anchor=made.anchors[ref],
        title=kr.title,
        about=tuple(_about(made.then, goal, kr, numbers)),
        promised=made.promise.words(made.sheet, ref, kr) or "added later",
        moves=_moves(made, ref, _unit(made, kr)),
        value=value,
        unit=unit,
        notes=tuple(filter(None, _notes(made, ref, kr, numbers))),
        status=status_mark(numbers.status),
        said=_owner_said(numbers),
        fold=_fold(len(said), numbers),
        how=how,
        check_ins=said_lines(said[-made.shown :], kr, made.notes, above),
        earlier=max(0, len(said) - made.shown),
    )


def _about(then: Then, goal: Objective, kr: KeyResult, numbers: KeyResultNumbers) -> Iterator[Link]:
    if kr.owner and kr.owner != goal.owner:
        yield from who(then.person(kr.owner))
    if kr.team and kr.team != goal.team:
        yield from who(then.team(kr.team))
    if numbers.weight != 1:
        yield Link(f"weight {number(numbers.weight)}")
    if numbers.counted is None:
        yield Link("shown, not counted")


def _value(made: Reviewed, ref: str, kr: KeyResult, numbers: KeyResultNumbers) -> tuple[str, str]:
    if numbers.progress is None and numbers.value is None:
        return "no data", ""
    if numbers.measure is Measure.MILESTONES:
        done = sum(1 for _ in made.sheet.inputs(ref))
        return f"{done} of {len(kr.milestones)}", "milestones"
    if numbers.measure is Measure.DONE:
        return ("done" if numbers.progress else "not done"), ""
    if numbers.value is None:
        return percent(numbers.progress or Fraction(0)), "of the way"
    unit = _unit(made, kr)
    short = len(unit) <= 3
    return with_unit(numbers.value, unit if short else None), "" if short else unit


def _unit(made: Reviewed, kr: KeyResult) -> str:
    return unit_of(kr, made.then.kpis) or ""


def _notes(made: Reviewed, ref: str, kr: KeyResult, numbers: KeyResultNumbers) -> Iterator[str]:
    """What stands under the value: how far that is, its score, and why it moved."""
    progress = numbers.progress
    if progress is None:
        yield "not counted" if numbers.counted is None else "counted as 0 %"
        if known := made.record.last_known.get(ref):
            words = _known(_unit(made, kr), known.value, known.progress)
            yield f"last known {words} on {day(known.day)}"
    elif numbers.measure is Measure.DONE:
        yield f"score {fixed(score_of(progress), 1)}"
    else:
        yield f"{percent(progress)} of the way, score {fixed(score_of(progress), 1)}"
    if made.step:
        yield _since(made.step.key_results.get(ref))


def _known(unit: str, value: Fraction | None, progress: Fraction | None) -> str:
    words = [] if value is None else [with_unit(value, unit)]
    words += [] if progress is None else [f"{percent(progress)} of the way"]
    return ", ".join(words) or "without a value"


def _owner_said(numbers: KeyResultNumbers) -> str:
    """Its owner's own judgement, beside what was computed."""
    words = [] if numbers.said_score is None else [f"score {score_text(numbers.said_score)}"]
    if numbers.said is not None and numbers.said != str(numbers.status):
        words.append(numbers.said.replace("-", " "))
    return f"owner: {', '.join(words)}" if words else ""


def _fold(said: int, numbers: KeyResultNumbers) -> str:
    if numbers.progress is None:
        spoken = count(said, "check-in") if said else _SILENT.get(numbers.measure, "No check-in")
        return f"{spoken}, and why there is no number"
    how = f"how {percent(numbers.progress)} is computed"
    return f"{count(said, 'check-in')}, and {how}" if said else f"H{how[1:]}"


# --- how it is computed -------------------------------------------------------------------------


def _how(made: Reviewed, ref: str, kr: KeyResult, numbers: KeyResultNumbers) -> str:
    """The recorded formula with its numbers put in; a reader with a pencil comes to the same."""
    if numbers.progress is None:
        return _sentence(made.sheet.formula(ref))
    words = _formula(made, ref, kr, numbers)
    return f"{words} = {percent(numbers.progress, 1)}"


def _formula(made: Reviewed, ref: str, kr: KeyResult, numbers: KeyResultNumbers) -> str:
    formula = made.sheet.formula(ref)
    linear = kr.start is not None and kr.target is not None and numbers.value is not None
    if linear and formula.startswith("(value"):
        start, target = kr.start or Fraction(0), kr.target or Fraction(0)
        return linear_words(numbers.value or Fraction(0), start, target)
    if numbers.measure is Measure.MILESTONES:
        done = " + ".join(_input(one.value) for one in made.sheet.inputs(ref)) or "0"
        return f"({done}) ÷ ({' + '.join(exact(m.weight) for m in kr.milestones)})"
    if (
        numbers.measure is Measure.BOUND
        and formula.startswith("1 if")
        and numbers.value is not None
    ):
        strict = made.record.settings.policy.bounds == "strict"
        verb = "keeps" if numbers.progress else "does not keep"
        return f"{exact(numbers.value)} {verb} {bound_words(kr, strict)}"
    told = [f"{one.name} {_input(one.value)}" for one in made.sheet.inputs(ref)]
    if len(told) > _SHOWN_INPUTS or numbers.measure in (Measure.DONE, Measure.BOUND):
        told = told[-1:] if numbers.measure is Measure.DONE else []
    return ": ".join(filter(None, [_sentence(formula), ", ".join(told)]))


def _input(value: Fraction | None) -> str:
    return "no data" if value is None else exact(value)


def _sentence(formula: str) -> str:
    text = formula.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ")
    return text[:1].upper() + text[1:]


def moves_by_subject(moved: tuple[Moved, ...]) -> Mapping[str, tuple[Moved, ...]]:
    """What moved of each goal, of each initiative and of the period, oldest first."""
    found: dict[str, list[Moved]] = {}
    for move in moved:
        found.setdefault(move.subject, []).append(move)
    return {subject: tuple(moves) for subject, moves in found.items()}
