"""The overview of periods: what runs, what comes, what is over."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from okrsite.okr.scoring import is_closed
from okrsite.portal.archive import has_archive
from okrsite.portal.links import ARCHIVE, COMPARE, HOME, PERIODS, TRENDS, Link
from okrsite.portal.now import statuses_of
from okrsite.portal.organisation import Tally, tallies
from okrsite.portal.parts import Bar, Desk, days_left, progress_bar
from okrsite.portal.period import company_score, state_word
from okrsite.portal.recorded import record_of
from okrsite.portal.review_rows import GRADES
from okrsite.portal.rows import gap_words, progress_words
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.snapshots import has_snapshots
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, day_year
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period: its days, how the company stands in it, and where its objectives do."""

    title: Link
    days: str
    state: str
    bar: Bar | None
    progress: str
    gap: str
    objectives: int
    counts: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Periods of one kind; `empty` is said where there are none."""

    anchor: str
    title: str
    rows: tuple[PeriodRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class PeriodsView:
    """What the template of the periods sees.

    `archive`, `compare` and `trends` lead to these pages, where there are such.
    """

    kicker: str
    body: Markup
    total: int
    sections: tuple[Section, ...]
    archive: str
    compare: str
    trends: str


def periods_view(desk: Desk) -> PeriodsView:
    """The view of all periods."""
    book = desk.book
    recorded = has_snapshots(book)
    periods = tuple(book.portfolio.periods.values())
    return PeriodsView(
        kicker=count(len(periods), "period"),
        body=Markup(BODY_SLOT),
        total=len(periods),
        sections=tuple(_sections(desk)) if periods else (),
        archive=desk.links.page(ARCHIVE) if has_archive(book) else "",
        compare=desk.links.page(COMPARE) if recorded else "",
        trends=desk.links.page(TRENDS) if recorded else "",
    )


def _sections(desk: Desk) -> Iterator[Section]:
    book, today = desk.book, desk.book.as_of

    def those(wanted: Callable[[Period], bool], *, newest: bool = True) -> tuple[PeriodRow, ...]:
        found = sorted(filter(wanted, book.portfolio.periods.values()), key=_length)
        found.sort(key=lambda p: p.start, reverse=newest)
        return tuple(_row(desk, period) for period in found)

    running = those(lambda p: p.start <= today <= p.end and not is_closed(p, today))
    yield Section("running", "Running", running, f"No period runs on {day_year(today)}.")
    coming = those(lambda p: p.start > today, newest=False)
    if coming:
        yield Section("coming", "Coming", coming, "")
    waiting = those(lambda p: p.end < today and not is_closed(p, today))
    if waiting:
        yield Section("waiting", "Over, and to be closed", waiting, "")
    closed = those(lambda p: is_closed(p, today))
    yield Section("closed", "Closed", closed, "Closed periods will stand here with their scores.")


def _length(period: Period) -> int:
    return (period.end - period.start).days


def _row(desk: Desk, period: Period) -> PeriodRow:
    book = desk.book
    score, closed = company_score(book, period), is_closed(period, book.as_of)
    statuses = statuses_of(book, period)
    bar = None
    if score:
        status = GRADES[score.grade] if closed and score.grade else score.status
        bar = progress_bar("Company", status, score.progress, score.expected, score.projection)
    return PeriodRow(
        title=desk.links.period(period.id) or Link(period.title),
        days=f"{day_year(period.start)} to {day_year(period.end)}",
        state=_state(book, period),
        bar=bar,
        progress=progress_words(score, closed) if score else "",
        gap=gap_words(score, closed) if score else "",
        objectives=len(statuses),
        counts=tallies(Counter(statuses)),
    )


def _state(book: Book, period: Period) -> str:
    word = state_word(book, period)
    if is_closed(period, book.as_of):
        closed = f"closed {day(period.closed_on)}" if period.closed_on else word
        waits = bool(book.parsed.closed.records) and not record_of(book, period.id)
        return f"{closed}, not recorded yet" if waits else closed
    left = days_left(period, book.as_of)
    return f"{word}, {left}" if period.end >= book.as_of else left


def period_overview_pages(shared: Workshop) -> Iterator[SitePage]:
    """The overview of periods."""
    view = periods_view(shared.desk(PERIODS))
    yield SitePage(
        uri=PERIODS,
        title="Periods",
        kind="periods",
        html=render("periods", view),
        search=search_html([Found("", "Periods", "Running, coming and closed periods")]),
        description=view.kicker,
        hide=("toc",),
        parents=(HOME,),
    )
