"""The page of a team: what to talk about, its numbers, its work, whom it waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from okrsite.okr.flow import FlowSummary, summarise
from okrsite.okr.model import Period, Team
from okrsite.okr.pipeline import Book
from okrsite.okr.rhythm import homes_of, teams_of
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.scoring import is_closed
from okrsite.portal.attention import Concern, concerns
from okrsite.portal.feed import FeedEntry, listed_entry
from okrsite.portal.key_result_rows import KeyResultRow, key_result_row
from okrsite.portal.links import HOME, TEAMS, Link, page_uri
from okrsite.portal.now import archived_of, current_period, goals_of, team_with_subteams
from okrsite.portal.parts import Bar, Desk, Fact, StatusMark, source_link, team_mark
from okrsite.portal.parts import progress_bar as bar_of
from okrsite.portal.rows import InitiativeRow, ObjectiveRow, initiative_row, objective_row
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.trail import Trail, trail_of
from okrsite.portal.words import (
    count,
    day,
    day_year,
    fixed,
    gap,
    listed,
    number,
    percent,
    with_unit,
)
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class NumberGroup:
    """An objective with those of its key results that are the team's."""

    title: Link
    note: str
    rows: tuple[KeyResultRow, ...]


@dataclass(frozen=True, slots=True)
class SubTeam:
    """A team below this one."""

    title: Link
    lead: tuple[Link, ...]
    goals: int
    bar: Bar
    progress: str
    gap: str
    status: StatusMark


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dependency across teams; `who` says which side waits."""

    who: str
    other: tuple[Link, ...]
    what: str
    initiative: Link
    due: str


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """What a team had in an earlier or later period; `about` where its goals stand elsewhere."""

    title: Link
    rows: tuple[ObjectiveRow, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class TeamView:
    """What the template of a team sees."""

    path: tuple[Link, ...]
    kicker: str
    title: str
    facts: tuple[Fact, ...]
    body: Markup
    concerns: tuple[Concern, ...]
    objectives: tuple[ObjectiveRow, ...]
    trail: Trail | None
    groups: tuple[NumberGroup, ...]
    period_title: str
    since: str
    end: str
    subteams: tuple[SubTeam, ...]
    work: tuple[InitiativeRow, ...]
    finished: tuple[InitiativeRow, ...]
    flow: tuple[Fact, ...]
    waiting: tuple[Waiting, ...]
    last: FeedEntry | None
    past: tuple[PastPeriod, ...]
    source: Link


def team_view(desk: Desk, name: str) -> TeamView:
    """The view of one team."""
    book = desk.book
    team, period = book.portfolio.teams[name], current_period(book)
    goals = goals_of(book, period, (name,)) if period else ()
    shared = _shared(book, name, period)
    work = _work(book, name)
    last_state = book.settings.workflow[-1].name
    ongoing = tuple(each for each in work if book.flows[each].state != last_state)
    running = period is not None and book.as_of <= period.end
    score = book.scorecard.teams.get((name, period.id)) if period else None
    return TeamView(
        path=tuple(_path(desk, team)),
        kicker=_kicker(book, team),
        title=team.title,
        facts=tuple(_facts(desk, team, score)),
        body=Markup(BODY_SLOT),
        concerns=tuple(_concerns(desk, name, (*goals, *shared), ongoing)) if running else (),
        objectives=tuple(objective_row(desk, each, team=False) for each in goals),
        trail=trail_of(book, desk.links, score) if score else None,
        groups=tuple(_groups(desk, name, goals, shared)),
        period_title=period.title if period else "",
        since=day(book.as_of - timedelta(days=book.settings.cadence)),
        end=day(period.end) if period else "",
        subteams=tuple(_subteams(desk, name, period)),
        work=tuple(initiative_row(desk, each) for each in ongoing),
        finished=tuple(initiative_row(desk, each) for each in work if each not in ongoing),
        flow=tuple(_flow_facts(book, work, period)),
        waiting=tuple(_waiting(desk, name)),
        last=_last(desk, name),
        past=tuple(_past(desk, name, period)),
        source=source_link(desk, team.path),
    )


def _path(desk: Desk, team: Team) -> Iterator[Link]:
    above: list[str] = []
    parent = team.parent
    while parent is not None:
        above.insert(0, parent)
        parent = desk.book.portfolio.teams[parent].parent
    yield Link("Teams", desk.links.page(TEAMS))
    for name in above:
        if link := desk.links.team(name):
            yield link
    yield Link(team.title)


def _kicker(book: Book, team: Team) -> str:
    level = (team.level or "team").capitalize()
    if team.retired_on and team.retired_on <= book.as_of:
        return f"{level} · retired {day_year(team.retired_on)}"
    return level


def _facts(desk: Desk, team: Team, score: ObjectiveScore | None) -> Iterator[Fact]:
    if lead := desk.links.person(team.lead):
        yield Fact("Lead", (lead,))
    if team.members:
        members = tuple(link for name in team.members if (link := desk.links.person(name)))
        yield Fact("Members", members)
    if score and score.progress is not None:
        expected = f"{percent(score.expected)} expected" if score.expected is not None else ""
        yield Fact("Progress", (Link(percent(score.progress)),), expected)
    period = current_period(desk.book)
    if period and period.start <= desk.book.as_of <= period.end:
        gone = (desk.book.as_of - period.start).days + 1
        total = (period.end - period.start).days + 1
        meetings = (period.end - desk.book.as_of).days // desk.book.settings.cadence
        left = f"{count(meetings, 'check-in')} left"
        yield Fact(period.title, (Link(f"day {gone} of {total}"),), left)


def _concerns(
    desk: Desk, team: str, goals: tuple[str, ...], work: tuple[str, ...]
) -> Iterator[Concern]:
    own = {link.href for link in (desk.links.team(team),) if link}
    for concern in concerns(desk, goals, work):
        if {link.href for link in concern.team} & own:
            yield concern
    yield from _over_limit(desk, team, work)


def _over_limit(desk: Desk, team: str, work: tuple[str, ...]) -> Iterator[Concern]:
    for stage in desk.book.settings.workflow:
        amount = sum(1 for name in work if desk.book.flows[name].state == stage.name)
        if stage.wip is not None and amount > stage.wip:
            yield Concern(
                mark=StatusMark("at-risk", "At risk"),
                what=Link("Work in progress", "#flight"),
                why=f"{count(amount, 'initiative')} in {stage.name}, limit is {stage.wip}",
                ask=f"{count(amount, 'initiative')} in {stage.name}, limit is {stage.wip}. "
                "Which one waits?",
                whose=(Link("Team"),),
                team=tuple(link for link in (desk.links.team(team),) if link),
                lasting="",
                rank=(0, 0),
            )


def _shared(book: Book, team: str, period: Period | None) -> tuple[str, ...]:
    """Other teams' objectives of the period in which the team owns a key result."""
    return tuple(
        item.id
        for item in book.portfolio.objectives.values()
        if period and item.period == period.id and item.team != team
        if any(kr.team == team for kr in item.key_results)
    )


def _groups(
    desk: Desk, team: str, goals: tuple[str, ...], shared: tuple[str, ...]
) -> Iterator[NumberGroup]:
    book = desk.book
    for name in goals:
        item, score = book.portfolio.objectives[name], book.scorecard.objectives[name]
        refs = [f"{name}/{kr.id}" for kr in item.key_results if kr.team in (None, team)]
        note = "our objective"
        if score.progress is not None and score.expected is not None:
            note += f" · {percent(score.progress)}, {gap(score.progress, score.expected)}"
        if refs:
            rows = tuple(key_result_row(desk, ref, about=_reach(book, ref)) for ref in refs)
            yield NumberGroup(desk.links.objective(name), note, rows)
    for name in shared:
        item = book.portfolio.objectives[name]
        refs = [f"{name}/{kr.id}" for kr in item.key_results if kr.team == team]
        of = f" for {book.portfolio.teams[item.team].title}" if item.team else ""
        note = f"{'key result' if len(refs) == 1 else 'key results'} we own{of}"
        rows = tuple(key_result_row(desk, ref, about=_reach(book, ref)) for ref in refs)
        yield NumberGroup(desk.links.objective(name), note, rows)


def _reach(book: Book, ref: str) -> str:
    kr = book.scorecard.key_results[ref].asked
    if kr.start is not None and kr.target is not None:
        return f"{number(kr.start)} to {with_unit(kr.target, kr.unit)}"
    if kr.milestones:
        return count(len(kr.milestones), "milestone")
    return ""


def _subteams(desk: Desk, name: str, period: Period | None) -> Iterator[SubTeam]:
    book = desk.book
    for child in book.portfolio.subteams.get(name, ()):
        team = book.portfolio.teams[child]
        if team.retired_on and team.retired_on <= book.as_of:
            continue
        score = book.scorecard.teams.get((child, period.id)) if period else None
        lead = desk.links.person(team.lead)
        title = desk.links.team(child) or Link(team.title)
        yield SubTeam(
            title=title,
            lead=(lead,) if lead else (),
            goals=len(score.parts) if score else 0,
            bar=_team_bar(team.title, score),
            progress=percent(score.progress) if score and score.progress is not None else "none",
            gap=_gap(score),
            status=team_mark(score.status) if score else StatusMark("no-data", "No goals"),
        )


def _team_bar(title: str, score: ObjectiveScore | None) -> Bar:
    if score is None:
        return Bar("empty", "no-data", title, f"{title}: no goals", "", 0, 0, 100)
    return bar_of(title, score.status, score.progress, score.expected, score.projection)


def _gap(score: ObjectiveScore | None) -> str:
    if score is None or score.progress is None or score.expected is None:
        return ""
    return gap(score.progress, score.expected)


def _work(book: Book, team: str) -> tuple[str, ...]:
    items = (item for item in book.portfolio.initiatives.values() if item.team == team)
    return tuple(item.id for item in sorted(items, key=lambda i: (i.due or date.max, i.id)))


def _flow_facts(book: Book, work: tuple[str, ...], period: Period | None) -> Iterator[Fact]:
    if not work or period is None:
        return
    flows = [book.flows[name] for name in work]
    end = min(book.as_of, period.end)
    summary = summarise(flows, period.start, end)
    yield from _speed(summary)
    active = {stage.name for stage in book.settings.workflow if stage.active}
    doing = sum(1 for flow in flows if flow.state in active)
    blocked = sum(1 for flow in flows if flow.blocked)
    yield Fact("In progress", (Link(str(doing)),), f"{blocked} blocked" if blocked else "")


def _speed(summary: FlowSummary) -> Iterator[Fact]:
    if summary.lead_median is not None:
        eighty_five = f"85 % within {summary.lead_85}"
        yield Fact("Lead time, median", (Link(count(summary.lead_median, "day")),), eighty_five)
    if summary.cycle_median is not None:
        eighty_five = f"85 % within {summary.cycle_85}"
        yield Fact("Cycle time, median", (Link(count(summary.cycle_median, "day")),), eighty_five)
    if summary.efficiency is not None:
        made_of = f"{summary.active_days} of {count(summary.cycle_days, 'day')}"
        yield Fact("Flow efficiency", (Link(percent(summary.efficiency)),), made_of)
    if summary.finished and summary.per_week is not None:
        per_week = f"{number(summary.per_week, 1)} a week"
        yield Fact("Finished", (Link(str(summary.finished)),), per_week)


def _waiting(desk: Desk, team: str) -> Iterator[Waiting]:
    book = desk.book
    last = book.settings.workflow[-1].name
    for item in book.portfolio.initiatives.values():
        if book.flows[item.id].state == last:
            continue
        for ref in item.depends_on:
            other = book.portfolio.initiatives[ref]
            if other.team == item.team or book.flows[ref].state == last:
                continue
            due = f"due {day(item.due)}" if item.due else ""
            if item.team == team:
                who, link = "We wait", desk.links.team(other.team)
                yield Waiting(who, (link,) if link else (), other.title, _title(desk, item.id), due)
            elif other.team == team:
                who, link = "For us", desk.links.team(item.team)
                yield Waiting(who, (link,) if link else (), other.title, _title(desk, item.id), due)


def _title(desk: Desk, initiative: str) -> Link:
    return desk.links.initiative(initiative)


def _last(desk: Desk, team: str) -> FeedEntry | None:
    homes = homes_of(desk.book)
    checked = reversed(desk.book.ledger.check_ins)
    found = next((item for item in checked if team in teams_of(desk.book, item, homes)), None)
    return listed_entry(desk, found) if found else None


def _past(desk: Desk, team: str, period: Period | None) -> Iterator[PastPeriod]:
    book = desk.book
    others = [p for p in book.portfolio.periods.values() if period is None or p.id != period.id]
    for other in sorted(others, key=lambda p: (p.end, p.id), reverse=True):
        goals = goals_of(book, other, (team,))
        archived = archived_of(book, other, team)
        title = desk.links.period(other.id)
        if not (goals or archived) or not title:
            continue
        note = " (closed)" if is_closed(other, book.as_of) else ""
        link = Link(title.text + note, title.href)
        if archived:
            yield PastPeriod(link, (), _in_short(book, team, other, archived))
        else:
            yield PastPeriod(link, tuple(objective_row(desk, name, team=False) for name in goals))


def _in_short(book: Book, team: str, period: Period, goals: int) -> str:
    """A recorded period in a line: its goals stand in its review."""
    together = book.scorecard.teams.get((team, period.id))
    score = together.score if together else None
    came_to = "no data" if score is None else f"score {fixed(score, 1)}"
    return f"{count(goals, 'objective')}, {came_to}"


def team_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page per team."""
    for name, team in shared.book.portfolio.teams.items():
        uri = page_uri("teams", name)
        desk = shared.desk(uri)
        view = team_view(desk, name)
        yield SitePage(
            uri=uri,
            title=team.title,
            kind="team",
            html=render("team", view),
            search=search_html(_search(desk, team)),
            source=team.path,
            hide=("toc",),
            parents=(HOME, TEAMS),
        )


def _search(desk: Desk, team: Team) -> Iterator[Found]:
    people = [desk.links.person(name) for name in (team.lead, *team.members)]
    names = listed([link.text for link in people if link])
    below = team_with_subteams(desk.book, team.id)[1:]
    teams = " · ".join(desk.book.portfolio.teams[name].title for name in below)
    yield Found("", team.title, " · ".join(filter(None, [team.level or "", names, teams])))
