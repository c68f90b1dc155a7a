"""Rules about time: check-ins on time, periods opened and closed, confidence that falls."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from okrsite.okr.closing import closing_days, without_closing
from okrsite.okr.expected import elapsed
from okrsite.okr.ledger import Entry, Step, last_day
from okrsite.okr.model import CheckIn, Measure, Period, PeriodState
from okrsite.okr.progress import ONE
from okrsite.okr.rules.review import WRITE_CLOSED_ON, Remark, Result, Review, cut, days
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status

_BY_HAND = (Measure.MEASURED, Measure.BOUND, Measure.MILESTONES, Measure.DONE)
_BY_TICKS = (Measure.MILESTONES, Measure.DONE)
FALL = Fraction(3, 10)
LONG_AFTER = 183  # days after its end, within which a period is closed


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
        last, (first, began) = _last_word(result), _begin(period)
        has_word = last is not None and last > period.start
        since = last if last is not None and has_word else first
        silent = (_until(review, result) - since).days
        if silent > review.cadence:
            message = f"not checked in on yet, {days(silent)} after {began}"
            if has_word:
                message = f"nothing checked in for {days(silent)}, since {last}"
            hint = f"Check in on `{_source(result)}`; the cadence is {days(review.cadence)}."
            yield result.says(message, hint)


def _begin(period: Period) -> tuple[date, str]:
    """From when on a check-in may be waited for: goals agreed on late had none before."""
    agreed = period.committed_on
    if agreed is not None and agreed > period.start:
        return agreed, "its period was committed"
    return period.start, "its period began"


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


def said_twice_on_one_day(review: Review) -> Iterator[Remark]:
    """Two check-ins of one day with different values of one thing, neither correcting the other.

    The one whose file name comes later counts. Whoever wrote the other does not know that.

    Wrong: `2026-08-18-ana.md` says 30, `2026-08-18-ben.md` says 28, of the same key result.

    Right: the one that is right names the other in `corrects`.
    """
    ledger = review.world.ledger
    closed = {result.ref for result in review.results if result.goal.closed}  # nothing mends those
    for ref, entries in ledger.entries.items():
        if ref in closed:
            continue
        told = [(e.day, e.check_in, _value_said(e)) for e in entries]
        yield from _outvoted(review, told, ref, ("key_results", ref))
    for ref, readings in ledger.readings.items():
        known = [(r.day, r.check_in, r.value) for r in readings]
        yield from _outvoted(review, known, f"kpis/{ref}", ("kpis", ref))
    for ref, steps in ledger.steps.items():
        moves = [(s.day, s.check_in, _state_said(review, s, ref)) for s in steps]
        yield from _outvoted(review, moves, f"initiatives/{ref}", ("initiatives", ref))


def _value_said(entry: Entry) -> Fraction | bool | None:
    return entry.value if entry.flag is None else entry.flag


def _state_said(review: Review, step: Step, ref: str) -> str | None:
    return review.portfolio.check_ins[step.check_in].initiatives[ref].state


_Said = tuple[date, str, Fraction | bool | str | None]


def _outvoted(
    review: Review, said: Sequence[_Said], subject: str, loc: tuple[str, str]
) -> Iterator[Remark]:
    """What counts less than another word of the same day; the last one of a day counts."""
    last: _Said | None = None
    for one in reversed([one for one in said if one[2] is not None]):
        if last is None or one[0] != last[0]:
            last = one
        elif one[2] != last[2]:
            item = review.portfolio.check_ins[one[1]]
            yield review.says(item, *_outvoted_words(item, loc[1], last[1]), subject, *loc)


def _outvoted_words(item: CheckIn, ref: str, other: str) -> tuple[str, str]:
    message = f"`{cut(ref)}` is also said in `{other}` of the same day, which counts: its name"
    message += " comes later"
    if item.corrects:
        return message, f"If this is right, correct `{other}` in a check-in of its own."
    hint = f"If this is right, add `corrects: {other}` here; if not, remove `{cut(ref)}`."
    return message, f"{hint} Once merged, correct the wrong one in a new check-in."


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
        first, _ = closing_days(period, review.cadence, result.kr.due)
        if last is None or last < first:
            message = "closed without any value"
            if last is not None:
                early = (min(period.end, result.kr.due or period.end) - last).days
                message = f"closed on a value of {last}, {days(early)} before the end"
            hint = f"Check in the closing value, dated by {last_day(period)}."
            yield result.says(message, hint)


def closed_unmeasured(review: Review) -> Iterator[Remark]:
    """A closed period, not yet recorded, with key results that have no closing check-in.

    A record takes no old value for a result: what nobody measured at the end is no data there, and
    counts as 0.

    Wrong: a quarter closed on 7 July, two key results last checked in on in May, and no record.

    Right: a check-in on each of them, dated in the last week or by `closed_on`; or the record is
    published with `--allow-open`, and says which ones ended without a number.
    """
    for period in review.portfolio.periods.values():
        recorded = period.id in review.recorded
        if recorded or not is_closed(period, review.as_of):
            continue
        if waiting := without_closing(review.world, period.id):
            yield review.says_of_closing(period, *_unclosed(waiting))


def _unclosed(refs: Sequence[str]) -> tuple[str, str]:
    """What has no closing check-in, the first three by name, and what to do."""
    named, rest = ", ".join(f"`{cut(ref)}`" for ref in refs[:3]), len(refs) - 3
    verb, them, they_are = ("has", "it", "it is") if rest == -2 else ("have", "them", "they are")
    message = f"{named}{f' and {rest} more' if rest > 0 else ''} {verb} no closing check-in"
    hint = f"Check in on {them} with a day up to `closed_on`, or publish the record with"
    return (
        message,
        f"{hint} `--allow-open`; {they_are} then recorded as no data and counted as 0 %.",
    )


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


def closed_on_no_day(review: Review) -> Iterator[Remark]:
    """A closed period that does not say when it was closed, or on an odd day.

    Check-ins up to `closed_on` count, and without that day nothing can be put on record. A day
    before the period began is wrong, and one before its end closes nothing until that end. On a
    day that is still to come, or half a year after the end, as a rule the year is wrong.

    Wrong: `state: closed` alone, or with the year of another quarter.

    Right: `state: closed` with the day of the closing in `closed_on`.
    """
    for period in review.portfolio.periods.values():
        if period.state is PeriodState.CLOSED and (told := _odd_closing(review, period)):
            yield review.says_of_closing(period, *told)


def _odd_closing(review: Review, period: Period) -> tuple[str, str] | None:
    """What is odd about the day of a closing; of one that cannot be read its own finding tells."""
    hint = f"{WRITE_CLOSED_ON}; check-ins up to that day count."
    if period.closed_on is None:
        unread = review.portfolio.documents[period.path].data.get("closed_on") is not None
        return None if unread else ("is closed and does not say when", hint)
    if period.closed_on < period.start:
        return f"was closed before it began on {period.start}", hint
    if period.closed_on < period.end and review.as_of < period.end:
        message = f"is closed on {period.closed_on}, and stays open until its end on {period.end}"
        return message, "Wait for that day with its record, or write the day it ended into `end`."
    if period.closed_on > review.as_of:
        message = (
            f"is closed on {period.closed_on}, which is still to come: it stays open until then"
        )
        return message, hint
    late = (period.closed_on - period.end).days
    if late > LONG_AFTER:
        return f"was closed {days(late)} after its end on {period.end}", hint
    return None


def committed_on_an_odd_day(review: Review) -> Iterator[Remark]:
    """A period that was committed after its end, or longer before its start than it lasts.

    As a rule the year is wrong. From that day on whoever moves a goalpost owes a reason.

    Wrong: `committed_on: 2025-10-02` in the last quarter of 2026.

    Right: the day on which the goals were agreed on.
    """
    for period in review.portfolio.periods.values():
        day, length = period.committed_on, (period.end - period.start).days + 1
        if day is not None and (day > period.end or (period.start - day).days > length):
            message = f"was committed on {day}, and runs from {period.start} to {period.end}"
            hint = "Write the day on which its goals were agreed on; as a rule the year is wrong."
            yield review.says(period, message, hint, f"periods/{period.id}", "committed_on")


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


def nobody_checked_in(review: Review) -> Iterator[Remark]:
    """A check-in or amendment whose `author` was left empty.

    A reader does not know whom to ask, and the one who wrote it does not find it again.

    Wrong: the line `author:` of a form, with nothing behind it.

    Right: `author: ana`; where nobody is to be named, no such line.
    """
    for kind, items in (
        ("check-ins", review.portfolio.check_ins.values()),
        ("amendments", review.portfolio.amendments.values()),
    ):
        for item in items:
            data = review.portfolio.documents[item.path].data
            if "author" in data and data["author"] is None:
                hint = "Write your id or your name behind `author:`."
                message = "`author` is empty, so nobody knows who says this"
                yield review.says(item, message, hint, f"{kind}/{item.id}", "author")
