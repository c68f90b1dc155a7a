"""Rules about time: check-ins on time, periods opened and closed, confidence that falls."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from okrsite.okr.expected import elapsed
from okrsite.okr.ledger import Entry, last_day
from okrsite.okr.model import Measure, PeriodState
from okrsite.okr.progress import ONE
from okrsite.okr.rules.review import Remark, Result, Review, cut, days
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status

_BY_HAND = (Measure.MEASURED, Measure.BOUND, Measure.MILESTONES, Measure.DONE)
_BY_TICKS = (Measure.MILESTONES, Measure.DONE)
FALL = Fraction(3, 10)


def stale(review: Review) -> Iterator[Remark]:
    """A running key result nobody has checked in on for longer than the cadence.

    A number that nobody asks for is not steered by; silence hides good news and bad.

    Wrong: the last check-in 16 days ago, with a cadence of 7.

    Right: a check-in each week, even when the value has not moved.
    """
    for result in review.running_results:
        period = result.goal.period
        if period is None or _is_settled(result):
            continue
        last = _last_word(result) or period.start
        silent = (_until(review, result) - max(last, period.start)).days
        if silent > review.cadence:
            message = f"no check-in yet, {days(silent)} into the period"
            if last > period.start:
                message = f"nothing checked in for {days(silent)}, since {last}"
            hint = f"Check in on `{_source(result)}`; the cadence is {days(review.cadence)}."
            yield result.says(message, hint)


def _is_settled(result: Result) -> bool:
    score = result.score
    if score.measure not in _BY_HAND and score.measure is not Measure.KPI:
        return True
    reached = score.progress is not None and score.progress >= ONE
    return score.status is Status.DROPPED or (reached and score.measure in _BY_TICKS)


def _source(result: Result) -> str:
    return (
        result.kr.source
        if result.score.measure is Measure.KPI and result.kr.source
        else (result.ref)
    )


def _last_word(result: Result) -> date | None:
    entry, reading = result.score.latest, result.score.reading
    told = [item.day for item in (entry, reading) if item is not None]
    return max(told, default=None)


def _until(review: Review, result: Result) -> date:
    """Nobody needs to ask about a key result once its due day was checked in on."""
    return min(review.as_of, result.kr.due or review.as_of)


def not_started(review: Review) -> Iterator[Remark]:
    """A key result still at its start with more than a third of its time gone.

    There are check-ins, and not one moved the value: the plan behind it does not work, or was
    never begun.

    Wrong: `start: 40`, and 40 in every check-in by the middle of the quarter.

    Right: decide in the open: help it, shrink it with an amendment, or check it in as dropped.
    """
    for result in review.running_results:
        period, score = result.goal.period, result.score
        if period is None or score.progress != 0 or not score.expected:
            continue
        gone = elapsed(period.start, score.asked.due or period.end, review.as_of)
        dropped = score.status is Status.DROPPED
        if gone > Fraction(1, 3) and not dropped and _is_at_start(review, result):
            message = f"not started: {int(gone * 100)} % of the time is gone, and nothing has moved"
            hint = "Help it, make it smaller with an amendment, or check it in as dropped."
            yield result.says(message, hint)


def _is_at_start(review: Review, result: Result) -> bool:
    score, asked = result.score, result.score.asked
    if score.measure is Measure.MEASURED:
        values = [entry.value for entry in score.entries if entry.value is not None]
        return bool(values) and all(value == asked.start for value in values)
    if score.measure is Measure.MILESTONES:
        waiting = [m.due for m in asked.milestones if m.due is not None]
        return len(waiting) < len(asked.milestones) or min(waiting) <= review.as_of
    return False


def checked_in_late(review: Review) -> Iterator[Remark]:
    """A check-in made after the period's end and before it was closed.

    It counts and is marked: readers of the last week did not have it.

    Wrong: `date: 2026-10-05` for a quarter that ended on 2026-09-30.

    Right: the last check-in on the last day.
    """
    told: set[str] = set()
    for result in review.results:
        period = result.goal.period
        for entry in reversed(review.world.ledger.entries.get(result.ref, ())):
            if period is None or not entry.late:
                break
            if entry.check_in not in told:
                told.add(entry.check_in)
                after = days((entry.day - period.end).days)
                message = f"late: {after} after {cut(period.title)} ended; it counts, and is marked"
                item = review.check_in_of(entry)
                subject = f"check-ins/{item.id}"
                hint = "Check in by the last day next time."
                yield review.says(item, message, hint, subject, "date")


def closed_without_value(review: Review) -> Iterator[Remark]:
    """A closed period whose key result was not measured at its end.

    The score then rests on an old value, or on none.

    Wrong: a quarter closed on 7 July, and the last check-in on 2 June.

    Right: one closing check-in for every key result, in the last week or before `closed_on`.
    """
    for result in review.results:
        period = result.goal.period
        if period is None or not is_closed(period, review.as_of) or _is_settled(result):
            continue
        last = _last_word(result)
        early = None if last is None else (min(period.end, result.kr.due or period.end) - last).days
        if early is None or early > review.cadence:
            message = "closed without any value"
            if early is not None:
                message = f"closed on a value of {last}, {days(early)} before the end"
            hint = f"Check in the closing value, dated by {last_day(period)}."
            yield result.says(message, hint)


def confidence_fell(review: Review) -> Iterator[Remark]:
    """A confidence that fell by 0.3 or more between the last two check-ins.

    Somebody learned something that the numbers do not show yet. Ask what.

    Wrong: 0.8 last week, 0.4 this week, and nobody talked about it.

    Right: the reason in the check-in's text, and help on its way.
    """
    for result in review.running_results:
        sure = [entry for entry in result.score.entries if entry.confidence is not None]
        if len(sure) < 2 or result.score.status is Status.DROPPED:
            continue
        before, now = _confidence(sure[-2]), _confidence(sure[-1])
        if before - now >= FALL:
            message = f"confidence fell from {float(before):g} to {float(now):g}"
            item, loc = review.check_in_of(sure[-1]), ("key_results", result.ref, "confidence")
            yield review.says(item, message, "Ask what was learned.", result.ref, *loc)


def _confidence(entry: Entry) -> Fraction:
    return entry.confidence if entry.confidence is not None else ONE


def never_closed(review: Review) -> Iterator[Remark]:
    """A period that ended longer ago than the cadence and was not closed.

    Without closing there are no scores, no grades and nothing learned.

    Wrong: `state: committed` three weeks after the quarter's end.

    Right: `state: closed` with `closed_on`, and the review in the period's text.
    """
    for period in review.portfolio.periods.values():
        over = (review.as_of - period.end).days
        if period.state is PeriodState.COMMITTED and over > review.cadence:
            message = f"ended {days(over)} ago and is not closed"
            hint = "Write the review, then `state: closed` and `closed_on:`."
            yield review.says(period, message, hint, f"periods/{period.id}", "state")


def still_a_draft(review: Review) -> Iterator[Remark]:
    """A period that has begun and is still a draft.

    Drafts are not watched: nobody is told of what is late or stale in them.

    Wrong: `state: draft` in the second week of the quarter.

    Right: `state: committed` with `committed_on`.
    """
    for period in review.portfolio.periods.values():
        if period.state is PeriodState.DRAFT and period.start <= review.as_of <= period.end:
            message = f"began on {period.start} and is still a draft"
            hint = "Write `state: committed` and `committed_on:`."
            yield review.says(period, message, hint, f"periods/{period.id}", "state")
