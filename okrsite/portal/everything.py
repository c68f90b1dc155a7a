"""The table of everything: every listed goal and initiative as one lean row, by period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.model import KeyResult, Objective, Period, Visibility
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import WORST_FIRST, Status, score_of
from okrsite.portal.links import HOME, TABLE, Link
from okrsite.portal.now import team_with_subteams
from okrsite.portal.organisation import is_retired
from okrsite.portal.parts import STATUS_NAMES, Desk, StatusMark, days_left, status_mark
from okrsite.portal.sieve import ALL, Choice, Sieve, choices, key
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, day_year, fixed, gap, listed, number, percent
from okrsite.portal.words import round_half_up as rounded
from okrsite.portal.workload import state_of, states_of
from okrsite.portal.workshop import Found, Workshop, search_html

NOW = "now"
KINDS = {"objective": "Objectives", "key-result": "Key results", "initiative": "Initiatives"}


@dataclass(frozen=True, slots=True)
class Row:
    """One goal or initiative as lean as it gets: a large company has five thousand.

    `style` draws the bar. `order` and `gap_order` are what to sort by where the words do not
    begin with it.
    """

    kind: str
    title: Link
    team: Link | None
    team_key: str
    owner: Link | None
    owner_key: str
    status: StatusMark
    status_key: str
    progress: str
    style: str
    order: str
    gap: str
    gap_order: str
    confidence: str
    tags: str


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one period; `key` is empty for what has none."""

    key: str
    title: Link
    note: str
    running: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class EverythingView:
    """What the template of the table sees."""

    kicker: str
    body: Markup
    total: int
    as_of: str
    groups: tuple[Group, ...]
    sieves: tuple[Sieve, ...]


def everything_view(desk: Desk) -> EverythingView:
    """The view of the table of everything."""
    groups = tuple(_groups(desk))
    rows = [row for group in groups for row in group.rows]
    kinds = [(kind, words) for kind, words in KINDS.items() if any(r.kind == kind for r in rows)]
    return EverythingView(
        kicker=_kicker(desk.book, rows),
        body=Markup(BODY_SLOT),
        total=len(rows),
        as_of=day_year(desk.book.as_of),
        groups=groups,
        sieves=(
            Sieve("kind", "Kind", choices(kinds, "All kinds")),
            _teams(desk.book, rows),
            Sieve("owner", "Owner", choices(_named(rows, "owner"), "All owners", ordered=True)),
            _statuses(desk.book, rows),
            _periods(groups),
            Sieve("tag", "Tag", choices(_tags(rows), "All tags", ordered=True)),
        ),
    )


def _kicker(book: Book, rows: Iterable[Row]) -> str:
    kinds = [row.kind for row in rows]
    words = [
        count(kinds.count(kind), kind.replace("-", " ")) for kind in KINDS if kinds.count(kind)
    ]
    rest = "; goals of recorded periods are in their reviews" if book.archived else ""
    return f"{listed(words)}{rest}"


def _named(rows: Iterable[Row], field: str) -> Iterator[tuple[str, str]]:
    for row in rows:
        if link := getattr(row, field):
            yield getattr(row, f"{field}_key"), link.text


def _tags(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    return ((tag, tag) for row in rows for tag in row.tags.split("|") if tag)


def _teams(book: Book, rows: Iterable[Row]) -> Sieve:
    teams = book.portfolio.teams
    found = (
        (name, text) for name, text in _named(rows, "team") if not is_retired(book, teams[name])
    )
    return Sieve("team", "Team", choices(found, "All teams", ordered=True))


def _statuses(book: Book, rows: Iterable[Row]) -> Sieve:
    found = {row.status_key for row in rows}
    states = {str(status): STATUS_NAMES[status] for status in WORST_FIRST}
    states |= {"blocked": "Blocked"}
    states |= {key(state): state.capitalize() for state in states_of(book)}
    known = ((name, text) for name, text in states.items() if name in found)
    return Sieve("status", "Status", choices(known, "Any status"))


def _periods(groups: Iterable[Group]) -> Sieve:
    groups = tuple(groups)
    running = [group.key for group in groups if group.running]
    running = running if len(running) < len(groups) else []
    every = Choice(ALL, "All periods", chosen=not running)
    now = [Choice(NOW, "Running now", "|".join(running), chosen=True)] if running else []
    known = (Choice(group.key, group.title.text) for group in groups if group.key)
    return Sieve("period", "Period", (*now, every, *known))


def _groups(desk: Desk) -> Iterator[Group]:
    book = desk.book
    homes, objectives = _initiative_periods(book), _by_team(book)
    for period in in_order(book):
        goals = (item for item in objectives if item.period == period.id)
        initiatives = (name for name, home in homes.items() if home == period.id)
        if rows := (*_goals(desk, goals), *(initiative(desk, name) for name in initiatives)):
            title = desk.links.period(period.id) or Link(period.title)
            yield Group(period.id, title, _note(book, period), is_running(book, period), rows)
    lost = (item for item in objectives if item.period not in book.portfolio.periods)
    initiatives = (name for name, home in homes.items() if not home)
    if rows := (*_goals(desk, lost), *(initiative(desk, name) for name in initiatives)):
        yield Group("", Link("Without a period"), "", running=False, rows=rows)


def _by_team(book: Book) -> list[Objective]:
    """All listed objectives in the order of the organisation, the company's first."""
    teams = (team for top in book.portfolio.company() for team in team_with_subteams(book, top))
    rank = {team: place for place, team in enumerate(teams)}
    shown = (
        item
        for item in book.portfolio.objectives.values()
        if item.visibility is Visibility.PUBLIC and not book.is_archived(item.id)
    )
    return sorted(shown, key=lambda o: (rank.get(o.team or "", len(rank)), o.title, o.id))


def is_running(book: Book, period: Period) -> bool:
    """Whether today lies in the period."""
    return period.start <= book.as_of <= period.end


def in_order(book: Book) -> list[Period]:
    """The running periods, the shortest first; what comes next; then back in time."""

    def place(period: Period) -> tuple[int, int, str]:
        if is_running(book, period):
            return 0, (period.end - period.start).days, period.id
        if period.start > book.as_of:
            return 1, period.start.toordinal(), period.id
        return 2, -period.end.toordinal(), period.id

    return sorted(book.portfolio.periods.values(), key=place)


def _note(book: Book, period: Period) -> str:
    start = day if period.start.year == period.end.year else day_year
    when = f"{start(period.start)} to {day_year(period.end)}"
    if is_closed(period, book.as_of):
        return f"{when}, closed"
    return f"{when}, {days_left(period, book.as_of)}" if is_running(book, period) else when


def _initiative_periods(book: Book) -> dict[str, str]:
    """The period an initiative works for: that of its goals, the one that ends last."""
    homes = {}
    for name, item in book.portfolio.initiatives.items():
        if book.is_archived(f"initiatives/{name}"):
            continue
        goals = {ref.partition("/")[0] for ref in item.contributes_to}
        found = (book.portfolio.period_of(book.portfolio.objectives[goal]) for goal in goals)
        last = max((p for p in found if p), key=lambda p: (p.end, p.id), default=None)
        homes[name] = last.id if last else ""
    return homes


def _goals(desk: Desk, goals: Iterable[Objective]) -> Iterator[Row]:
    for item in goals:
        yield _objective(desk, item)
        for kr in item.key_results:
            yield _key_result(desk, item, kr)


def _objective(desk: Desk, item: Objective) -> Row:
    score = desk.book.scorecard.objectives[item.id]
    missing = "counted as 0 %" if score.parts else "nothing to count yet"
    link = desk.links.objective(item.id)
    return _row(desk, item, score, ("objective", link, item.team, item.owner, item.tags), missing)


def _key_result(desk: Desk, item: Objective, kr: KeyResult) -> Row:
    score = desk.book.scorecard.key_results[f"{item.id}/{kr.id}"]
    missing = "not counted" if score.counted is None else "counted as 0 %"
    link = Link(kr.title, desk.links.goal(score.ref))
    tags = (*item.tags, *kr.tags)
    about = ("key-result", link, kr.team or item.team, kr.owner or item.owner, tags)
    return _row(desk, item, score, about, missing)


About = tuple[str, Link, str | None, str | None, tuple[str, ...]]


def _row(
    desk: Desk, item: Objective, score: ObjectiveScore | KeyResultScore, about: About, missing: str
) -> Row:
    kind, link, team, owner, tags = about
    closed = is_closed(desk.book.portfolio.period_of(item), desk.book.as_of)
    words, order = _against(score, closed, missing)
    return Row(
        kind=kind,
        title=link,
        team=desk.links.team(team),
        team_key=team or "",
        owner=desk.links.person(owner),
        owner_key=key(owner or ""),
        status=status_mark(score.status),
        status_key=str(score.status),
        progress="none" if score.progress is None else percent(score.progress),
        style=_style(score.progress, score.expected),
        order="",
        gap=words,
        gap_order=order,
        confidence="" if score.confidence is None else number(score.confidence),
        tags="|".join(dict.fromkeys(key(tag) for tag in tags)),
    )


def _style(progress: Fraction | None, expected: Fraction | None) -> str:
    if progress is None:
        return ""
    due = Fraction(1) if expected is None else expected
    return f"--v:{_within(progress)};--e:{_within(due)}"


def _within(share: Fraction) -> int:
    return int(rounded(100 * max(Fraction(0), min(Fraction(1), share))))


def _points(progress: Fraction | None) -> str:
    return "" if progress is None else f"{float(progress * 100):.6g}"


def _against(score: ObjectiveScore | KeyResultScore, closed: bool, missing: str) -> tuple[str, str]:
    """Where a goal stands against what is expected: in words, and as a number to sort by."""
    if score.progress is None:
        return ("" if score.status is Status.NOT_STARTED else missing), ""
    if score.expected is None:
        return "", ""
    order = _points(score.progress - score.expected)
    if closed:
        return f"score {fixed(score_of(score.progress), 1)}", order
    return gap(score.progress, score.expected), order


def initiative(desk: Desk, name: str) -> Row:
    """An initiative: its state, its tasks and its due day, which are no outcome."""
    item, flow = desk.book.portfolio.initiatives[name], desk.book.flows[name]
    done, total = flow.tasks_done, len(flow.tasks)
    share = Fraction(done, total) if total else None
    state = status_mark(Status.OFF_TRACK) if flow.blocked else StatusMark("", "")
    here = state_of(desk.book, flow)
    return Row(
        kind="initiative",
        title=desk.links.initiative(name),
        team=desk.links.team(item.team),
        team_key=item.team or "",
        owner=desk.links.person(item.owner),
        owner_key=key(item.owner or ""),
        status=StatusMark(state.name, "Blocked" if flow.blocked else here.capitalize()),
        status_key="blocked" if flow.blocked else key(here),
        progress=f"{done} of {total}" if total else "no tasks",
        style=f"--v:{int(rounded(share * 100))}" if share is not None else "",
        order=_points(share),
        gap=f"due {day(item.due)}" if item.due and not flow.done_on else "",
        gap_order="",
        confidence="",
        tags="|".join(dict.fromkeys(key(tag) for tag in item.tags)),
    )


def everything_pages(shared: Workshop) -> Iterator[SitePage]:
    """The table of everything."""
    view = everything_view(shared.desk(TABLE))
    yield SitePage(
        uri=TABLE,
        title="Everything",
        kind="table",
        html=render("everything", view),
        search=search_html([Found("", "Everything", "All goals and initiatives in one table")]),
        description=view.kicker,
        hide=("navigation", "toc"),
        parents=(HOME,),
    )
