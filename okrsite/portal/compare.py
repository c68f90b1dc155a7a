"""What can be compared: a page for any two snapshots of a period, and any two closed periods."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from markupsafe import Markup

from okrsite.okr.scoring import is_closed as ended
from okrsite.okr.snapshot.names import RECORD, Name
from okrsite.okr.snapshot.shelf import Kept
from okrsite.okr.snapshot.steps import path_between
from okrsite.portal.comparison import Pair, comparison_view
from okrsite.portal.contents import Contents
from okrsite.portal.links import COMPARE, HOME, Link, page_uri
from okrsite.portal.parts import Desk
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.snapshots import (
    contents_at,
    has_snapshots,
    is_closed,
    period_title,
    since_words,
    stand_words,
    steps_to,
)
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A snapshot, and what it can be compared with."""

    what: Link
    as_of: str
    record: Link
    sha256: str
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The snapshots of one period."""

    anchor: str
    period: Link
    rows: tuple[SnapshotRow, ...]


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """A closed period, and the earlier ones it can be compared with."""

    period: Link
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CompareView:
    """What the template of all comparisons sees."""

    kicker: str
    body: Markup
    closed: tuple[ClosedRow, ...]
    shelves: tuple[Shelf, ...]
    missing: tuple[Link, ...]


def pairs(shared: Workshop) -> tuple[Pair, ...]:
    """Any two snapshots of a period and any two closed periods that a way leads between."""
    kept = shared.snapshots
    known = {name: steps_to(shared, name) for name in kept}
    found: dict[str, Pair] = {}
    for base, head in combinations(kept.values(), 2):
        if not _belong_together(base.name, head.name):
            continue
        if path := path_between(base.name, head.name, known):
            uri = _uri(base.name, head.name, found)
            found[uri] = Pair(uri, base, head, path)
    return tuple(found.values())


def _belong_together(base: Name, head: Name) -> bool:
    return base.period == head.period or (is_closed(base) and is_closed(head))


def _uri(base: Name, head: Name, taken: Mapping[str, Pair]) -> str:
    """`compare/2026-q1--2026-q2.md`, or with both kinds within one period."""
    of_two = base.period != head.period
    names = (name.period if of_two else str(name).replace("/", "-") for name in (base, head))
    uri = page_uri("compare", "--".join(names))
    while uri in taken:  # `a--b` and `c` as well as `a` and `b--c`
        uri = uri.replace(".md", "-.md")
    return uri


def compare_view(shared: Workshop, desk: Desk, found: Sequence[Pair]) -> CompareView:
    """The view of all that can be compared, the newest period first."""
    kept = tuple(shared.snapshots.values())
    names = sorted({one.name.period for one in kept}, key=lambda p: _began(shared, p), reverse=True)
    closed = [one.name for one in kept if is_closed(one.name)]
    recorded = {name.period for name in closed}
    periods = desk.book.portfolio.periods.values()
    return CompareView(
        kicker=f"{count(len(kept), 'snapshot')} of {count(len(names), 'period')}",
        body=Markup(BODY_SLOT),
        closed=tuple(_closed_row(desk, name, found) for name in reversed(closed)),
        shelves=tuple(_shelf(desk, name, kept, found) for name in names),
        missing=tuple(
            link
            for period in periods
            if ended(period, desk.book.as_of) and period.id not in recorded
            if (link := desk.links.period(period.id))
        ),
    )


def _began(shared: Workshop, period: str) -> tuple[date, str]:
    known = shared.book.portfolio.periods.get(period)
    return (known.start if known else date.min), period


def _closed_row(desk: Desk, name: Name, found: Sequence[Pair]) -> ClosedRow:
    bases = (pair for pair in found if pair.is_of_two and pair.head.name == name)
    others = tuple(
        Link(f"with {period_title(desk.book, pair.base.name)}", desk.links.page(pair.uri))
        for pair in reversed(tuple(bases))
    )
    return ClosedRow(desk.links.period(name.period) or Link(name.period), others)


def _shelf(desk: Desk, period: str, kept: Sequence[Kept], found: Sequence[Pair]) -> Shelf:
    own = [one for one in kept if one.name.period == period]
    link = desk.links.period(period) or Link(period)
    return Shelf(f"of-{period}", link, tuple(_row(desk, one, found) for one in own))


def _row(desk: Desk, one: Kept, found: Sequence[Pair]) -> SnapshotRow:
    words = stand_words(one.name)
    return SnapshotRow(
        what=Link(words[:1].upper() + words[1:]),
        as_of=day_year(one.as_of),
        record=Link("record", desk.links.file(one.name.file(RECORD))),
        sha256=one.sha256,
        others=tuple(
            Link(since_words(pair.base.name), desk.links.page(pair.uri))
            for pair in found
            if not pair.is_of_two and pair.head.name == one.name
        ),
    )


def compare_pages(shared: Workshop) -> Iterator[SitePage]:
    """What can be compared, and a page for each two."""
    if not has_snapshots(shared.book):
        return
    found = pairs(shared)
    desk = shared.desk(COMPARE)
    view = compare_view(shared, desk, found)
    yield SitePage(
        uri=COMPARE,
        title="Compare",
        kind="compare",
        html=render("compare", view),
        search=search_html([Found("", "Compare", "Two periods, or two snapshots of one")]),
        description=view.kicker,
        hide=("toc",),
        parents=(HOME,),
    )
    contents = dict(_contents(shared, found))
    for pair in found:
        yield _page(shared, pair, contents)


def _contents(shared: Workshop, found: Sequence[Pair]) -> Iterator[tuple[Name, Contents]]:
    steps = [step for pair in found for step in pair.path]
    for name in dict.fromkeys(name for step in steps for name in (step.base, step.head)):
        if contents := contents_at(shared, name):
            yield name, contents


def _page(shared: Workshop, pair: Pair, contents: Mapping[Name, Contents]) -> SitePage:
    view = comparison_view(shared.desk(pair.uri), pair, contents)
    return SitePage(
        uri=pair.uri,
        title=view.title,
        kind="comparison",
        html=render("comparison", view),
        search=search_html([Found("", view.title, view.kicker)]),
        description=view.kicker,
        hide=("navigation", "toc"),
        parents=(HOME, COMPARE),
    )
