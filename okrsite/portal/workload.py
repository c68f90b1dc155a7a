"""The overview of initiatives: work by state, what is blocked first, with its limits."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.flow import Flow, summarise
from okrsite.okr.pipeline import Book
from okrsite.okr.status import Status
from okrsite.portal.links import HOME, INITIATIVES, Link
from okrsite.portal.now import current_period
from okrsite.portal.parts import Desk, Fact, StatusMark
from okrsite.portal.rows import InitiativeRow, initiative_row
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, percent
from okrsite.portal.workshop import Found, Workshop, search_html

SHOWN_DONE = 12


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state of the workflow: how many are in it, its limit, and who has been there longest."""

    name: Link
    count: int
    limit: str
    over: StatusMark | None
    blocked: int
    longest: Link | None
    age: str


@dataclass(frozen=True, slots=True)
class StateGroup:
    """The initiatives of one state; `earlier` are folded away."""

    anchor: str
    title: str
    note: str
    rows: tuple[InitiativeRow, ...]
    earlier: tuple[InitiativeRow, ...]


@dataclass(frozen=True, slots=True)
class InitiativesView:
    """What the template of the initiatives sees."""

    kicker: str
    body: Markup
    facts: tuple[Fact, ...]
    states: tuple[StateRow, ...]
    groups: tuple[StateGroup, ...]


def initiatives_view(desk: Desk) -> InitiativesView:
    """The view of all initiatives."""
    book = desk.book
    names = tuple(book.portfolio.initiatives)
    return InitiativesView(
        kicker=count(len(names), "initiative"),
        body=Markup(BODY_SLOT),
        facts=tuple(_facts(book)) if names else (),
        states=tuple(_state(desk, state) for state in states_of(book)) if names else (),
        groups=tuple(_groups(desk)),
    )


def state_of(book: Book, flow: Flow) -> str:
    """The state an initiative is in; one that never said any is in the first."""
    return flow.state or book.settings.workflow[0].name


def states_of(book: Book) -> tuple[str, ...]:
    """The workflow's states in their order, then those only the texts know."""
    known = [stage.name for stage in book.settings.workflow]
    others = sorted({state_of(book, flow) for flow in book.flows.values()} - set(known))
    return (*known[:-1], *others, known[-1])


def _in_state(book: Book, state: str) -> tuple[str, ...]:
    return tuple(name for name, flow in book.flows.items() if state_of(book, flow) == state)


def _facts(book: Book) -> Iterator[Fact]:
    active = {stage.name for stage in book.settings.workflow if stage.active}
    doing = sum(1 for flow in book.flows.values() if state_of(book, flow) in active)
    yield Fact("In progress", (Link(str(doing)),))
    yield Fact("Blocked", (Link(str(sum(1 for f in book.flows.values() if f.blocked))),))
    period = current_period(book)
    if period is None or period.start > book.as_of:
        return
    flow = summarise(book.flows.values(), period.start, min(book.as_of, period.end))
    yield Fact("Finished", (Link(str(flow.finished)),), f"since {day(period.start)}")
    if flow.cycle_median is not None and flow.cycle_85 is not None:
        slow = f"85 % within {count(flow.cycle_85, 'day')}"
        yield Fact("Cycle time, median", (Link(count(flow.cycle_median, "day")),), slow)
    if flow.efficiency is not None:
        days = f"{flow.active_days} of {count(flow.cycle_days, 'day')}"
        yield Fact("Flow efficiency", (Link(percent(flow.efficiency)),), days)


def _state(desk: Desk, state: str) -> StateRow:
    book = desk.book
    names = _in_state(book, state)
    wip = next((stage.wip for stage in book.settings.workflow if stage.name == state), None)
    over = len(names) - wip if wip is not None else 0
    oldest = min(
        (name for name in names if book.flows[name].since and not book.flows[name].done_on),
        key=lambda name: (book.flows[name].since or book.as_of, name),
        default=None,
    )
    age = book.flows[oldest].age(book.as_of) if oldest else None
    return StateRow(
        name=Link(state.capitalize(), f"#{_anchor(book, state)}" if names else ""),
        count=len(names),
        limit="" if wip is None else str(wip),
        over=StatusMark(str(Status.AT_RISK), f"over by {over}") if over > 0 else None,
        blocked=sum(1 for name in names if book.flows[name].blocked),
        longest=desk.links.initiative(oldest) if oldest else None,
        age=count(age, "day") if age is not None else "",
    )


def _anchor(book: Book, state: str) -> str:
    return f"state-{states_of(book).index(state) + 1}"


def _groups(desk: Desk) -> Iterator[StateGroup]:
    book = desk.book
    blocked = [name for name, flow in book.flows.items() if flow.blocked]
    if blocked:
        first = sorted(blocked, key=lambda n: (book.flows[n].blocked_since or book.as_of, n))
        yield StateGroup("blocked", "Blocked", "longest first", _rows(desk, first), ())
    for state in _worked_on_first(book):
        names = _in_state(book, state)
        if names:
            yield _group(desk, state, names)


def _worked_on_first(book: Book) -> list[str]:
    """Active states first, the last one last, the others as the workflow has them."""
    stages = book.settings.workflow
    active = {stage.name for stage in stages if stage.active}
    states = states_of(book)
    return sorted(states, key=lambda s: (s == stages[-1].name, s not in active, states.index(s)))


def _group(desk: Desk, state: str, names: Sequence[str]) -> StateGroup:
    book = desk.book
    done = state == book.settings.workflow[-1].name
    free = [name for name in names if not book.flows[name].blocked]
    if done:
        free.sort(key=lambda n: (book.flows[n].done_on or book.as_of.min, n), reverse=True)
    else:
        items = book.portfolio.initiatives
        free.sort(key=lambda n: (items[n].due or book.as_of.max, items[n].title, n))
    shown = SHOWN_DONE if done else len(free)
    held = len(names) - len(free)
    return StateGroup(
        anchor=_anchor(book, state),
        title=state.capitalize(),
        note=f"{len(names)}, {held} of them blocked" if held else str(len(names)),
        rows=_rows(desk, free[:shown]),
        earlier=_rows(desk, free[shown:]),
    )


def _rows(desk: Desk, names: Sequence[str]) -> tuple[InitiativeRow, ...]:
    return tuple(initiative_row(desk, name) for name in names)


def described(book: Book) -> str:
    """`3 doing, 2 review, 1 blocked`."""
    found = Counter(state_of(book, flow) for flow in book.flows.values())
    parts = [f"{found[state]} {state}" for state in states_of(book) if found[state]]
    blocked = sum(1 for flow in book.flows.values() if flow.blocked)
    return ", ".join([*parts, *([f"{blocked} blocked"] if blocked else [])])


def initiative_overview_pages(shared: Workshop) -> Iterator[SitePage]:
    """The overview of initiatives."""
    view = initiatives_view(shared.desk(INITIATIVES))
    found = [Found("", "Initiatives", "Work by state, with what is blocked and its limits")]
    yield SitePage(
        uri=INITIATIVES,
        title="Initiatives",
        kind="initiatives",
        html=render("initiatives", view),
        search=search_html(found),
        description=described(shared.book),
        hide=("toc",),
        parents=(HOME,),
    )
