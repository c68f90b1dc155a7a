"""The page of a person: what they own now, what is overdue, their teams, their check-ins."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from markupsafe import Markup

from okrsite.okr.model import CheckIn, Period, Person, Team, Visibility
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.scoring import is_closed
from okrsite.portal.crumbs import team_crumbs, team_uris
from okrsite.portal.feed import FeedEntry, listed_entry
from okrsite.portal.home import KpiRow, kpi_row
from okrsite.portal.key_result_rows import KeyResultRow, key_result_row
from okrsite.portal.links import DATA, FEED, HOME, Link, page_uri
from okrsite.portal.objective import Crumb
from okrsite.portal.parts import Desk, Fact, StatusMark, source_link, status_mark, week_before
from okrsite.portal.rows import InitiativeRow, ObjectiveRow, initiative_row, objective_row
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, day_year, percent, span, with_unit
from okrsite.portal.workshop import Found, Workshop, search_html

T = TypeVar("T")


SHOWN_CHECK_INS = 6


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something of theirs that waits for a word: what, why, and for how long."""

    mark: StatusMark
    what: Link
    why: str
    lasting: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A goal of theirs, or one with a key result of theirs, in the review of its period."""

    goal: Link
    mark: StatusMark


@dataclass(frozen=True, slots=True)
class PastGoals:
    """A closed period with the goals that were theirs in it; `reviewed` are told in its review."""

    period: Link
    when: str
    objectives: tuple[ObjectiveRow, ...]
    key_results: tuple[KeyResultRow, ...]
    reviewed: tuple[Reviewed, ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """What the template of a person sees."""

    path: tuple[Crumb, ...]
    of: tuple[Link, ...]
    title: str
    facts: tuple[Fact, ...]
    addresses: tuple[Link, ...]
    body: Markup
    rhythm: str
    overdue: tuple[Overdue, ...]
    owns: bool
    since: str
    objectives: tuple[ObjectiveRow, ...]
    key_results: tuple[KeyResultRow, ...]
    initiatives: tuple[InitiativeRow, ...]
    finished: tuple[InitiativeRow, ...]
    kpis: tuple[KpiRow, ...]
    check_ins: tuple[FeedEntry, ...]
    earlier: int
    feed: str
    past: tuple[PastGoals, ...]
    source: Link
    data: str


@dataclass(frozen=True, slots=True)
class Owned:
    """What one person owns: by id, goals of closed periods among them."""

    objectives: tuple[str, ...]
    key_results: tuple[str, ...]
    initiatives: tuple[str, ...]
    kpis: tuple[str, ...]
    archived: tuple[str, ...]


def owned_by(book: Book) -> Callable[[str], Owned]:
    """What a person owns; a key result without an owner of its own is its objective's.

    Sorted once for all: looking through every goal for every person grows with their product.
    """
    goals = [
        goal
        for goal in book.portfolio.objectives.values()
        if goal.visibility is Visibility.PUBLIC and goal.id not in book.archived
    ]
    key_results = _by(
        (kr.owner or o.owner, f"{o.id}/{kr.id}") for o in goals for kr in o.key_results
    )
    objectives = _by((o.owner, o.id) for o in goals)
    initiatives = _by((i.owner, i.id) for i in book.portfolio.initiatives.values())
    kpis = _by((k.owner, k.id) for k in book.portfolio.kpis.values())
    listed = [(name, goal) for name, goal in book.archived.items() if goal.listed]
    archived = _by((person, name) for name, goal in listed for person in goal.people)
    kinds = (objectives, key_results, initiatives, kpis, archived)
    return lambda person: Owned(*(tuple(names.get(person, ())) for names in kinds))


def written_by(book: Book) -> Mapping[str | None, list[CheckIn]]:
    """The check-ins of each author."""
    return _by((item.author, item) for item in book.ledger.check_ins)


def _by(pairs: Iterable[tuple[str | None, T]]) -> dict[str | None, list[T]]:
    found: dict[str | None, list[T]] = {}
    for owner, item in pairs:
        found.setdefault(owner, []).append(item)
    return found


def person_view(desk: Desk, name: str, owned: Owned, wrote: Sequence[CheckIn]) -> PersonView:
    """The view of one person."""
    book, links = desk.book, desk.links
    item = book.portfolio.people[name]
    objectives = tuple(_open(book, owned.objectives))
    key_results = tuple(_open(book, owned.key_results))
    done = tuple(i for i in owned.initiatives if book.flows[i].done_on)
    current = tuple(i for i in owned.initiatives if i not in done)
    return PersonView(
        path=tuple(team_crumbs(desk, item.team, item.title)),
        of=tuple(link for link in (links.team(item.team),) if link),
        title=item.title,
        facts=tuple(_facts(desk, item, objectives, key_results, current)),
        addresses=tuple(Link(text, address) for text, address in item.links.items()),
        body=Markup(BODY_SLOT),
        rhythm=count(book.settings.cadence, "day"),
        overdue=_overdue(desk, key_results, current),
        owns=bool(objectives or key_results or current or owned.kpis),
        since=day(week_before(book)) if objectives else "",
        objectives=tuple(_objective(desk, each) for each in objectives),
        key_results=tuple(_key_result(desk, each) for each in key_results),
        initiatives=tuple(_initiative(desk, each) for each in current),
        finished=tuple(_initiative(desk, each) for each in done),
        kpis=tuple(kpi_row(desk, book.portfolio.kpis[each]) for each in owned.kpis),
        check_ins=_check_ins(desk, wrote),
        earlier=max(0, len(wrote) - SHOWN_CHECK_INS),
        feed=desk.links.page(FEED),
        past=tuple(_past(desk, owned)),
        source=source_link(desk, item.path),
        data=links.file(DATA),
    )


def _period(book: Book, ref: str) -> Period | None:
    return book.world.period(ref)


def _open(book: Book, refs: Iterable[str]) -> list[str]:
    """Those of `refs` whose period is not closed, the one that ends first at the top."""
    still = [ref for ref in refs if not is_closed(_period(book, ref), book.as_of)]
    return sorted(still, key=lambda ref: _end(book, ref))


def _end(book: Book, ref: str) -> str:
    period = _period(book, ref)
    return period.end.isoformat() if period else "9"


# --- who they are ---------------------------------------------------------------------------


def _facts(
    desk: Desk,
    item: Person,
    objectives: tuple[str, ...],
    key_results: tuple[str, ...],
    current: tuple[str, ...],
) -> Iterator[Fact]:
    teams = desk.book.portfolio.teams.values()
    leads = [team for team in teams if team.lead == item.id]
    among = [team for team in teams if item.id in team.members or team.id == item.team]
    if leads:
        yield Fact("Leads", tuple(_teams(desk, leads)))
    if others := [team for team in among if team not in leads]:
        yield Fact("In", tuple(_teams(desk, others)))
    amounts = ((objectives, "objective"), (key_results, "key result"), (current, "initiative"))
    parts = [count(len(refs), word) for refs, word in amounts if refs]
    yield Fact("Owns now", (Link(", ".join(parts) or "nothing"),))
    if item.tags:
        yield Fact("Tags", tuple(Link(tag) for tag in item.tags))


def _teams(desk: Desk, teams: Iterable[Team]) -> Iterator[Link]:
    for team in teams:
        if link := desk.links.team(team.id):
            gone = team.retired_on is not None and team.retired_on <= desk.book.as_of
            until = f" (until {day_year(team.retired_on)})" if gone and team.retired_on else ""
            yield Link(f"{link.text}{until}", link.href)


# --- what waits for a word ------------------------------------------------------------------


def _overdue(
    desk: Desk, key_results: tuple[str, ...], initiatives: tuple[str, ...]
) -> tuple[Overdue, ...]:
    found = [*_silent(desk, key_results), *_late(desk, initiatives)]
    return tuple(row for _, row in sorted(found, key=lambda pair: -pair[0]))


def _silent(desk: Desk, refs: tuple[str, ...]) -> Iterator[tuple[int, Overdue]]:
    """Key results nobody checked in on for longer than the cadence; the rule for it decides."""
    book = desk.book
    stale = {f.subject for f in book.findings if f.code == "OKR301"}
    for ref in refs:
        score, period = book.scorecard.key_results[ref], _period(book, ref)
        if ref not in stale or period is None:
            continue
        last = max((x.day for x in (score.latest, score.reading) if x), default=None)
        days = (book.as_of - (last or period.start)).days
        what = Link(score.asked.title, desk.links.goal(ref))
        why = "No check-in yet"
        if last:
            why = f"Nothing checked in since {day(last)}; {_stand(score)}"
        yield days, Overdue(status_mark(score.status), what, why, span(days))


def _stand(score: KeyResultScore) -> str:
    if score.value is not None:
        return f"last {with_unit(score.value, score.asked.unit)}"
    return "no value yet" if score.progress is None else f"{percent(score.progress)} of the way"


def _late(desk: Desk, names: tuple[str, ...]) -> Iterator[tuple[int, Overdue]]:
    book = desk.book
    for name in names:
        due, flow = book.portfolio.initiatives[name].due, book.flows[name]
        if due is not None and due < book.as_of:
            days = (book.as_of - due).days
            mark = StatusMark("at-risk", "Late")
            why = f"Was due {day(due)}, still {flow.state}"
            yield days, Overdue(mark, desk.links.initiative(name), why, span(days))


# --- what they own --------------------------------------------------------------------------


def _objective(desk: Desk, name: str) -> ObjectiveRow:
    """The objective with its period, since all that stands here has the same owner."""
    row = objective_row(desk, name)
    item = desk.book.portfolio.objectives[name]
    who = (desk.links.team(item.team), desk.links.period(item.period))
    return replace(row, who=tuple(link for link in who if link))


def _key_result(desk: Desk, ref: str) -> KeyResultRow:
    """The key result of its objective; what was said of it stands among the check-ins."""
    row = key_result_row(desk, ref, forms=True)
    objective = desk.links.objective(ref.partition("/")[0])
    return replace(row, who=(objective,), note="", note_day=None)


def _initiative(desk: Desk, name: str) -> InitiativeRow:
    row = initiative_row(desk, name)
    team = desk.links.team(desk.book.portfolio.initiatives[name].team)
    return replace(row, who=(team,) if team else ())


def _past(desk: Desk, owned: Owned) -> Iterator[PastGoals]:
    """Closed periods, the last one first; key results of one's own objectives stand there."""
    book = desk.book
    periods = sorted(book.portfolio.periods.values(), key=lambda p: (p.end, p.id), reverse=True)
    for period in periods:
        if not is_closed(period, book.as_of):
            continue
        goals = [n for n in owned.objectives if book.portfolio.objectives[n].period == period.id]
        others = [r for r in owned.key_results if _is_guest(book, r, period.id, goals)]
        reviewed = [n for n in owned.archived if book.archived[n].period == period.id]
        if goals or others or reviewed:
            yield PastGoals(
                desk.links.period(period.id) or Link(period.title),
                f"{day(period.start)} to {day_year(period.end)}",
                tuple(_objective(desk, name) for name in goals),
                tuple(_key_result(desk, ref) for ref in others),
                tuple(_reviewed(desk, name) for name in reviewed),
            )


def _reviewed(desk: Desk, name: str) -> Reviewed:
    return Reviewed(desk.links.objective(name), status_mark(desk.book.archived[name].status))


def _is_guest(book: Book, ref: str, period: str, goals: list[str]) -> bool:
    objective = ref.partition("/")[0]
    return book.portfolio.objectives[objective].period == period and objective not in goals


def _check_ins(desk: Desk, items: Iterable[CheckIn]) -> tuple[FeedEntry, ...]:
    """The latest of what they wrote, newest first; all of it stands in the feed."""
    ordered = sorted(items, key=lambda item: (item.date, item.id), reverse=True)
    return tuple(
        replace(listed_entry(desk, item, anchor=f"check-in-{item.id}"), by=())
        for item in ordered[:SHOWN_CHECK_INS]
    )


# --- pages ----------------------------------------------------------------------------------


def _search(desk: Desk, item: Person, view: PersonView) -> Found:
    titles = [row.title for rows in (view.objectives, view.key_results) for row in rows]
    titles += [row.title for row in view.initiatives]
    words = [*(link.text for link in (*view.of, *titles)), *item.tags]
    return Found("", item.title, " · ".join(words))


def person_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page per person."""
    owned, written = owned_by(shared.book), written_by(shared.book)
    for name, item in shared.book.portfolio.people.items():
        uri = page_uri("people", name)
        desk = shared.desk(uri)
        view = person_view(desk, name, owned(name), written.get(name, []))
        yield SitePage(
            uri=uri,
            title=item.title,
            kind="person",
            html=render("person", view),
            search=search_html([_search(desk, item, view)]),
            source=item.path,
            description=_description(view),
            hide=("toc",),
            parents=(HOME, *team_uris(shared.book, item.team)),
        )


def _description(view: PersonView) -> str:
    teams = ", ".join(link.text for link in view.of)
    owns = next(fact.value[0].text for fact in view.facts if fact.term == "Owns now")
    late = f"{len(view.overdue)} overdue" if view.overdue else ""
    return " · ".join(filter(None, [teams, f"owns {owns}", late]))
