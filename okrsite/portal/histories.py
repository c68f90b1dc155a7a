"""Book → the burn-ups of an objective and of a key result."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from fractions import Fraction

from okrsite.okr.expected import objective_expected
from okrsite.okr.model import KeyResult, Measure, Period, measure_of
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import as_promised as promised_world
from okrsite.okr.progress import keeps, objective_progress, parts_of, scoring_day
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.terms import Change
from okrsite.portal.chartdata import (
    BurnUp,
    Mark,
    Point,
    Row,
)
from okrsite.portal.courses import (
    LINES,
    change_words,
    computed_values,
    course_of,
    expected_course,
    expected_value,
    values_of,
    weeks_until,
)
from okrsite.portal.words import day as day_words
from okrsite.portal.words import number, percent, with_unit


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
        actual=_with_origin(period.start, _percent_points(actual, _rescored(book, name, moved))),
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
    sources = {kr.source for kr in book.portfolio.objectives[name].key_results if kr.source}
    days |= {r.day for kpi in sources for r in book.ledger.readings.get(kpi, ())}
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
            now = keeps(
                book.world.asked(score.ref, day), value, book.world.settings_of(score.ref).policy
            )
            if kept and not now:
                yield Mark(day, "limit broken")
            kept = now


def _rescored(book: Book, name: str, moved: Iterable[Change]) -> set[date]:
    """Days on which a goalpost moved and nobody checked in: the line turns, but has no dot."""
    refs = [f"{name}/{kr.id}" for kr in book.portfolio.objectives[name].key_results]
    told = {entry.day for ref in refs for entry in book.ledger.entries.get(ref, ())}
    return {change.amendment.date for change in moved} - told


def _percent_points(
    values: Iterable[tuple[date, Fraction | None]], quiet: Collection[date] = ()
) -> tuple[Point, ...]:
    return tuple(
        Point(day, float(value * 100), day in quiet) for day, value in values if value is not None
    )


def _percent_point(day: date, value: Fraction | None) -> Point | None:
    return None if value is None else Point(day, float(value * 100))


def _with_origin(start: date, points: tuple[Point, ...]) -> tuple[Point, ...]:
    if points and points[0].day > start:
        return (Point(start, 0.0, quiet=True), *points)
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
        values = computed_values(book, score, period)
    unit, changes = kr.unit or "", book.world.terms_of(score.ref).changes
    actual = tuple(Point(day, float(value)) for day, value in values)
    due = min(kr.due or period.end, period.end)
    origin = Point(period.start, float(kr.start), quiet=True)
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
        expected=tuple(expected_course(book, score, period)),
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


def _promised_course(
    first: KeyResult, period: Period, changes: tuple[Change, ...]
) -> tuple[Point, ...]:
    since = min(change.amendment.date for change in changes)
    days = [since, *(day for day, _ in course_of(first, period) if day > since)]
    points = (expected_value(first, period, day) for day in days if day <= period.end)
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
        expected = expected_value(terms.on(day), period, day)
        first = expected_value(score.first, period, day) if terms.changes else None
        yield Row(day, with_unit(value, unit), _point(expected, unit), _point(first, unit))


def _point(point: Point | None, unit: str | None) -> str:
    if point is None:
        return ""
    digits = 0 if abs(point.value) >= 20 else 1
    return with_unit(Fraction(f"{point.value:.{digits}f}"), unit)
