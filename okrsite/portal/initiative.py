"""The page of an initiative: its state, what it is for, what it waits for, its way so far."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from okrsite.okr.finding import Finding
from okrsite.okr.flow import Flow, summarise
from okrsite.okr.model import Initiative
from okrsite.okr.pipeline import Book
from okrsite.okr.status import Status
from okrsite.portal.courses import change_words
from okrsite.portal.crumbs import goal_crumbs, team_crumbs
from okrsite.portal.feed import FeedEntry, history
from okrsite.portal.forge import Form, initiative_forms
from okrsite.portal.key_result_rows import KeyResultRow, key_result_row
from okrsite.portal.links import DATA, HOME, INITIATIVES, Link, page_uri
from okrsite.portal.now import is_listed
from okrsite.portal.objective import SHOWN_ENTRIES, Callout, Crumb
from okrsite.portal.parts import Bar, Desk, Fact, StatusMark, source_link, status_mark, task_bar
from okrsite.portal.rows import InitiativeRow, ObjectiveRow, initiative_row, objective_row
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.stretches import Stretch, stretches_of
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, day_year, percent, span
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class StretchRow:
    """A time in one state: since when, until when, how long, and how it counts."""

    state: str
    blocked: str
    begun: Link
    ended: str
    days: str
    counts: str


@dataclass(frozen=True, slots=True)
class InitiativeView:
    """What the template of an initiative sees."""

    path: tuple[Crumb, ...]
    of: tuple[Link, ...]
    title: str
    state: str
    mark: StatusMark | None
    headline: str
    bar: Bar
    tasks: str
    facts: tuple[Fact, ...]
    blocked: str
    moved: str
    callout: Callout | None
    has_body: bool
    body: Markup
    key_results: tuple[KeyResultRow, ...]
    objectives: tuple[ObjectiveRow, ...]
    unlisted: str
    waits_for: tuple[InitiativeRow, ...]
    waited_by: tuple[InitiativeRow, ...]
    stretches: tuple[StretchRow, ...]
    together: str
    times: tuple[Fact, ...]
    formula: str
    findings: tuple[Finding, ...]
    history: tuple[FeedEntry, ...]
    earlier: tuple[FeedEntry, ...]
    source: Link
    data: str
    forms: tuple[Form, ...]


def initiative_view(desk: Desk, name: str) -> InitiativeView:
    """The view of one initiative."""
    book, links = desk.book, desk.links
    item, flow = book.portfolio.initiatives[name], book.flows[name]
    row, entries = initiative_row(desk, name), history(desk, [f"initiatives/{name}"])
    waiting, goals = book.portfolio.dependents.get(name, ()), _listed(book, item)
    return InitiativeView(
        path=tuple(_path(desk, item)),
        of=tuple(link for link in (links.team(item.team),) if link),
        title=item.title,
        state=_state(book, flow).capitalize(),
        mark=_mark(item, flow, book.as_of),
        headline=_headline(flow, book.as_of),
        bar=task_bar(item.title, flow.tasks_done, len(flow.tasks)),
        tasks=_tasks(flow),
        facts=tuple(_facts(desk, item, row)),
        blocked=_blocked(flow),
        moved=_moved(book, name),
        callout=_callout(book, item, flow),
        has_body=bool(item.body.strip()),
        body=Markup(BODY_SLOT),
        key_results=tuple(_goal_row(desk, ref) for ref in goals if "/" in ref),
        objectives=tuple(objective_row(desk, ref) for ref in goals if "/" not in ref),
        unlisted=_unlisted(len(item.contributes_to) - len(goals), beside=bool(goals)),
        waits_for=tuple(initiative_row(desk, other) for other in item.depends_on),
        waited_by=tuple(initiative_row(desk, other) for other in waiting),
        stretches=tuple(_stretch_row(desk, stretch) for stretch in _stretches(book, name)),
        together=count(flow.lead_days, "day") if flow.lead_days is not None else "",
        times=tuple(_times(flow)),
        formula=_formula(book, flow),
        findings=_findings(book, item),
        history=entries[:SHOWN_ENTRIES],
        earlier=entries[SHOWN_ENTRIES:],
        source=source_link(desk, item.path),
        data=links.file(DATA),
        forms=initiative_forms(desk, item),
    )


def _path(desk: Desk, item: Initiative) -> Iterator[Crumb]:
    here = "this initiative"
    if goals := _listed(desk.book, item):
        return goal_crumbs(desk, goals[0], here)
    return team_crumbs(desk, item.team, here)


# --- how it stands --------------------------------------------------------------------------


def _state(book: Book, flow: Flow) -> str:
    return flow.state or book.settings.workflow[0].name


def _mark(item: Initiative, flow: Flow, today: date) -> StatusMark | None:
    """What needs a look; a state by itself is neither good nor bad."""
    if flow.blocked:
        return StatusMark(str(Status.OFF_TRACK), "Blocked")
    if item.due and item.due < today and not flow.done_on:
        return StatusMark(str(Status.AT_RISK), "Late")
    return None


def _headline(flow: Flow, today: date) -> str:
    if flow.since is None:
        return "as its file says; nothing checked in yet"
    if flow.done_on:
        return f"since {day_year(flow.since)}"
    if flow.blocked and flow.blocked_since:
        days = count((today - flow.blocked_since).days + 1, "day")
        return f"since {day(flow.blocked_since)}, {days}"
    return f"since {day(flow.since)}, {count(flow.age(today) or 0, 'day')}"


def _blocked(flow: Flow) -> str:
    if not flow.blocked:
        return ""
    since = f" Since {day(flow.blocked_since)}." if flow.blocked_since else ""
    return f"{flow.blocked.rstrip('.')}.{since}"


def _tasks(flow: Flow) -> str:
    if not flow.tasks:
        return "no tasks yet"
    return f"{flow.tasks_done} of {count(len(flow.tasks), 'task')} done"


def _facts(desk: Desk, item: Initiative, row: InitiativeRow) -> Iterator[Fact]:
    flow, today = desk.book.flows[item.id], desk.book.as_of
    yield Fact("Owner", (desk.links.person(item.owner) or Link("nobody yet"),))
    if item.start:
        yield Fact("Planned start", (Link(day(item.start)),))
    if flow.started_on:
        yield Fact("Begun", (Link(day(flow.started_on)),))
    if item.due:
        yield Fact("Due", (Link(day(item.due)),), _due(item.due, flow, today) or row.due_note)
    if item.contributes_to:
        yield Fact("Serves", (Link(count(len(item.contributes_to), "goal"), "#goals"),))
    if item.tags:
        yield Fact("Tags", tuple(Link(tag) for tag in item.tags))


def _due(due: date, flow: Flow, today: date) -> str:
    if flow.done_on:
        apart = (flow.done_on - due).days
        return "done in time" if apart <= 0 else f"done {span(apart)} late"
    left = (due - today).days
    return f"{count(left, 'day')} left" if left > 1 else ""


def _moved(book: Book, name: str) -> str:
    """`Due 31 Aug → 14 Sep on 18 Aug`, of the last amendment."""
    changes = book.world.goalposts.get(name, ())
    if not changes:
        return ""
    words = change_words(changes[-1])
    times = f", moved {len(changes)} times in all" if len(changes) > 1 else ""
    return f"{words[0].upper()}{words[1:]} on {day(changes[-1].amendment.date)}{times}"


# --- what it is for -------------------------------------------------------------------------


def _listed(book: Book, item: Initiative) -> tuple[str, ...]:
    """The goals it serves that may be named."""
    return tuple(ref for ref in item.contributes_to if is_listed(book, ref))


def _unlisted(amount: int, *, beside: bool) -> str:
    """What is said of goals that are counted and not named."""
    also, goals = "also " if beside else "", count(amount, "goal")
    verb = "is" if amount == 1 else "are"
    return f"It {also}serves {goals} that {verb} not listed." if amount else ""


def _goal_row(desk: Desk, ref: str) -> KeyResultRow:
    """The key result with its objective in the place of its weight, and without a narrative."""
    row = key_result_row(desk, ref, about="")
    who = (desk.links.objective(ref.partition("/")[0]), *row.who)
    return replace(row, who=who, note="", note_day=None)


def _callout(book: Book, item: Initiative, flow: Flow) -> Callout | None:
    """Work that is done, for an outcome that is not."""
    goals = _listed(book, item)
    late = [ref for ref in goals if _goal_status(book, ref) in _BEHIND]
    if not flow.done_on or not late:
        return None
    mark = status_mark(_goal_status(book, late[0]))
    total = len(goals)
    which = "The goal" if total == 1 else f"{len(late)} of {total} goals"
    verb = "are" if total > 1 and len(late) > 1 else "is"
    text = f"{which} it was for {verb} behind. Did it move the number, and what else would?"
    return Callout(mark, "The work is done, the outcome is not.", text)


_BEHIND = (Status.AT_RISK, Status.OFF_TRACK)


def _goal_status(book: Book, ref: str) -> Status:
    if "/" in ref:
        return book.scorecard.key_results[ref].status
    return book.scorecard.objectives[ref].status


# --- its way so far -------------------------------------------------------------------------


def _stretches(book: Book, name: str) -> tuple[Stretch, ...]:
    return stretches_of(book.ledger.steps.get(name, ()), book.settings.workflow, book.as_of)


def _stretch_row(desk: Desk, it: Stretch) -> StretchRow:
    days = "same day" if it.days == 0 else count(it.days or 0, "day")
    return StretchRow(
        state=(it.state or desk.book.settings.workflow[0].name).capitalize(),
        blocked=it.blocked,
        begun=Link(day_year(it.begun), desk.links.check_in(it.check_in)),
        ended=_ended(it, desk.book.as_of),
        days="" if it.days is None else days,
        counts="" if it.days is None else "active" if it.active else "waiting",
    )


def _ended(it: Stretch, as_of: date) -> str:
    """The day on which a stretch ended; of one that goes on, that it did on this day."""
    if it.ended or it.days is None:
        return day_year(it.ended) if it.ended else ""
    return f"still on {day_year(as_of)}"


def _times(flow: Flow) -> Iterator[Fact]:
    if flow.lead_days is not None:
        yield Fact("Lead time", (Link(count(flow.lead_days, "day")),))
    if flow.cycle_days is not None:
        yield Fact("Cycle time", (Link(count(flow.cycle_days, "day")),))
    if (share := flow_efficiency(flow)) and flow.cycle_days is not None:
        small = f"{flow.active_days} of {count(flow.cycle_days, 'day')}"
        yield Fact("Flow efficiency", (Link(share),), small)


def flow_efficiency(flow: Flow) -> str:
    """Active, unblocked days ÷ cycle days; empty before it is done."""
    if flow.done_on is None:
        return ""
    efficiency = summarise((flow,), flow.done_on, flow.done_on).efficiency
    return "" if efficiency is None else percent(efficiency)


def _formula(book: Book, flow: Flow) -> str:
    last = book.settings.workflow[-1].name
    if flow.cycle_days is None or flow.lead_days is None:
        return f"Lead time, cycle time and flow efficiency are counted once it is {last}."
    active = " or ".join(s.name for s in book.settings.workflow if s.active) or "an active state"
    return (
        f"Lead time is from the first recorded state to {last}, cycle time from the first day in "
        f"{active} to {last}, both days counted. Flow efficiency is {flow.active_days} days in "
        f"{active} and not blocked ÷ {flow.cycle_days} days of cycle time = "
        f"{flow_efficiency(flow)}. A day belongs to the state entered last on it, the day of "
        "finishing to the one before."
    )


def _findings(book: Book, item: Initiative) -> tuple[Finding, ...]:
    """What the rules say of its file, or of it in a check-in."""
    subject = f"initiatives/{item.id}"
    return tuple(f for f in book.findings if f.path == item.path or f.subject == subject)


# --- pages ----------------------------------------------------------------------------------


def _search(desk: Desk, item: Initiative, view: InitiativeView) -> Found:
    people = (desk.links.person(item.owner), desk.links.team(item.team))
    goals = (desk.links.named_goal(ref) for ref in _listed(desk.book, item))
    words = [link.text for link in (*people, *goals) if link]
    blocked = f"blocked: {view.blocked}" if view.blocked else ""
    return Found(
        "", item.title, " · ".join(filter(None, [view.state, blocked, *words, *item.tags]))
    )


def initiative_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page per initiative; one done for goals of recorded periods alone stands with those."""
    for name, item in shared.book.portfolio.initiatives.items():
        if shared.book.is_archived(f"initiatives/{name}"):
            continue
        uri = page_uri("initiatives", name)
        desk = shared.desk(uri)
        view = initiative_view(desk, name)
        yield SitePage(
            uri=uri,
            title=item.title,
            kind="initiative",
            html=render("initiative", view),
            search=search_html([_search(desk, item, view)]),
            source=item.path,
            description=f"{view.state} {view.headline}; {view.tasks}",
            hide=("toc",),
            parents=(HOME, INITIATIVES),
        )
