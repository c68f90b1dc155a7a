"""How key results stood at the end of each week."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from okrsite.okr.expected import key_result_expected
from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import key_result_progress
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status, running_status
from okrsite.portal.chartdata import (
    StatusWeek,
    StatusWeeks,
)
from okrsite.portal.words import day_year

MOST_WEEKS = 26


STACK = (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK, Status.NO_DATA)


STATUS_WORDS = {
    Status.ON_TRACK: "on track",
    Status.AT_RISK: "at risk",
    Status.OFF_TRACK: "off track",
    Status.NO_DATA: "no data",
}


@dataclass(frozen=True, slots=True)
class WeeksTable:
    """The numbers of the chart of statuses by week: a head, then a row for each week."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def key_result_status_on(book: Book, ref: str, day: date) -> Status:
    """The computed status a key result had on a day of its running period."""
    if (ref, day) not in book.statuses:
        book.statuses[ref, day] = _status_on(book, ref, day)
    return book.statuses[ref, day]


def _status_on(book: Book, ref: str, day: date) -> Status:
    progress = key_result_progress(book.world, ref, day)
    expected = key_result_expected(book.world, ref, day)
    if progress is None or expected is None:
        return Status.NO_DATA
    return running_status(progress, expected, book.world.settings_of(ref).policy.status)


def period_key_results(book: Book, period: str) -> tuple[str, ...]:
    """The listed key results of a period, in the order of their objectives; none from a review."""
    return tuple(
        f"{name}/{kr.id}"
        for name in book.listed_in.get(period, ())
        for kr in book.portfolio.objectives[name].key_results
    )


def status_weeks(book: Book, period: Period) -> StatusWeeks | None:
    """How the key results of a period stood at the end of each of its weeks."""
    refs = period_key_results(book, period.id)
    last = min(book.as_of, period.end)
    if not refs or last < period.start:
        return None
    ends = tuple(_sundays(period.start, last))
    every = -(-len(ends) // MOST_WEEKS)  # a long period shows every second, third … week
    weeks = tuple(_week(book, refs, day) for day in reversed(ends[::-1][::every]))
    counts = dict(weeks[-1].counts)
    stand = ", ".join(f"{counts.get(s, 0)} {STATUS_WORDS[s]}" for s in STACK)
    reach = f"weeks {weeks[0].label} to {weeks[-1].label}"
    if ends[0].year != ends[-1].year:
        reach = f"{day_year(ends[0])} to {day_year(ends[-1])}"
    when = "At the end" if is_closed(period, book.as_of) else "Now"
    sentence = f"Key results by status, {reach}. {when} {stand}."
    title = f"While it ran, {reach}" if is_closed(period, book.as_of) else f"By week, {reach}"
    return StatusWeeks(f"status-weeks-{period.id}", title, weeks, sentence)


def _sundays(start: date, last: date) -> Iterator[date]:
    day = start + timedelta(days=6 - start.weekday())
    while day < last:
        yield day
        day += timedelta(days=7)
    yield last


def _week(book: Book, refs: Iterable[str], day: date) -> StatusWeek:
    counts = Counter(str(key_result_status_on(book, ref, day)) for ref in refs)
    label = str(day.isocalendar().week)
    return StatusWeek(label, tuple((str(status), counts[str(status)]) for status in STACK))


def weeks_table(record: StatusWeeks | None) -> WeeksTable:
    """What a chart of statuses by week shows, in numbers."""
    if record is None:
        return WeeksTable((), ())
    names = [status.replace("-", " ") for status, _ in record.weeks[0].counts]
    rows = tuple((week.label, *(str(amount) for _, amount in week.counts)) for week in record.weeks)
    return WeeksTable(("Week", *names), rows)
