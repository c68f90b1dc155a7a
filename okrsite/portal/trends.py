"""Trends over all recorded periods of one length, and the running one: a row a team."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from markupsafe import Markup

from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.scoring import is_closed
from okrsite.okr.snapshot.beside import TeamSummary, goalposts
from okrsite.okr.snapshot.summary import summaries
from okrsite.portal.downwards import downwards, on_top
from okrsite.portal.links import COMPARE, HOME, PERIODS, TRENDS, Link
from okrsite.portal.now import current_period, period_word
from okrsite.portal.parts import Desk, StatusMark, status_mark
from okrsite.portal.recorded import Then, record_of
from okrsite.portal.review_rows import grade_mark
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.snapshots import has_snapshots
from okrsite.portal.theme import render
from okrsite.portal.trendchart import Trend, small_trend_svg, trend_svg
from okrsite.portal.words import NBSP, count, day_year, fixed, listed, percent
from okrsite.portal.workshop import Found, Workshop, search_html

MOST_PERIODS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One period: its short name, its title, and whether it still runs."""

    period: Link
    title: str
    running: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a team did in one period; without `text` it had nothing to tell."""

    text: str
    mark: StatusMark | None = None


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A team over all periods; `all` is the row of all teams together."""

    team: Link
    spark: Markup
    cells: tuple[Cell, ...]
    all: bool = False


@dataclass(frozen=True, slots=True)
class TrendTable:
    """One measure by team and period."""

    anchor: str
    title: str
    note: str
    sparks: bool
    rows: tuple[TrendRow, ...]


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The course of a team at the top."""

    title: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class TrendsView:
    """What the template of the trends sees."""

    kicker: str
    body: Markup
    charts: tuple[TrendChart, ...]
    as_of: str
    columns: tuple[Column, ...]
    tables: tuple[TrendTable, ...]
    missing: tuple[str, ...]
    empty: str
    compare: str


@dataclass(frozen=True)
class Stretch:
    """One period's figures by team."""

    period: Period
    running: bool
    titles: Mapping[str, str]
    scores: Mapping[str, ObjectiveScore]
    rows: Mapping[str, TeamSummary]
    moved: int


def trends_view(shared: Workshop, desk: Desk) -> TrendsView:
    """The view of all trends."""
    stretches = tuple(_stretches(shared, desk))
    closed = [stretch for stretch in stretches if not stretch.running]
    teams = _teams(desk.book, stretches)
    word = period_word(stretches[-1].period) if stretches else "period"
    tables = tuple(_tables(desk, stretches, teams)) if closed else ()
    return TrendsView(
        kicker=f"{count(len(closed), f'closed {word}')} on record",
        body=Markup(BODY_SLOT),
        charts=tuple(_charts(desk.book, stretches, teams)) if closed else (),
        as_of=day_year(desk.book.as_of),
        columns=tuple(_column(desk, stretch) for stretch in stretches),
        tables=tables,
        missing=tuple(_missing(desk, stretches, teams, word)),
        empty="" if closed else "Trends begin with the first closed period that is recorded.",
        compare=desk.links.page(COMPARE) if shared.snapshots else "",
    )


# --- which periods, which teams -----------------------------------------------------------------


def _stretches(shared: Workshop, desk: Desk) -> Iterator[Stretch]:
    """The recorded periods of one length, oldest first, and the running one as of today."""
    book = desk.book
    now = current_period(book)
    running = now if now and now.start <= book.as_of and not is_closed(now, book.as_of) else None
    recorded = [p for p in book.portfolio.periods.values() if record_of(book, p.id)]
    newest = max(recorded, key=lambda p: (p.end, p.id), default=None)
    model = running or newest
    if model is None:
        return
    alike = [p for p in recorded if period_word(p) == period_word(model)]
    for period in sorted(alike, key=lambda p: (p.start, p.id))[-MOST_PERIODS:]:
        yield _recorded(desk, period)
    if running is not None:
        yield _running(shared, running)


def _recorded(desk: Desk, period: Period) -> Stretch:
    record = desk.book.parsed.closed.records[period.id]
    titles = {team.id: team.title for team in Then(desk, record).teams.values()}
    rows = {row.team: row for row in record.summary}
    return Stretch(period, False, titles, record.teams, rows, len(goalposts(record.moved)))


def _running(shared: Workshop, period: Period) -> Stretch:
    book = shared.book
    moved = [move for move in shared.moves if move.period == period.id]
    rows = {row["team"]: TeamSummary(**row) for row in summaries(book, period.id, moved)}
    teams = book.scorecard.teams.items()
    scores = {team: score for (team, of), score in teams if of == period.id}
    titles = {team.id: team.title for team in book.portfolio.teams.values()}
    return Stretch(period, True, titles, scores, rows, len(moved))


def _teams(book: Book, stretches: Sequence[Stretch]) -> Mapping[str, str]:
    """Every team with goals in one of the periods, the company first, by its newest title."""
    found = {team for stretch in stretches for team in stretch.rows}
    titles: dict[str, str] = {}
    for stretch in stretches:
        titles |= stretch.titles
    today = {team.id: team.title for team in book.portfolio.teams.values()}
    order = downwards({team.id: team.parent for team in book.portfolio.teams.values()})
    known = [team for team in order if team in found]
    return {team: today.get(team, titles[team]) for team in (*known, *sorted(found - set(known)))}


def _column(desk: Desk, stretch: Stretch) -> Column:
    link = desk.links.period(stretch.period.id)
    short = Link(stretch.period.id, link.href if link else "")
    return Column(short, stretch.period.title, stretch.running)


# --- the tables ---------------------------------------------------------------------------------


def _tables(
    desk: Desk, stretches: Sequence[Stretch], teams: Mapping[str, str]
) -> Iterator[TrendTable]:
    def table(
        anchor: str, title: str, note: str, cell: Callable[[Stretch, str], Cell]
    ) -> TrendTable:
        sparks = anchor == "scores"
        rows = [_row(desk, stretches, team, cell, sparks) for team in teams]
        together = () if sparks else tuple(_together(stretches, anchor))
        return TrendTable(anchor, title, note, sparks, (*rows, *together))

    note = "The mean of a team's objectives by weight, and its grade."
    if stretches[-1].running:
        gone = f"how much of the way is gone on {day_year(desk.book.as_of)}"
        note += f" So far: {gone}, and the status that makes."
    yield table("scores", "Scores", note, _score)
    yield table("objectives", "Objectives", "How many a team took on.", _objectives)
    note = "Committed objectives achieved, of all committed ones."
    yield table("met", "Committed objectives met", note, _met)
    note = "After the commitment, with and without a reason; those of a team's own goals and work."
    yield table("moved", "Goalposts moved", note, _moved)
    note = "Check-ins that came in time, of those that were due."
    yield table("rhythm", "Check-ins on time", note, _on_time)


def _row(
    desk: Desk,
    stretches: Sequence[Stretch],
    team: str,
    cell: Callable[[Stretch, str], Cell],
    sparks: bool,
) -> TrendRow:
    known = team in desk.book.portfolio.teams
    link = desk.links.team(team) if known else None
    title = next(s.titles[team] for s in reversed(stretches) if team in s.titles)
    cells = tuple(cell(stretch, team) for stretch in stretches)
    trend = _trend(desk.book, stretches, team) if sparks else None
    return TrendRow(link or Link(title), Markup(small_trend_svg(trend) if trend else ""), cells)


def _trend(book: Book, stretches: Sequence[Stretch], team: str) -> Trend | None:
    """The course of a team's score; None where it never had one."""
    scores = tuple(_score_of(stretch, team) for stretch in stretches)
    if all(score is None for score in scores):
        return None
    title = next((s.titles[team] for s in reversed(stretches) if team in s.titles), team)
    told = (
        f"{stretch.period.title} {'no score' if score is None else fixed(score, 1)}"
        for stretch, score in zip(stretches, scores, strict=True)
    )
    return Trend(
        key=f"trend-{team}",
        sentence=f"Score of {title}: {', '.join(told)}.",
        labels=tuple(stretch.period.id for stretch in stretches),
        scores=tuple(None if score is None else float(score) for score in scores),
        running=stretches[-1].running,
    )


def _charts(
    book: Book, stretches: Sequence[Stretch], teams: Mapping[str, str]
) -> Iterator[TrendChart]:
    """Those of the teams at the top; where none of these has goals, that of the first team."""
    known = book.portfolio.teams
    tops = {team: name for team, name in teams.items() if team in known and not known[team].parent}
    found = on_top(tops, tops) if tops else dict(islice(teams.items(), 1))
    for team in found:
        if trend := _trend(book, stretches, team):
            yield TrendChart(teams[team], Markup(trend_svg(trend)))


def _score_of(stretch: Stretch, team: str) -> Fraction | None:
    score = stretch.scores.get(team)
    return score.score if score else None


def _score(stretch: Stretch, team: str) -> Cell:
    score = stretch.scores.get(team)
    if score is None:
        return Cell("")
    if score.score is None:
        return Cell("no data")
    mark = status_mark(score.status) if stretch.running else grade_mark(score.grade)
    return Cell(fixed(score.score, 1), mark)


def _objectives(stretch: Stretch, team: str) -> Cell:
    row = stretch.rows.get(team)
    return Cell(str(row.objectives) if row else "")


def _met(stretch: Stretch, team: str) -> Cell:
    row = stretch.rows.get(team)
    if row is None:
        return Cell("")
    if stretch.running:
        return Cell(f"{row.committed} open" if row.committed else "none")
    return Cell(f"{row.met} of {row.committed}" if row.committed else "none")


def _moved(stretch: Stretch, team: str) -> Cell:
    row = stretch.rows.get(team)
    return Cell(str(row.moved) if row else "")


def _on_time(stretch: Stretch, team: str) -> Cell:
    row = stretch.rows.get(team)
    return Cell("" if row is None else f"{row.kept} of {row.due}" if row.due else "none due")


def _together(stretches: Sequence[Stretch], anchor: str) -> Iterator[TrendRow]:
    """All teams together; of moved goalposts with those that no team's row has."""
    rest = [s.moved - _total(s, "moved") for s in stretches] if anchor == "moved" else []
    if any(rest):
        cells = tuple(Cell(str(amount)) for amount in rest)
        yield TrendRow(Link("In no row: of the period, or of no team here"), Markup(""), cells)
        sums = tuple(Cell(str(stretch.moved)) for stretch in stretches)
        yield TrendRow(Link("All teams and the rest"), Markup(""), sums, True)
        return
    sums = tuple(_sum(stretch, anchor) for stretch in stretches)
    yield TrendRow(Link("All teams"), Markup(""), sums, True)


def _total(stretch: Stretch, name: str) -> int:
    return sum(getattr(row, name) for row in stretch.rows.values())


def _sum(stretch: Stretch, anchor: str) -> Cell:
    if anchor == "met":
        return Cell(_of(_total(stretch, "met"), _total(stretch, "committed"), stretch.running))
    if anchor == "rhythm":
        return Cell(_of(_total(stretch, "kept"), _total(stretch, "due"), False))
    return Cell(str(_total(stretch, anchor)))


def _of(part: int, whole: int, running: bool) -> str:
    if running:
        return f"{whole} open"
    if not whole:
        return "none"
    return f"{part}{NBSP}of{NBSP}{whole}, {percent(Fraction(part, whole))}"


# --- what is missing ----------------------------------------------------------------------------


def _missing(
    desk: Desk, stretches: Sequence[Stretch], teams: Mapping[str, str], word: str
) -> Iterator[str]:
    """What the tables do not show, in words."""
    book = desk.book
    shown = {stretch.period.id for stretch in stretches}
    closed = [p for p in book.portfolio.periods.values() if is_closed(p, book.as_of)]
    unknown = [p.title for p in closed if period_word(p) == word and not record_of(book, p.id)]
    if unknown:
        yield f"Closed without a record, and so not shown: {listed(unknown)}."
    others = [p.title for p in closed if record_of(book, p.id) and p.id not in shown]
    if others:
        yield f"Recorded, and of another length or further back: {listed(others)}."
    absent: dict[str, list[str]] = {}
    for team, title in teams.items():
        without = [s.period.title for s in stretches if team not in s.rows]
        if without:
            absent.setdefault(listed(without), []).append(title)
    for periods, titles in absent.items():
        yield f"No goals in {periods}: {listed(titles)}."
    if stretches and stretches[-1].running:
        title = stretches[-1].period.title
        yield f"{title} still runs; its numbers are those of {day_year(book.as_of)}."


def trends_pages(shared: Workshop) -> Iterator[SitePage]:
    """The trends."""
    if not has_snapshots(shared.book):
        return
    view = trends_view(shared, shared.desk(TRENDS))
    yield SitePage(
        uri=TRENDS,
        title="Trends",
        kind="trends",
        html=render("trends", view),
        search=search_html([Found("", "Trends", "Scores, goals and goalposts period by period")]),
        description=view.kicker,
        hide=("navigation", "toc"),
        parents=(HOME, PERIODS),
    )
