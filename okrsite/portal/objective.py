"""The page of an objective: status, cascade, key results, charts, work, children, history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.finding import Severity
from okrsite.okr.model import Objective, Period, PeriodState, Visibility
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import counts_from, objective_progress, scoring_day
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status
from okrsite.portal.feed import Days, FeedEntry, history
from okrsite.portal.key_result_rows import KeyResultRow, key_result_row
from okrsite.portal.links import DATA, FINDINGS, HOME, TABLE, Link, kr_anchor, page_uri
from okrsite.portal.parts import (
    Bar,
    Delta,
    Desk,
    Fact,
    StatusMark,
    ambition_words,
    days_left,
    delta_points,
    source_link,
    status_mark,
    task_bar,
    week_before,
)
from okrsite.portal.pictures import Figure, Pictures
from okrsite.portal.rows import (
    InitiativeRow,
    ObjectiveRow,
    gap_words,
    initiative_row,
    objective_bar,
    objective_row,
    progress_words,
)
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.trail import Trail, trail_of
from okrsite.portal.words import count, day, fixed, gap, listed, number, percent
from okrsite.portal.workshop import Found, Workshop, search_html

SHOWN_ENTRIES = 12
SHOWN_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the cascade above; `kind` is said where it is no objective."""

    text: str
    href: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class WorkTotal:
    """All tasks of an objective's initiatives together."""

    bar: Bar
    tasks: str
    share: str


@dataclass(frozen=True, slots=True)
class Callout:
    """One sentence that needs a status."""

    status: StatusMark
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """What the template of an objective sees."""

    path: tuple[Crumb, ...]
    of: tuple[Link, ...]
    title: str
    number: str
    status: StatusMark
    headline: str
    delta: Delta | None
    since: str
    bar: Bar
    scale: tuple[str, ...]
    facts: tuple[Fact, ...]
    suspect: str
    faults: tuple[str, ...]
    findings: str
    body: Markup
    key_results: tuple[KeyResultRow, ...]
    end: str
    trail: Trail
    figures: tuple[Figure, ...]
    callout: Callout | None
    work: tuple[InitiativeRow, ...]
    work_total: WorkTotal | None
    children_note: str
    children: tuple[ObjectiveRow, ...]
    supporters: tuple[ObjectiveRow, ...]
    supports: tuple[Link, ...]
    history: tuple[FeedEntry, ...]
    earlier: tuple[FeedEntry, ...]
    source: Link
    data: str


def objective_view(desk: Desk, name: str, pictures: Pictures) -> ObjectiveView:
    """The view of one objective."""
    book, links = desk.book, desk.links
    item, score = book.portfolio.objectives[name], book.scorecard.objectives[name]
    period = book.portfolio.period_of(item)
    closed = is_closed(period, book.as_of)
    kpis = [f"kpis/{kr.source}" for kr in item.key_results if kr.source in book.portfolio.kpis]
    entries = history(desk, [*_own_refs(book, name), *kpis], _days_of(book, item, period))
    before = objective_progress(book.world, name, week_before(book))
    work = _initiatives(book, name)
    return ObjectiveView(
        path=tuple(_path(desk, item)),
        of=tuple(link for link in (links.team(item.team),) if link),
        title=item.title,
        number=progress_words(score, closed),
        status=status_mark(score.status),
        headline=_headline(score, closed),
        delta=None if closed else delta_points(score.progress, before),
        since=day(week_before(book)),
        bar=objective_bar(book, name),
        scale=_scale(score, day(period.end) if period else ""),
        facts=tuple(_facts(desk, item, score)),
        suspect=_suspect(book, item),
        faults=tuple(_faults(book, item)),
        findings=links.page(FINDINGS),
        body=Markup(BODY_SLOT),
        key_results=tuple(
            key_result_row(desk, f"{name}/{kr.id}", forms=True) for kr in item.key_results
        ),
        end=day(period.end) if period else "the end",
        trail=trail_of(book, links, score),
        figures=pictures.of_objective(name),
        callout=_callout(book, name, work),
        work=tuple(initiative_row(desk, each) for each in work),
        work_total=_work_total(book, work),
        children_note=_children_note(book, item, score),
        children=tuple(objective_row(desk, child) for child in children_of(book, name)),
        supporters=tuple(objective_row(desk, each) for each in _supporters(book, name)),
        supports=tuple(links.named_goal(ref) for ref in item.supports),
        history=entries[:SHOWN_ENTRIES],
        earlier=entries[SHOWN_ENTRIES:],
        source=source_link(desk, item.path),
        data=links.file(DATA),
    )


def _own_refs(book: Book, name: str) -> list[str]:
    key_results = book.portfolio.objectives[name].key_results
    return [name, *(f"{name}/{kr.id}" for kr in key_results)]


def ancestors(book: Book, name: str) -> tuple[str, ...]:
    """The goals above an objective, the company's first; key results as `objective/kr`."""
    found: list[str] = []
    ref = book.portfolio.objectives[name].parent
    while ref is not None:
        objective = ref.partition("/")[0]
        found = [*([objective] if objective != ref else []), ref, *found]
        ref = book.portfolio.objectives[objective].parent
    return tuple(found)


def _path(desk: Desk, item: Objective) -> Iterator[Crumb]:
    book, links = desk.book, desk.links
    company = [link.text for name in book.portfolio.company()[:1] if (link := links.team(name))]
    period = links.period(item.period)
    top = ", ".join([*company, *([period.text] if period else [])])
    yield Crumb(top or "Home", period.href if period else links.page(HOME))
    for ref in ancestors(book, item.id):
        link = links.named_goal(ref)
        yield Crumb(link.text, link.href, "key result" if "/" in ref else "")
    yield Crumb("this objective", "")


def _headline(score: ObjectiveScore, closed: bool) -> str:
    if score.progress is None:
        return "no check-in yet" if score.status is not Status.NOT_STARTED else "not begun yet"
    if closed:
        return f"score at close, {gap_words(score, closed)}"
    if score.expected is None:
        return ""
    return f"{percent(score.expected)} expected · {gap(score.progress, score.expected)}"


def _scale(score: ObjectiveScore, end: str) -> tuple[str, ...]:
    middle = f"at this pace {percent(score.projection)} by {end}" if score.projection else ""
    return ("0 %", middle, "100 %")


def _facts(desk: Desk, item: Objective, score: ObjectiveScore) -> Iterator[Fact]:
    book, links = desk.book, desk.links
    owner = links.person(item.owner)
    yield Fact("Owner", (owner or Link("nobody yet"),))
    partners = _partners(book, item)
    if partners:
        yield Fact("With", tuple(link for team in partners if (link := links.team(team))))
    period = book.portfolio.period_of(item)
    if period is not None and (link := links.period(period.id)):
        yield Fact("Period", (link,), days_left(period, book.as_of))
    yield Fact("Ambition", (Link(item.ambition.capitalize()),), ambition_words(item.ambition))
    if period is not None and period.state is not PeriodState.CLOSED and score.score is not None:
        name = f"Score if closed on {day(book.as_of)}"
        yield Fact(name, (Link(fixed(score.score, 1)),), _promised(score))
    elif score.score is not None:
        yield Fact("Grade", (Link(str(score.grade)),), _promised(score))
    if parent := _weight_in_parent(book, item):
        yield Fact("Weight in parent", (Link(parent),))
    if item.continues:
        yield Fact("Continues", (links.objective(item.continues),))
    if later := book.portfolio.sequels.get(item.id):
        yield Fact("Goes on in", tuple(links.objective(name) for name in later))
    if item.tags:
        yield Fact("Tags", tuple(Link(tag) for tag in item.tags))


def _partners(book: Book, item: Objective) -> tuple[str, ...]:
    teams = [*item.contributors, *(kr.team for kr in item.key_results if kr.team)]
    return tuple(dict.fromkeys(team for team in teams if team != item.team))


def _promised(score: ObjectiveScore) -> str:
    if score.promised is None or score.progress is None or score.promised == score.progress:
        return ""
    return f"{percent(score.promised)} as first promised"


def _weight_in_parent(book: Book, item: Objective) -> str:
    if item.parent is None or "/" in item.parent:
        return ""
    above = book.scorecard.objectives[item.parent]
    if all(part.ref != item.id for part in above.parts):
        return "not counted there"
    total = sum((part.weight for part in above.parts), Fraction(0))
    return f"{number(item.weight)} of {number(total)}"


def _suspect(book: Book, item: Objective) -> str:
    found = (f for f in book.findings_in.get(item.path, ()) if f.code == "OKR501")
    return next((finding.message for finding in found), "")


def _faults(book: Book, item: Objective) -> Iterator[str]:
    """What of the file could not be read: a number made without it must not look whole."""
    here = book.findings_in.get(item.path, ())
    found = [finding for finding in here if finding.severity is Severity.ERROR]
    for finding in found[:SHOWN_FAULTS]:
        yield f"Line {finding.line}: {finding.message.replace('`', '')}."
    if len(found) > SHOWN_FAULTS:
        yield f"And {count(len(found) - SHOWN_FAULTS, 'more fault')}."


def _initiatives(book: Book, name: str) -> tuple[str, ...]:
    refs = _own_refs(book, name)
    found = (i for ref in refs for i in book.portfolio.initiatives_for.get(ref, ()))
    return tuple(dict.fromkeys(found))


def _tasks(book: Book, names: tuple[str, ...]) -> tuple[int, int]:
    flows = [book.flows[name] for name in names]
    return sum(flow.tasks_done for flow in flows), sum(len(flow.tasks) for flow in flows)


def _work_total(book: Book, names: tuple[str, ...]) -> WorkTotal | None:
    done, total = _tasks(book, names)
    if len(names) < 2 or not total:
        return None
    share = percent(Fraction(done, total))
    return WorkTotal(task_bar("All tasks", done, total), f"{done} of {total}", share)


def _callout(book: Book, name: str, work: tuple[str, ...]) -> Callout | None:
    """Work that runs ahead of the outcome is what a reader must see."""
    done, total = _tasks(book, work)
    score = book.scorecard.objectives[name]
    last = book.settings.workflow[-1].name
    finished = bool(work) and all(book.flows[each].state == last for each in work)
    if score.progress is None or score.status not in (Status.AT_RISK, Status.OFF_TRACK):
        return None
    moved = percent(score.progress)
    if finished:
        head = "All work is done, the outcome is not."
        text = f"{_every(len(work))} finished and {moved} of the outcome has moved."
        return Callout(status_mark(score.status), head, f"{text} What else would move it?")
    if not total or Fraction(done, total) < score.progress + Fraction(1, 5):
        return None
    tasks = percent(Fraction(done, total))
    text = f"{tasks} of the tasks are done, {moved} of the outcome has moved."
    ask = "Ask which of these will still move a number."
    return Callout(status_mark(score.status), "Work is ahead of outcome.", f"{text} {ask}")


def _every(amount: int) -> str:
    return "The one initiative is" if amount == 1 else f"All {amount} initiatives are"


def children_of(book: Book, name: str) -> tuple[str, ...]:
    """The objectives below one, through its key results too."""
    refs = _own_refs(book, name)
    return tuple(child for ref in refs for child in book.portfolio.children.get(ref, ()))


def _days_of(book: Book, item: Objective, period: Period | None) -> Days:
    """The days of those readings that a goal's numbers are made of: also the last of before."""
    if period is None:
        return date.min, date.max
    read = (book.ledger.reading_on(kr.source or "", period.start) for kr in item.key_results)
    first = min((reading.day for reading in read if reading), default=period.start)
    return min(first, period.start), scoring_day(period, book.as_of)


def _supporters(book: Book, name: str) -> tuple[str, ...]:
    refs = _own_refs(book, name)
    found = (each for ref in refs for each in book.portfolio.supporters.get(ref, ()))
    return tuple(dict.fromkeys(found))


def _children_note(book: Book, item: Objective, score: ObjectiveScore) -> str:
    names = children_of(book, item.id)
    if not names:
        return ""
    counted = {part.ref for part in score.parts}
    through = [kr for kr in item.key_results if kr.source == "objectives"]
    shown = progress_words(score, closed=False)
    if any(name in counted for name in names):
        source = counts_from(book.portfolio, item).replace("_", " ")
        return f"This objective takes its progress from {source}: these count into {shown}."
    if through:
        titles = listed([kr.title for kr in through])
        return f"They count into {shown} through the key result {titles}."
    return (
        "Shown for alignment. This objective takes its progress from its key results, "
        f"so {'this does' if len(names) == 1 else 'these do'} not count into {shown}."
    )


def _search(desk: Desk, item: Objective) -> Iterator[Found]:
    when = desk.links.period(item.period)
    people = [desk.links.person(item.owner), desk.links.team(item.team)]
    words = [link.text for link in (*people, when) if link]
    yield Found("", item.title, " · ".join([*words, *item.tags]))
    for kr in item.key_results:
        who = (desk.links.person(kr.owner or item.owner), desk.links.team(kr.team), when)
        text = [*(link.text for link in who if link), kr.metric or ""]
        yield Found(kr_anchor(kr.id), kr.title, " · ".join(filter(None, text)))


def objective_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page per objective that has no place in the review of its period."""
    for name, item in shared.book.portfolio.objectives.items():
        if shared.book.is_archived(name):
            continue
        uri = page_uri("objectives", name)
        desk = shared.desk(uri)
        view = objective_view(desk, name, shared.pictures)
        goals = dict.fromkeys(ref.partition("/")[0] for ref in ancestors(shared.book, name))
        above = (goal for goal in goals if not shared.book.is_archived(goal))
        yield SitePage(
            uri=uri,
            title=item.title,
            kind="objective",
            html=render("objective", view),
            search=search_html(_search(desk, item)),
            source=item.path,
            description=f"{view.status.word}: {view.number}, {view.headline}".strip(", "),
            hide=("toc",),
            parents=(HOME, TABLE, *(page_uri("objectives", each) for each in above)),
            listed=item.visibility is Visibility.PUBLIC,
        )
