"""The review of a closed period, made from its record: scores, promises, what came of each goal."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.model import Ambition, Objective, Period, Visibility
from okrsite.okr.past.moved import INITIATIVES
from okrsite.okr.past.moved import PERIODS as FRAMES
from okrsite.okr.pipeline import Book
from okrsite.okr.snapshot.beside import Moved
from okrsite.okr.snapshot.names import FILES, Kind, Name
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.sheet import Sheet
from okrsite.okr.snapshot.shelf import Kept
from okrsite.okr.status import Status
from okrsite.portal.by_hand import SECTION
from okrsite.portal.crumbs import period_crumbs, periods_above
from okrsite.portal.explain import policy_words
from okrsite.portal.goalposts import commit_link
from okrsite.portal.links import COMPARE, HOME, PERIODS, Link, page_uri, review_anchor
from okrsite.portal.moved_counts import rest_words, silent
from okrsite.portal.objective import Crumb
from okrsite.portal.outcome import AmbitionRow, CarriedOn
from okrsite.portal.parts import Desk, Fact
from okrsite.portal.period import kind_words
from okrsite.portal.promised import MoveRow, Promise, move_row
from okrsite.portal.recorded import Then, record_of
from okrsite.portal.review_rows import (
    GoalRow,
    Reviewed,
    goal_row,
    moves_by_subject,
    score_words,
)
from okrsite.portal.review_scores import (
    ScoreLine,
    TeamScore,
    ambitions,
    by_team,
    line_of,
    listed,
    team_scores,
)
from okrsite.portal.said_lines import bare_notes
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.snapshots import sheet_of, steps_to, whole_sheet
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year
from okrsite.portal.workshop import Found, Workshop, search_html

MOST_CHECK_INS = 5_000  # on one page; a period with more shows the last ones of each key result
FEWEST = 3


@dataclass(frozen=True, slots=True)
class TeamGoals:
    """The objectives of one team."""

    anchor: str
    team: Link
    about: str
    goals: tuple[GoalRow, ...]


@dataclass(frozen=True, slots=True)
class OtherMove:
    """A moved goalpost that no goal here can show: of work, of the period, of what left."""

    subject: str
    move: MoveRow


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the record lies and how anybody can check it."""

    snapshot: str
    as_of: str
    commit: Link | None
    made_by: str
    sha256: str
    manifest: Link
    files: tuple[Link, ...]
    policy: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What the template of a quarter's review sees."""

    path: tuple[Crumb, ...]
    kind: str
    title: str
    tops: tuple[ScoreLine, ...]
    facts: tuple[Fact, ...]
    teams: tuple[TeamScore, ...]
    moved_rest: str
    asked: str
    ambitions: tuple[AmbitionRow, ...]
    has_body: bool
    body: Markup
    carried: tuple[CarriedOn, ...]
    gone: tuple[Link, ...]
    ended: tuple[Link, ...]
    goals: tuple[TeamGoals, ...]
    promised_by: str
    how: str
    others: tuple[OtherMove, ...]
    proof: Proof
    compare: str


def review_view(shared: Workshop, desk: Desk, record: Record) -> ReviewView:
    """The view of one review."""
    made = _reviewed(shared, desk, record)
    then, goals = made.then, listed(made.then)
    teams = tuple(team_scores(then, goals))
    ended = [goal for goal in goals if record.objectives[goal.id].status is not Status.DROPPED]
    return ReviewView(
        path=tuple(period_crumbs(desk, record.period, then.period.title)),
        kind=_kind(then.period),
        title=then.period.title,
        tops=tuple(line_of(name, (), score) for name, score in then.tops),
        facts=tuple(_facts(made, goals)),
        teams=teams,
        moved_rest=_moved_rest(then, teams),
        asked=_asked(record),
        ambitions=tuple(ambitions(then, goals)),
        has_body=bool(then.period.body.strip()),
        body=Markup(BODY_SLOT),
        carried=tuple(
            CarriedOn(_here(made, goal), made.into[goal.id])
            for goal in goals
            if goal.id in made.into
        ),
        gone=tuple(_gone(made, goals)),
        ended=tuple(_here(made, goal) for goal in ended if _ends_here(made, goal)),
        goals=tuple(_goals_by_team(made, goals)),
        promised_by=_promised_by(made),
        how=desk.handbook(*SECTION),
        others=tuple(_others(made, goals)),
        proof=_proof(shared, desk, record),
        compare=desk.links.page(COMPARE),
    )


# --- what it is made of -------------------------------------------------------------------------


def _reviewed(shared: Workshop, desk: Desk, record: Record) -> Reviewed:
    then, name = Then(desk, record), record.name
    committed = Name(record.period, Kind.COMMITTED)
    promise = Promise(then, sheet_of(shared, committed), moves_by_subject(then.moved))
    sheet = whole_sheet(shared, record)
    step = next((s for s in steps_to(shared, name) if s.base == committed), None)
    notes, shown = bare_notes(sheet.notes), _shown(sheet)
    return Reviewed(then, sheet, promise, step, _anchors(then), _into(desk), notes, shown)


def _shown(sheet: Sheet) -> int:
    """How many check-ins of each key result are shown: all, unless a page could not hold them."""
    amounts = [len(sheet.said(ref)) for ref in sheet.key_results]
    return max(amounts, default=0) if sum(amounts) <= MOST_CHECK_INS else FEWEST


def _kind(period: Period) -> str:
    """`Quarter review` and the days that it is of."""
    word, _, days = kind_words(period).partition(" · ")
    return f"{word} review · {days}, closed"


def _anchors(then: Then) -> Mapping[str, str]:
    """A place for each goal."""
    refs = (
        ref
        for goal in listed(then)
        for ref in (goal.id, *(f"{goal.id}/{kr.id}" for kr in goal.key_results))
    )
    return {ref: review_anchor(ref) for ref in refs}


def _into(desk: Desk) -> Mapping[str, tuple[Link, ...]]:
    """The listed goals of other periods by the objective that they continue."""
    found: dict[str, list[Link]] = defaultdict(list)
    for before, name, frame in sorted(_sequels(desk.book)):
        period = desk.book.portfolio.periods.get(frame)
        link = desk.links.objective(name)
        when = f", {period.title}" if period else ""
        found[before].append(Link(f"{link.text}{when}", link.href))
    return {name: tuple(links) for name, links in found.items()}


def _sequels(book: Book) -> Iterator[tuple[str, str, str]]:
    """Each listed goal that continues another: the other, itself, and its period."""
    for goal in book.portfolio.objectives.values():
        listed = goal.visibility is Visibility.PUBLIC and goal.id not in book.archived
        if goal.continues is not None and listed:
            yield goal.continues, goal.id, goal.period
    for name, archived in book.archived.items():
        if archived.continues is not None and archived.listed:
            yield archived.continues, name, archived.period


# --- the answer -----------------------------------------------------------------------------------


def _facts(made: Reviewed, goals: Sequence[Objective]) -> Iterator[Fact]:
    record = made.record
    committed = [goal for goal in goals if goal.ambition is Ambition.COMMITTED]
    met = sum(record.objectives[goal.id].status is Status.ACHIEVED for goal in committed)
    yield Fact("Committed goals met", (Link(f"{met} of {len(committed)}"),))
    results = sum(len(goal.key_results) for goal in goals)
    gone = sum(1 for _ in made.promise.dropped(set(record.own)))
    left = f"; {gone} more promised, and taken out" if gone else ""
    yield Fact("Objectives", (Link(str(len(goals))),), f"with {count(results, 'key result')}{left}")
    yield Fact("Goalposts moved", (Link(str(len(made.then.moved))),), _moved_words(made, goals))
    closed = made.then.period.closed_on
    yield Fact("Closed on", (Link(day_year(closed or record.as_of)),))


def _moved_words(made: Reviewed, goals: Sequence[Objective]) -> str:
    """How many of them have no reason, and how many are of goals that no row here shows."""
    moved, hidden = made.then.moved, _hidden(made, goals)
    counts = {
        "without a reason": silent(moved),
        "of goals that are not listed": sum(_goal_of(move) in hidden for move in moved),
    }
    return ", ".join(f"{amount} {words}" for words, amount in counts.items() if amount)


def _hidden(made: Reviewed, goals: Sequence[Objective]) -> set[str]:
    return set(made.record.roles) - {goal.id for goal in goals}


def _goal_of(move: Moved) -> str:
    return move.subject.partition("/")[0]


def _moved_rest(then: Then, rows: Sequence[TeamScore]) -> str:
    return rest_words(then.moved, sum(int(row.moved or 0) for row in rows))


def _asked(record: Record) -> str:
    """What the check-ins on time are counted of; nothing where none was asked for."""
    if not any(row.due for row in record.summary):
        return ""
    days, cadence = count(record.settings.cadence, "day"), record.settings.cadence
    since = ", from a Monday on," if cadence % 7 == 0 else ""
    return (
        f"A team owes a check-in in each whole span of {days}{since} between the commitment and "
        "the end of the period; on time is one that came within it."
    )


# --- what went on and what did not ----------------------------------------------------------------


def _here(made: Reviewed, goal: Objective) -> Link:
    return Link(goal.title, f"#{made.anchors[goal.id]}")


def _gone(made: Reviewed, goals: Sequence[Objective]) -> Iterator[Link]:
    """Objectives and key results that were dropped, and objectives that left after the promise."""
    record = made.record
    for goal in goals:
        if record.objectives[goal.id].status is Status.DROPPED:
            yield _here(made, goal)
            continue
        for kr in goal.key_results:
            ref = f"{goal.id}/{kr.id}"
            if record.key_results[ref].status is Status.DROPPED:
                yield Link(kr.title, f"#{made.anchors[ref]}")
    for title in made.promise.dropped(set(record.own)):
        yield Link(f"{title} (promised, and taken out since)")


def _ends_here(made: Reviewed, goal: Objective) -> bool:
    """Whether an objective was not achieved and no later one goes on with it."""
    return (
        made.record.objectives[goal.id].status is not Status.ACHIEVED and goal.id not in made.into
    )


# --- the evidence ---------------------------------------------------------------------------------


def _goals_by_team(made: Reviewed, goals: Sequence[Objective]) -> Iterator[TeamGoals]:
    for team, own in by_team(made.then, goals):
        score = made.record.teams.get(team or "")
        shown, share = score_words(score)
        about = f"together {shown}, {share}" if score and score.progress is not None else ""
        link = made.then.team(team) or Link("No team")
        rows = tuple(goal_row(made, goal) for goal in own)
        yield TeamGoals(f"team-{team or ''}", link, about, rows)


def _promised_by(made: Reviewed) -> str:
    if made.promise.committed is not None:
        name = Name(made.record.period, Kind.COMMITTED)
        return f"Promised is what the record {name} says."
    return (
        "Promised is what the goals asked for before the first amendment: no record was made then."
    )


def _others(made: Reviewed, goals: Sequence[Objective]) -> Iterator[OtherMove]:
    shown = {goal.id for goal in goals} | made.anchors.keys()
    hidden = _hidden(made, goals)
    for move in made.then.moved:
        if move.subject not in shown and _goal_of(move) not in hidden:
            yield OtherMove(_subject(made, move), move_row(made.then, move))


def _subject(made: Reviewed, move: Moved) -> str:
    if move.kind == INITIATIVES:
        return made.sheet.work.get(move.subject, move.subject)
    return made.then.period.title if move.kind == FRAMES else move.subject


# --- the method -----------------------------------------------------------------------------------


def _proof(shared: Workshop, desk: Desk, record: Record) -> Proof:
    kept: Kept | None = shared.snapshots.get(record.name)
    files = {part: Link(part, desk.links.file(record.name.file(part))) for part in FILES}
    return Proof(
        snapshot=str(record.name),
        as_of=day_year(record.as_of),
        commit=commit_link(desk, record.commit),
        made_by=record.made_by,
        sha256=kept.sha256 if kept else "",
        manifest=files.pop("manifest.json"),
        files=tuple(files.values()),
        policy=policy_words(record.settings.policy),
    )


def _search(made_of: ReviewView) -> Iterator[Found]:
    yield Found("", made_of.title, f"Review · {made_of.kind}")
    for group in made_of.goals:
        for goal in group.goals:
            about = (group.team.text, *(link.text for link in goal.about))
            results = (row.title for row in goal.results)
            yield Found(goal.anchor, goal.title, " · ".join((*about, *results)))


def review_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page for each closed period that has a record."""
    for name in shared.book.portfolio.periods:
        record = record_of(shared.book, name)
        if record is None:
            continue
        uri = page_uri("periods", name)
        view = review_view(shared, shared.desk(uri), record)
        above = (page_uri("periods", each) for each in periods_above(shared.book, name))
        yield SitePage(
            uri=uri,
            title=view.title,
            kind="review",
            html=render("review", view),
            search=search_html(_search(view)),
            source=shared.book.portfolio.periods[name].path,
            description=f"Review · {view.kind}",
            hide=("navigation", "toc"),
            parents=(HOME, PERIODS, *above),
        )
