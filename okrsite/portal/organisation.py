"""The overview of teams: the organisation as a nested list, with how each stands."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.model import Period, Team
from okrsite.okr.pipeline import Book
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status
from okrsite.portal.distribution import BEST_FIRST
from okrsite.portal.links import HOME, TEAMS, Link
from okrsite.portal.now import current_period, goals_of
from okrsite.portal.parts import Bar, Desk, StatusMark, progress_bar, status_mark, team_mark
from okrsite.portal.rows import gap_words, progress_words
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand where: a status and its count."""

    status: StatusMark
    count: int


@dataclass(frozen=True, slots=True)
class TeamNode:
    """A team in the organisation; without `status` it has no goals of its own in the period."""

    title: Link
    about: tuple[Link, ...]
    level: str
    bar: Bar | None
    progress: str
    gap: str
    status: StatusMark | None
    counts: tuple[Tally, ...]
    below: tuple["TeamNode", ...]


@dataclass(frozen=True, slots=True)
class RetiredTeam:
    """A team that is no more."""

    title: Link
    since: str
    was_in: Link | None


@dataclass(frozen=True, slots=True)
class TeamsView:
    """What the template of the teams sees."""

    kicker: str
    body: Markup
    period: Link | None
    nodes: tuple[TeamNode, ...]
    retired: tuple[RetiredTeam, ...]


def teams_view(desk: Desk) -> TeamsView:
    """The view of all teams."""
    book, period = desk.book, current_period(desk.book)
    counts = _counts(book, period) if period else {}
    gone = [team for team in book.portfolio.teams.values() if is_retired(book, team)]
    tops = (name for top in book.portfolio.company() for name in _standing(book, (top,)))
    return TeamsView(
        kicker=count(len(book.portfolio.teams) - len(gone), "team"),
        body=Markup(BODY_SLOT),
        period=desk.links.period(period.id) if period else None,
        nodes=tuple(_node(desk, period, name, counts) for name in tops),
        retired=tuple(_retired(desk, team) for team in gone),
    )


def is_retired(book: Book, team: Team) -> bool:
    """Whether a team is gone on the day."""
    return team.retired_on is not None and team.retired_on <= book.as_of


def _standing(book: Book, teams: Iterable[str]) -> Iterator[str]:
    """Those of `teams` that still are; in place of one that is gone, the teams below it."""
    for name in teams:
        if is_retired(book, book.portfolio.teams[name]):
            yield from _standing(book, book.portfolio.subteams.get(name, ()))
        else:
            yield name


def _counts(book: Book, period: Period) -> Mapping[str, Counter[Status]]:
    """By team, the statuses of the key results it answers for in the period."""
    found: dict[str, Counter[Status]] = defaultdict(Counter)
    for name in goals_of(book, period):
        goal = book.portfolio.objectives[name]
        for kr in goal.key_results:
            team = kr.team or goal.team
            if team:
                found[team][book.scorecard.key_results[f"{name}/{kr.id}"].status] += 1
    return found


def tallies(counts: Mapping[Status, int]) -> tuple[Tally, ...]:
    """Counts by status, the good ones first, without those of none."""
    return tuple(
        Tally(status_mark(status), counts[status]) for status in BEST_FIRST if counts.get(status)
    )


def _node(
    desk: Desk, period: Period | None, name: str, counts: Mapping[str, Counter[Status]]
) -> TeamNode:
    book, team = desk.book, desk.book.portfolio.teams[name]
    score = book.scorecard.teams.get((name, period.id)) if period else None
    closed = is_closed(period, book.as_of)
    below = _standing(book, book.portfolio.subteams.get(name, ()))
    bar = None
    if score:
        bar = progress_bar(
            team.title, score.status, score.progress, score.expected, score.projection
        )
    lead = desk.links.person(team.lead)
    return TeamNode(
        title=desk.links.team(name) or Link(team.title),
        about=(lead,) if lead else (),
        level=team.level or "",
        bar=bar,
        progress=progress_words(score, closed) if score else "",
        gap=gap_words(score, closed) if score else "",
        status=team_mark(score.status) if score else None,
        counts=tallies(counts.get(name, {})),
        below=tuple(_node(desk, period, child, counts) for child in below),
    )


def _retired(desk: Desk, team: Team) -> RetiredTeam:
    since = day_year(team.retired_on) if team.retired_on else ""
    return RetiredTeam(
        desk.links.team(team.id) or Link(team.title), since, desk.links.team(team.parent)
    )


def team_overview_pages(shared: Workshop) -> Iterator[SitePage]:
    """The overview of teams."""
    view = teams_view(shared.desk(TEAMS))
    yield SitePage(
        uri=TEAMS,
        title="Teams",
        kind="teams",
        html=render("teams", view),
        search=search_html([Found("", "Teams", "The organisation with its leads and progress")]),
        description=view.kicker,
        hide=("toc",),
        parents=(HOME,),
    )
