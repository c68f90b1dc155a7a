"""Book → the records that charts draw: burn-ups, sparklines, statuses by week."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from okrsite.okr.model import KeyResult, Measure, Period, measure_of
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import as_promised as promised_world
from okrsite.okr.progress import (
    keeps,
    key_result_expected,
    key_result_progress,
    objective_expected,
    objective_progress,
    parts_of,
    plan_course,
    scoring_day,
)
from okrsite.okr.scoring import KeyResultScore, is_closed
from okrsite.okr.status import Status, running_status
from okrsite.okr.terms import Change
from okrsite.portal.chartdata import (
    BurnUp,
    Mark,
    Point,
    Row,
    Spark,
    StatusWeek,
    StatusWeeks,
)
from okrsite.portal.words import day as day_words
from okrsite.portal.words import day_year, number, percent, with_unit

MOST_WEEKS = 26
STACK = (Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK, Status.NO_DATA)
LINES = (Measure.MEASURED, Measure.KPI, Measure.OBJECTIVES)
STATUS_WORDS = {
    Status.ON_TRACK: "on track",
    Status.AT_RISK: "at risk",
    Status.OFF_TRACK: "off track",
    Status.NO_DATA: "no data",
}


def weeks_until(start: date, end: date, cadence: int) -> tuple[date, ...]:
    """Days from `start` to `end` in steps of the cadence; `end` is always the last."""
    count = max(0, (end - start).days) // cadence
    grid = [start + timedelta(days=cadence * step) for step in range(1, count + 1)]
    return tuple(dict.fromkeys([*(day for day in grid if day <= end), end]))


def values_of(book: Book, score: KeyResultScore) -> tuple[tuple[date, Fraction], ...]:
    """The dated values of a key result that has any: its own, or its KPI's in the period."""
    if score.measure is Measure.KPI:
        period = book.world.period(score.ref)
        readings = book.ledger.readings.get(score.asked.source or "", ())
        return tuple(
            (r.day, r.value) for r in readings if period and period.start <= r.day <= book.as_of
        )
    return tuple((e.day, e.value) for e in score.entries if e.value is not None)


def objective_burn_up(book: Book, name: str) -> BurnUp | None:
    """The course of an objective in percent; None where its period is unknown."""
    item = book.portfolio.objectives[name]
    period = book.portfolio.period_of(item)
    if period is None:
        return None
    world, promised = book.world, promised_world(book.world)
    days = _objective_days(book, name, period)
    actual = [(d, objective_progress(world, name, d)) for d in days]
    moved = tuple(_moves_below(book, name))
    first = min((change.amendment.date for change in moved), default=None)
    original = [(d, objective_progress(promised, name, d)) for d in days if first and d >= first]
    expected_days = tuple(dict.fromkeys((period.start, *days, period.end)))
    expected = [(d, objective_expected(world, name, d)) for d in expected_days]
    score = book.scorecard.objectives[name]
    label = percent(score.promised) if score.promised is not None and moved else ""
    return BurnUp(
        key=f"burn-up-{name}",
        title="The objective",
        unit="% of the way",
        start=period.start,
        end=period.end,
        today=min(book.as_of, period.end),
        actual=_with_origin(period.start, _percent_points(actual)),
        expected=_percent_points(expected),
        promised=_percent_points(original) if _differ(actual, original) else (),
        projection=_percent_point(period.end, score.projection),
        goalposts=tuple(Mark(c.amendment.date, "goalpost moved") for c in _by_day(moved)),
        reasons=tuple(_reasons(book, name)),
        target_label="expected",
        promised_label=f"{label} as promised" if label and _differ(actual, original) else "",
        stepwise=False,
        sentence=_objective_sentence(book, name, period),
        rows=tuple(_objective_rows(days, actual, dict(expected), dict(original))),
    )


def _objective_days(book: Book, name: str, period: Period) -> tuple[date, ...]:
    end = min(scoring_day(period, book.as_of), book.as_of)
    key_results, children = parts_of(book.portfolio, book.portfolio.objectives[name])
    if children or any(book.portfolio.children.get(ref) for ref in key_results):
        return weeks_until(period.start, max(period.start, end), book.settings.cadence)
    days = {e.day for ref in key_results for e in book.ledger.entries_until(ref, end)}
    days |= {change.amendment.date for change in _moves_below(book, name)}
    inside = {day for day in days if period.start <= day <= end}
    return tuple(sorted(inside | {end} if end >= period.start else inside))


def _moves_below(book: Book, name: str) -> Iterator[Change]:
    for kr in book.portfolio.objectives[name].key_results:
        ref = f"{name}/{kr.id}"
        yield from book.world.terms_of(ref).changes


def _by_day(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple({change.amendment.date: change for change in changes}.values())


def _reasons(book: Book, name: str) -> Iterator[Mark]:
    """Days on which a bound was first broken: a fall that the line alone does not explain."""
    for kr in book.portfolio.objectives[name].key_results:
        if measure_of(kr) is not Measure.BOUND:
            continue
        score = book.scorecard.key_results[f"{name}/{kr.id}"]
        kept = True
        for day, value in values_of(book, score):
            now = keeps(book.world.asked(score.ref, day), value, book.settings.policy)
            if kept and not now:
                yield Mark(day, "limit broken")
            kept = now


def _percent_points(values: Iterable[tuple[date, Fraction | None]]) -> tuple[Point, ...]:
    return tuple(Point(day, float(value * 100)) for day, value in values if value is not None)


def _percent_point(day: date, value: Fraction | None) -> Point | None:
    return None if value is None else Point(day, float(value * 100))


def _with_origin(start: date, points: tuple[Point, ...]) -> tuple[Point, ...]:
    if points and points[0].day > start:
        return (Point(start, 0.0), *points)
    return points


def _differ(
    actual: list[tuple[date, Fraction | None]], original: list[tuple[date, Fraction | None]]
) -> bool:
    known = dict(actual)
    return any(known.get(day) != value for day, value in original)


def _objective_rows(
    days: Iterable[date],
    actual: list[tuple[date, Fraction | None]],
    expected: dict[date, Fraction | None],
    original: dict[date, Fraction | None],
) -> Iterator[Row]:
    known = dict(actual)
    for day in days:
        yield Row(day, _maybe(known[day]), _maybe(expected.get(day)), _maybe(original.get(day)))


def _maybe(value: Fraction | None) -> str:
    return "" if value is None else percent(value)


def _objective_sentence(book: Book, name: str, period: Period) -> str:
    score = book.scorecard.objectives[name]
    reach = f"{day_words(period.start)} to {day_words(period.end)}"
    if score.progress is None:
        return f"Progress of the objective, {reach}. No data yet."
    day = day_words(min(book.as_of, scoring_day(period, book.as_of)))
    text = f"Progress of the objective against what was expected, {reach}. "
    text += f"On {day} {percent(score.progress)} of the way"
    if score.expected is not None:
        text += f", {percent(score.expected)} expected"
    if score.projection is not None:
        text += f"; at this pace {percent(score.projection)} by the end"
    return text + "."


def key_result_burn_up(book: Book, score: KeyResultScore) -> BurnUp | None:
    """The course of a measured key result in its unit; None for other measures."""
    period = book.world.period(score.ref)
    kr = score.asked
    values = values_of(book, score)
    if period is None or kr.start is None or kr.target is None or score.measure not in LINES:
        return None
    if score.measure is Measure.OBJECTIVES:
        values = _computed(book, score, period)
    unit, changes = kr.unit or "", book.world.terms_of(score.ref).changes
    actual = tuple(Point(day, float(value)) for day, value in values)
    due = min(kr.due or period.end, period.end)
    origin = Point(period.start, float(kr.start))
    projected = score.projected_value
    first = score.first
    moved = bool(changes) and (first.target, first.start) != (kr.target, kr.start)
    return BurnUp(
        key=f"burn-up-{score.ref.replace('/', '-')}",
        title=kr.title,
        unit=unit,
        start=period.start,
        end=period.end,
        today=min(book.as_of, period.end),
        actual=actual if actual and actual[0].day <= period.start else (origin, *actual),
        expected=tuple(_expected_course(book, score, period)),
        promised=_promised_course(first, period, changes) if moved else (),
        projection=Point(due, float(projected)) if projected is not None else None,
        goalposts=tuple(Mark(c.amendment.date, change_words(c)) for c in changes),
        reasons=(),
        target_label=f"{number(kr.target)} target",
        promised_label=f"was {number(first.target)}" if moved and first.target is not None else "",
        stepwise=False,
        sentence=_key_result_sentence(score, period),
        rows=tuple(_key_result_rows(book, score, values, period)),
    )


def _computed(
    book: Book, score: KeyResultScore, period: Period
) -> tuple[tuple[date, Fraction], ...]:
    kr = score.asked
    found = []
    for day in weeks_until(period.start, scoring_day(period, book.as_of), book.settings.cadence):
        progress = key_result_progress(book.world, score.ref, day)
        if progress is not None and kr.start is not None and kr.target is not None:
            found.append((day, kr.start + progress * (kr.target - kr.start)))
    return tuple(found)


def change_words(change: Change) -> str:
    """`target 30 → 60`."""
    return f"{change.field.replace('_', ' ')} {_value(change.was)} → {_value(change.now)}"


def _value(value: object) -> str:
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, tuple):
        return " to ".join(_value(item) for item in value)
    return "unknown" if value is None else str(value)


def _expected_course(book: Book, score: KeyResultScore, period: Period) -> Iterator[Point]:
    """The expected line in the key result's unit, with a step where a goalpost moved."""
    terms = book.world.terms_of(score.ref)
    corners = {day for kr in terms.versions for day, _ in _course(kr, period)}
    steps = {day for day in terms.since[1:] if period.start < day <= period.end}
    for day in sorted(corners | steps | {period.end}):
        if not period.start <= day <= period.end:
            continue
        if day in steps and (before := _expected_value(terms.on(day - timedelta(1)), period, day)):
            yield before
        if after := _expected_value(terms.on(day), period, day):
            yield after


def _course(kr: KeyResult, period: Period) -> tuple[tuple[date, Fraction], ...]:
    return plan_course(kr, period) if kr.start is not None and kr.target is not None else ()


def _expected_value(kr: KeyResult, period: Period, day: date) -> Point | None:
    course = _course(kr, period)
    if not course:
        return None
    before = max((p for p in course if p[0] <= day), default=course[0])
    after = min((p for p in course if p[0] > day), default=before)
    days = (after[0] - before[0]).days
    share = Fraction((day - before[0]).days, days) if days and day > before[0] else Fraction(0)
    return Point(day, float(before[1] + share * (after[1] - before[1])))


def _promised_course(
    first: KeyResult, period: Period, changes: tuple[Change, ...]
) -> tuple[Point, ...]:
    since = min(change.amendment.date for change in changes)
    days = [since, *(day for day, _ in _course(first, period) if day > since)]
    points = (_expected_value(first, period, day) for day in days if day <= period.end)
    return tuple(point for point in points if point is not None)


def _key_result_sentence(score: KeyResultScore, period: Period) -> str:
    kr = score.asked
    words = [f"{kr.title}, {kr.unit}." if kr.unit else f"{kr.title}."]
    if kr.start is not None and kr.target is not None:
        now = "no value yet" if score.value is None else f"now {number(score.value)}"
        words.append(f"Start {number(kr.start)}, {now}, target {number(kr.target)}.")
    if score.projected_value is not None:
        due = day_words(kr.due or period.end)
        words.append(f"At this pace {number(score.projected_value)} by {due}.")
    return " ".join(words)


def _key_result_rows(
    book: Book,
    score: KeyResultScore,
    values: Iterable[tuple[date, Fraction]],
    period: Period,
) -> Iterator[Row]:
    unit, terms = score.asked.unit, book.world.terms_of(score.ref)
    for day, value in values:
        expected = _expected_value(terms.on(day), period, day)
        first = _expected_value(score.first, period, day) if terms.changes else None
        yield Row(day, with_unit(value, unit), _point(expected, unit), _point(first, unit))


def _point(point: Point | None, unit: str | None) -> str:
    if point is None:
        return ""
    digits = 0 if abs(point.value) >= 20 else 1
    return with_unit(Fraction(f"{point.value:.{digits}f}"), unit)


def key_result_spark(book: Book, score: KeyResultScore) -> Spark | None:
    """A key result's course for a table row; None where there is nothing to draw."""
    period = book.world.period(score.ref)
    if period is None:
        return None
    stepwise = score.measure not in LINES
    in_units = score.measure in LINES or score.measure is Measure.BOUND
    values = values_of(book, score) if in_units else _steps(book, score)
    if score.measure is Measure.OBJECTIVES:
        values = _computed(book, score, period)
    if not values:
        return None
    kr = score.asked
    actual = tuple(Point(day, float(value)) for day, value in values)
    expected: tuple[Point, ...] = ()
    if kr.start is not None and kr.target is not None:
        expected = tuple(_expected_course(book, score, period))
        if actual[0].day > period.start:
            actual = (Point(period.start, float(kr.start)), *actual)
    elif score.measure is Measure.BOUND:
        level = _limit(kr)
        expected = (Point(period.start, level), Point(period.end, level))
        stepwise = False
    else:
        actual = (Point(period.start, 0.0), *actual)
        expected = (Point(period.start, 0.0), Point(period.end, 1.0))
    return Spark(
        start=period.start,
        end=period.end,
        actual=actual,
        expected=expected,
        stepwise=stepwise,
        status=str(score.status),
        sentence=_spark_sentence(score, values),
    )


def _limit(kr: KeyResult) -> float:
    low, high = kr.between or (kr.at_least, kr.at_most)
    known = [float(level) for level in (low, high) if level is not None]
    return sum(known) / len(known) if known else 0.0


def _steps(book: Book, score: KeyResultScore) -> tuple[tuple[date, Fraction], ...]:
    days = dict.fromkeys(entry.day for entry in score.entries)
    found = [(day, key_result_progress(book.world, score.ref, day)) for day in days]
    return tuple((day, value) for day, value in found if value is not None)


def _spark_sentence(score: KeyResultScore, values: tuple[tuple[date, Fraction], ...]) -> str:
    if score.measure in (*LINES, Measure.BOUND):
        first, last = number(values[0][1]), with_unit(values[-1][1], score.asked.unit)
    else:
        first, last = percent(values[0][1]), percent(values[-1][1])
    many = "1 check-in" if len(values) == 1 else f"{len(values)} check-ins"
    return f"{many}, from {first} to {last}" if len(values) > 1 else f"{many}: {last}"


def key_result_status_on(book: Book, ref: str, day: date) -> Status:
    """The computed status a key result had on a day of its running period."""
    progress = key_result_progress(book.world, ref, day)
    expected = key_result_expected(book.world, ref, day)
    if progress is None or expected is None:
        return Status.NO_DATA
    return running_status(progress, expected, book.settings.policy.status)


def period_key_results(book: Book, period: str) -> tuple[str, ...]:
    """The key results of a period, in the order of their objectives."""
    return tuple(
        f"{objective.id}/{kr.id}"
        for objective in book.portfolio.objectives.values()
        if objective.period == period
        for kr in objective.key_results
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
    return StatusWeeks(f"status-weeks-{period.id}", f"By week, {reach}", weeks, sentence)


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
