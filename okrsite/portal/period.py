"""The page of a period: its days, its goals by team, how they stand, what came of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.model import Period, PeriodState
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.scoring import is_closed
from okrsite.okr.terms import Change
from okrsite.portal.crumbs import period_crumbs, periods_above
from okrsite.portal.distribution import Distribution, distribution
from okrsite.portal.downwards import on_top
from okrsite.portal.feed import FeedEntry, amendment_entry, silent_of
from okrsite.portal.links import DATA, GOALPOSTS, HOME, LONGEST_NAME, PERIODS, Link, page_uri
from okrsite.portal.moved_words import nothing_moved
from okrsite.portal.now import goals_of, period_word, running_key_results, statuses_of
from okrsite.portal.objective import SHOWN_ENTRIES, Crumb
from okrsite.portal.outcome import Outcome, outcome_of
from okrsite.portal.parts import Desk, Fact, days_left, source_link, week_before
from okrsite.portal.recorded import record_of
from okrsite.portal.rows import ObjectiveRow, objective_row
from okrsite.portal.ruler import ruler
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.trail import Trail, trail_of
from okrsite.portal.weekly import WeeksTable, status_weeks, weeks_table
from okrsite.portal.words import count, day, day_year, fixed, gap, percent, shortened
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class TeamGoals:
    """A team's objectives in the period, with their number together."""

    team: Link
    about: str
    rows: tuple[ObjectiveRow, ...]


@dataclass(frozen=True, slots=True)
class SubPeriod:
    """A period within this one."""

    period: Link
    when: str
    state: str
    objectives: int
    progress: str


@dataclass(frozen=True, slots=True)
class PeriodView:
    """What the template of a period sees."""

    path: tuple[Crumb, ...]
    kind: str
    title: str
    facts: tuple[Fact, ...]
    ruler: Markup
    closed: bool
    outcome: Outcome | None
    has_body: bool
    body: Markup
    end: str
    since: str
    company: tuple[ObjectiveRow, ...]
    trail: Trail | None
    teams: tuple[TeamGoals, ...]
    stand: Distribution | None
    weeks: Markup
    weeks_title: str
    weeks_table: WeeksTable
    moved: tuple[FeedEntry, ...]
    earlier: tuple[FeedEntry, ...]
    nothing_moved: str
    goalposts: str
    parts: tuple[SubPeriod, ...]
    source: Link
    data: str


def period_view(shared: Workshop, desk: Desk, name: str) -> PeriodView:
    """The view of one period."""
    book, item = desk.book, desk.book.portfolio.periods[name]
    goals, closed = goals_of(book, item), is_closed(item, book.as_of)
    running = not closed and item.start <= book.as_of <= item.end
    refs, record = running_key_results(book, goals), status_weeks(book, item)
    own, score = goals_of(book, item, book.portfolio.company()), company_score(book, item)
    moved = _moved(desk, goals)
    return PeriodView(
        path=tuple(period_crumbs(desk, name, item.title)),
        kind=kind_words(item),
        title=item.title,
        facts=tuple(_facts(desk, item, goals, refs)),
        ruler=ruler(item, book.as_of),
        closed=closed,
        outcome=outcome_of(desk, goals) if closed and goals else None,
        has_body=bool(item.body.strip()),
        body=Markup(BODY_SLOT),
        end=day(item.end) if item.start.year == item.end.year else day_year(item.end),
        since=day(week_before(book)) if running else "",
        company=tuple(_objective(desk, goal) for goal in own),
        trail=trail_of(book, desk.links, score) if own and score else None,
        teams=tuple(_teams(desk, item, [goal for goal in goals if goal not in own])),
        stand=distribution(book, refs, compare=running) if refs else None,
        weeks=shared.pictures.weeks(record) if record else Markup(""),
        weeks_title=record.title if record else "",
        weeks_table=weeks_table(record),
        moved=moved[:SHOWN_ENTRIES],
        earlier=moved[SHOWN_ENTRIES:],
        nothing_moved=nothing_moved(shared.history, shared.moved_in(item.id)),
        goalposts=desk.links.page(GOALPOSTS),
        parts=tuple(_sub_periods(desk, name)),
        source=source_link(desk, item.path),
        data=desk.links.file(DATA),
    )


# --- what it is -----------------------------------------------------------------------------


def kind_words(item: Period) -> str:
    """`Quarter · 1 Jul 2026 to 30 Sep 2026`."""
    word = period_word(item)
    return f"{word[0].upper()}{word[1:]} · {day_year(item.start)} to {day_year(item.end)}"


def state_word(book: Book, item: Period) -> str:
    """Where a period stands on the day; what happened later is not known yet."""
    if is_closed(item, book.as_of):
        return "closed"
    if item.state is PeriodState.DRAFT:
        return "draft"
    return "over, not closed yet" if book.as_of > item.end else "committed"


def _facts(
    desk: Desk, item: Period, goals: tuple[str, ...], refs: tuple[str, ...]
) -> Iterator[Fact]:
    book, closed = desk.book, is_closed(item, desk.book.as_of)
    since = day_year(item.committed_on) if item.committed_on and not closed else ""
    yield Fact("State", (Link(state_word(book, item).capitalize()),), since)
    if closed:
        yield from _dates(item)
    else:
        yield _days(book, item)
    yield from _top_scores(book, item, closed)
    small = f"with {count(len(refs), 'key result')}" if refs else ""
    yield Fact("Objectives", (Link(str(len(goals))),), small)
    if above := periods_above(book, item.id):
        yield Fact("Part of", tuple(p for name in above if (p := desk.links.period(name))))
    if item.tags:
        yield Fact("Tags", tuple(Link(tag) for tag in item.tags))


def _top_scores(book: Book, item: Period, closed: bool) -> Iterator[Fact]:
    """How the company stands, or each team at the top by its name."""
    teams = book.portfolio.teams
    titles = {team: shortened(teams[team].title, LONGEST_NAME) for team in book.portfolio.company()}
    scores = {team: score for (team, of), score in book.scorecard.teams.items() if of == item.id}
    for team, name in on_top(titles, scores).items():
        score = scores[team]
        if score.progress is None or score.score is None:
            continue
        share = percent(score.progress)
        expected = f"{percent(score.expected)} expected" if score.expected is not None else ""
        if closed:
            yield Fact(f"{name} score", (Link(fixed(score.score, 1)),), f"{share} of the way")
        else:
            yield Fact(f"{name} progress", (Link(share),), expected)


def _dates(item: Period) -> Iterator[Fact]:
    days = (item.end - item.start).days + 1
    yield Fact("Days", (Link(str(days)),))
    if item.committed_on:
        yield Fact("Committed on", (Link(day_year(item.committed_on)),))
    if item.closed_on:
        yield Fact("Closed on", (Link(day_year(item.closed_on)),))


def _days(book: Book, item: Period) -> Fact:
    total = (item.end - item.start).days + 1
    if not item.start <= book.as_of <= item.end:
        return Fact("Days", (Link(str(total)),), days_left(item, book.as_of))
    gone = (book.as_of - item.start).days + 1
    return Fact("Day", (Link(f"{gone} of {total}"),), days_left(item, book.as_of))


def company_score(book: Book, item: Period) -> ObjectiveScore | None:
    """The company's objectives of a period as one number; None where no one team is that."""
    top = book.portfolio.company()
    return book.scorecard.teams.get((top[0], item.id)) if len(top) == 1 else None


# --- its goals ------------------------------------------------------------------------------


def _objective(desk: Desk, name: str, *, team: bool = False) -> ObjectiveRow:
    """The objective with its ambition; once closed, with its grade beside what it came to."""
    book = desk.book
    item, score = book.portfolio.objectives[name], book.scorecard.objectives[name]
    row = objective_row(desk, name, about=str(item.ambition), team=team)
    if score.grade is None or not is_closed(book.portfolio.period_of(item), book.as_of):
        return row
    return replace(row, gap=f"{score.grade}, {row.gap}")


def _teams(desk: Desk, item: Period, goals: Sequence[str]) -> Iterator[TeamGoals]:
    """The objectives by team, from the company down; those of no team last."""
    objectives = desk.book.portfolio.objectives
    for team in (*_downwards(desk.book), None):
        own = [name for name in goals if objectives[name].team == team]
        if own:
            rows = tuple(_objective(desk, name) for name in own)
            link = desk.links.team(team) or Link("No team")
            yield TeamGoals(link, _together(desk.book, item, team), rows)


def _downwards(book: Book) -> tuple[str, ...]:
    """All teams, each followed by those below it."""
    found: list[str] = []
    todo = list(reversed(book.portfolio.company()))
    while todo:
        found.append(todo.pop())
        todo += reversed(book.portfolio.subteams.get(found[-1], ()))
    return tuple(found)


def _together(book: Book, item: Period, team: str | None) -> str:
    score = book.scorecard.teams.get((team or "", item.id))
    if score is None:
        return ""
    if score.progress is None or score.score is None:
        return "no data yet"
    if is_closed(item, book.as_of):
        return f"together {fixed(score.score, 1)}, {percent(score.progress)} of the way"
    if score.expected is None:
        return percent(score.progress)
    return f"{percent(score.progress)}, {gap(score.progress, score.expected)}"


def _moved(desk: Desk, goals: Sequence[str]) -> tuple[FeedEntry, ...]:
    """The goalposts moved of these goals and of the work for them, newest first."""
    refs = (*goals, *running_key_results(desk.book, tuple(goals)))
    work = {name for ref in refs for name in desk.book.portfolio.initiatives_for.get(ref, ())}
    own = {f"periods/{desk.book.portfolio.objectives[name].period}" for name in goals}
    silent = silent_of(desk, [*goals, *own, *(f"initiatives/{name}" for name in work)])
    amended = [amendment_entry(desk, change) for change in moved_in(desk.book, goals)]
    return tuple(sorted((*amended, *silent), key=lambda entry: entry.day, reverse=True))


def moved_in(book: Book, goals: Sequence[str]) -> tuple[Change, ...]:
    """Goalposts moved of these goals and of the work for them, newest first."""
    refs = {*goals, *running_key_results(book, tuple(goals))}
    work = {name for ref in refs for name in book.portfolio.initiatives_for.get(ref, ())}
    found = [change for ref in refs | work for change in book.world.goalposts.get(ref, ())]
    return tuple(sorted(found, key=lambda c: (c.amendment.date, c.amendment.id), reverse=True))


# --- periods within it ----------------------------------------------------------------------


def _sub_periods(desk: Desk, name: str) -> Iterator[SubPeriod]:
    book = desk.book
    below = [period for period in book.portfolio.periods.values() if period.parent == name]
    for period in sorted(below, key=lambda p: (p.start, p.end, p.id)):
        if link := desk.links.period(period.id):
            yield SubPeriod(
                period=link,
                when=f"{day_year(period.start)} to {day_year(period.end)}",
                state=state_word(book, period),
                objectives=len(statuses_of(book, period)),
                progress=_company_words(book, period),
            )


def _company_words(book: Book, period: Period) -> str:
    score = company_score(book, period)
    if len(book.portfolio.company()) > 1:
        return "several teams at the top"
    if score is None or score.progress is None or score.score is None:
        return "no data" if book.as_of >= period.start else "not begun"
    if is_closed(period, book.as_of):
        return f"score {fixed(score.score, 1)}"
    expected = score.expected if score.expected is not None else Fraction(0)
    return f"{percent(score.progress)}, {gap(score.progress, expected)}"


# --- pages ----------------------------------------------------------------------------------


def period_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page per period; one that is closed and recorded has its review instead."""
    book = shared.book
    for name, item in book.portfolio.periods.items():
        if record_of(book, name):
            continue
        uri = page_uri("periods", name)
        desk = shared.desk(uri)
        above = (page_uri("periods", each) for each in periods_above(book, name))
        state = state_word(book, item)
        yield SitePage(
            uri=uri,
            title=item.title,
            kind="period",
            html=render("period", period_view(shared, desk, name)),
            search=search_html(
                [Found("", item.title, " · ".join([kind_words(item), state, *item.tags]))]
            ),
            source=item.path,
            description=f"{kind_words(item)}, {state}",
            hide=("navigation", "toc"),
            parents=(HOME, PERIODS, *above),
        )
