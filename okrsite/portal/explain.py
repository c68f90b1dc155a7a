"""How a number is computed, in the words one would use to do it by hand."""

from fractions import Fraction

from okrsite.okr.model import Bounded, KeyResult, Measure
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import (
    clamped,
    counts_from,
    done_milestones,
    is_done,
    keeps,
    objective_progress,
    planned_check_ins,
    scoring_day,
)
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.settings import Policy
from okrsite.portal.words import MINUS, count, fixed, number, percent, with_unit

MAX_DIGITS = 6


def exact(value: Fraction) -> str:
    """A number in all the decimals that a computation by hand needs."""
    return number(value, MAX_DIGITS)


def explain_key_result(book: Book, score: KeyResultScore) -> str:
    """One line: the formula with its numbers put in, and what it gives."""
    kr, progress = score.asked, score.progress
    if kr.unreadable:
        return "its measure cannot be read, counted as 0 %"
    if score.measure is Measure.UNKNOWN:
        return "not measurable yet, so not counted"
    if kr.start is not None and kr.start == kr.target:
        return f"start and target are both {number(kr.start)}, so not counted"
    if progress is None:
        why = "closed without a closing check-in, so " if is_left_open(book, score.ref) else ""
        return f"{why}no data, counted as 0 %"
    return f"{_formula(book, score)} = {percent(progress, 1)}"


def is_left_open(book: Book, ref: str) -> bool:
    """Whether a key result was put on record as one that nobody closed."""
    end = book.world.final(ref, book.as_of)
    return end is not None and end.silent


def _formula(book: Book, score: KeyResultScore) -> str:
    kr = score.asked
    match score.measure:
        case Measure.MEASURED | Measure.KPI if kr.start is not None and kr.target is not None:
            return linear_words(score.value or Fraction(0), kr.start, kr.target)
        case Measure.BOUND | Measure.KPI:
            return _bound_words(book, score)
        case Measure.MILESTONES:
            return _milestone_words(score)
        case Measure.DONE:
            return "done" if score.progress else "not done"
        case Measure.OBJECTIVES if kr.start is not None and kr.target is not None:
            total = " + ".join(exact(value) for _, value in score.summed)
            value = sum((v for _, v in score.summed), Fraction(0))
            return f"{total} = {exact(value)}; {linear_words(value, kr.start, kr.target)}"
        case Measure.OBJECTIVES:
            return _children_words(book, score.ref)
    return _initiative_words(book, score.ref)


def linear_words(value: Fraction, start: Fraction, target: Fraction) -> str:
    """(value − start) ÷ (target − start), with the numbers in."""
    return f"({exact(value)} {MINUS} {exact(start)}) ÷ ({exact(target)} {MINUS} {exact(start)})"


def bound_words(bound: Bounded, strict: bool = False) -> str:
    """`≥ 99.995 %`, `≤ 2 a month`, `4 to 5`; where the bound itself is left out, `> 99.995 %`."""
    if bound.between is not None:
        low, high = exact(bound.between[0]), with_unit(bound.between[1], bound.unit, MAX_DIGITS)
        return f"> {low} and < {high}" if strict else f"{low} to {high}"
    if bound.at_least is not None:
        return f"{'>' if strict else '≥'} {with_unit(bound.at_least, bound.unit, MAX_DIGITS)}"
    if bound.at_most is not None:
        return f"{'<' if strict else '≤'} {with_unit(bound.at_most, bound.unit, MAX_DIGITS)}"
    return ""


def bound_of(book: Book, score: KeyResultScore) -> Bounded:
    """The bound a key result is held to: its own, or that of its KPI."""
    kr: KeyResult = score.asked
    if score.measure is Measure.KPI and {kr.at_least, kr.at_most, kr.between} == {None}:
        return book.portfolio.kpis[kr.source or ""]
    return kr


def kept_values(book: Book, score: KeyResultScore) -> tuple[bool, ...]:
    """Whether each check-in of a bound kept it, oldest first."""
    bound = bound_of(book, score)
    values = [entry.value for entry in score.entries if entry.value is not None]
    policy = book.world.settings_of(score.ref).policy
    return tuple(keeps(bound, value, policy) for value in values)


def _bound_words(book: Book, score: KeyResultScore) -> str:
    settings = book.world.settings_of(score.ref)
    policy = settings.policy
    bound = bound_words(bound_of(book, score), policy.bounds == "strict")
    period = book.world.period(score.ref)
    if policy.keep == "share" and score.measure is Measure.BOUND and period:
        planned = planned_check_ins(period, settings.cadence)
        kept = sum(kept_values(book, score))
        most = ", at most 1" if kept > planned else ""
        return f"{bound} kept in {kept} of {planned} planned check-ins, {kept} ÷ {planned}{most}"
    value = exact(score.value or Fraction(0))
    return f"{value} {'keeps' if score.progress else 'does not keep'} {bound}"


def _milestone_words(score: KeyResultScore) -> str:
    done = done_milestones(score.entries)
    weights = [m.weight for m in score.asked.milestones]
    top = " + ".join(exact(m.weight) for m in score.asked.milestones if m.id in done) or "0"
    return f"({top}) ÷ ({' + '.join(exact(weight) for weight in weights)})"


def _children_words(book: Book, ref: str) -> str:
    top, bottom = [], []
    day = scoring_day(book.world.period(ref), book.as_of)
    for child in book.portfolio.children.get(ref, ()):
        weight = book.world.weight(child, day)
        progress = objective_progress(book.world, child, day) or Fraction(0)
        capped = clamped(progress, book.world.settings_of(ref).policy)
        top.append(f"{exact(weight)} × {percent(capped, 1)}")
        bottom.append(exact(weight))
    return f"({' + '.join(top)}) ÷ ({' + '.join(bottom)})"


def _initiative_words(book: Book, ref: str) -> str:
    names = book.portfolio.initiatives_for.get(ref, ())
    day = scoring_day(book.world.period(ref), book.as_of)
    done = sum(1 for name in names if is_done(book.world, name, day))
    return f"{done} of {count(len(names), 'initiative')} done"


def policy_words(policy: Policy) -> str:
    """The policies in force, as one sentence for the foot of a computation."""
    cap = f"cap {percent(policy.cap)}" if policy.cap is not None else "no cap"
    status = policy.status
    if status.rule == "gap":
        risk, off = fixed(status.at_risk * 100, 0), fixed(status.off_track * 100, 0)
        how = f"status by gap (at risk from {risk} pts behind, off track from {off} pts)"
    else:
        risk, off = percent(status.at_risk), percent(status.off_track)
        how = f"status by ratio (at risk below {risk} of expected, off track below {off})"
    parent = "of its own progress" if policy.parent_status == "own" else "of its worst part"
    return f"{cap}, bounds {policy.bounds}, keep {policy.keep}, {how}, status {parent}"


def sum_words(score: ObjectiveScore) -> tuple[str, Fraction, Fraction]:
    """`188.1 ÷ 5 = 37.6 %`, with the sum and the weights it was made of."""
    counted = [part for part in score.parts if part.counted is not None]
    weights = sum((part.weight for part in counted), Fraction(0))
    total = sum((part.weight * (part.counted or 0) for part in counted), Fraction(0)) * 100
    if score.progress is None or not weights:
        return "no data", total, weights
    words = f"{fixed(total, sum_digits(weights))} ÷ {exact(weights)}"
    return f"{words} = {percent(score.progress, 1)}", total, weights


def sum_digits(weights: Fraction) -> int:
    """How many decimals a sum needs, so that divided by `weights` it gives the right tenth."""
    digits = 1
    while weights * 10 ** (digits - 1) < 1 and digits < MAX_DIGITS:
        digits += 1
    return digits


def expected_words(score: ObjectiveScore) -> str:
    """The weighted mean that gives what is expected."""
    known = [p for p in score.parts if p.expected is not None and p.counted is not None]
    if score.expected is None or not known:
        return ""
    if len({part.expected for part in known}) == 1:
        return f"the same for every part: {percent(score.expected, 1)}"
    top = " + ".join(_weighed(part.weight, part.expected or Fraction(0)) for part in known)
    weights = sum((part.weight for part in known), Fraction(0))
    return f"({top}) ÷ {exact(weights)} = {percent(score.expected, 1)}"


def projection_words(score: ObjectiveScore, policy: Policy) -> str:
    """The weighted mean of where the parts end: at their own pace, or where they stand."""
    counted = [part for part in score.parts if part.counted is not None]
    if score.projection is None or not counted:
        return ""
    ends = [
        (p.counted if p.projection is None else clamped(p.projection, policy)) or Fraction(0)
        for p in counted
    ]
    top = " + ".join(_weighed(p.weight, end) for p, end in zip(counted, ends, strict=True))
    weights = sum((part.weight for part in counted), Fraction(0))
    return f"({top}) ÷ {number(weights)} = {percent(score.projection, 1)}"


def _weighed(weight: Fraction, value: Fraction) -> str:
    text = fixed(value * 100, 1)
    return text if weight == 1 else f"{exact(weight)} × {text}"


def source_words(book: Book, objective: str) -> str:
    """What an objective takes its progress from."""
    names = {
        "key_results": "its key results",
        "children": "the objectives below it",
        "both": "its key results and the objectives below it",
    }
    return names[counts_from(book.portfolio, book.portfolio.objectives[objective])]
