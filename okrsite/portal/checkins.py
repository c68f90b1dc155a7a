"""The feed: who said what, a page for every ISO week, and an overview of the weeks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from okrsite.okr.model import CheckIn
from okrsite.okr.pipeline import Book
from okrsite.okr.terms import Change
from okrsite.portal.courses import change_words
from okrsite.portal.feed import FeedEntry, amendment_entry, is_silent, listed_entry
from okrsite.portal.links import FEED, HOME, Link, week_uri
from okrsite.portal.now import current_period, is_listed, is_told
from okrsite.portal.parts import Desk, Fact
from okrsite.portal.prose import plain_text
from okrsite.portal.rhythm import Rhythm, rhythm
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, day_year, listed, shortened, weekday
from okrsite.portal.workshop import Found, Workshop, search_html

SHOWN_WINDOWS = 10


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week in which something was said or moved; both newest first."""

    monday: date
    check_ins: tuple[CheckIn, ...]
    changes: tuple[Change, ...]

    @property
    def uri(self) -> str:
        """Its page."""
        return week_uri(self.monday)

    @property
    def title(self) -> str:
        """`Week 34`."""
        return f"Week {self.monday.isocalendar().week}"

    @property
    def days(self) -> str:
        """`17 to 23 Aug 2026`."""
        sunday = self.monday + timedelta(days=6)
        first = str(self.monday.day) if sunday.month == self.monday.month else day(self.monday)
        return f"{first} to {day_year(sunday)}"


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week in the overview."""

    title: Link
    days: str
    check_ins: int
    people: int
    key_results: int
    moved: int


@dataclass(frozen=True, slots=True)
class WeekView:
    """What the template of a week sees."""

    kicker: str
    body: Markup
    title: str
    days: str
    facts: tuple[Fact, ...]
    entries: tuple[FeedEntry, ...]
    reviews: tuple[Link, ...]
    before: Link | None
    after: Link | None
    all_weeks: str


@dataclass(frozen=True, slots=True)
class FeedView:
    """What the template of the weeks' overview sees."""

    kicker: str
    body: Markup
    latest: Link | None
    latest_days: str
    entries: tuple[FeedEntry, ...]
    weeks: tuple[WeekRow, ...]
    rhythm: Rhythm | None
    rhythm_title: str


def feed_weeks(book: Book) -> tuple[Week, ...]:
    """The weeks with anything to tell, newest first."""
    said: dict[date, list[CheckIn]] = defaultdict(list)
    moved: dict[date, list[Change]] = defaultdict(list)
    for item in book.ledger.check_ins:
        if is_told(book, item):
            said[_monday(item.date)].append(item)
    for subject, changes in book.world.goalposts.items():
        told = is_listed(book, subject) and not _is_over(book, subject)
        for change in changes if told else ():
            moved[_monday(change.amendment.date)].append(change)
    return tuple(
        Week(
            monday,
            tuple(sorted(said[monday], key=lambda c: (c.date, c.id), reverse=True)),
            tuple(sorted(moved[monday], key=lambda c: c.amendment.id, reverse=True)),
        )
        for monday in sorted({*said, *moved}, reverse=True)
    )


def _is_over(book: Book, subject: str) -> bool:
    return book.is_archived(subject) or book.is_archived(f"initiatives/{subject}")


def _monday(value: date) -> date:
    return value - timedelta(days=value.weekday())


def week_entries(desk: Desk, week: Week, *, places: bool) -> tuple[FeedEntry, ...]:
    """Everything of a week, newest first; with `places` each entry has its id."""
    entries = [_check_in(desk, item, places) for item in week.check_ins]
    for change in week.changes:
        item = change.amendment
        anchor = f"amendment-{item.id}" if places else ""
        entries.append(amendment_entry(desk, change, anchor=anchor, when=weekday(item.date)))
    return tuple(sorted(entries, key=lambda entry: entry.day, reverse=True))


def _check_in(desk: Desk, item: CheckIn, places: bool) -> FeedEntry:
    anchor = f"check-in-{item.id}" if places else ""
    return listed_entry(desk, item, anchor=anchor, when=weekday(item.date))


def week_view(desk: Desk, week: Week, before: Week | None, after: Week | None) -> WeekView:
    """The view of one week."""
    return WeekView(
        kicker="Check-ins and moved goalposts",
        body=Markup(BODY_SLOT),
        title=f"{week.title}, {week.monday.isocalendar().year}",
        days=week.days,
        facts=tuple(_facts(desk.book, week)),
        entries=week_entries(desk, week, places=True),
        reviews=tuple(sorted(_reviews(desk, week), key=lambda link: link.text)),
        before=_week_link(desk, before),
        after=_week_link(desk, after),
        all_weeks=desk.links.page(FEED),
    )


def _week_link(desk: Desk, week: Week | None) -> Link | None:
    return Link(f"{week.title}, {week.days}", desk.links.page(week.uri)) if week else None


def _facts(book: Book, week: Week) -> Iterator[Fact]:
    yield Fact("Check-ins", (Link(str(len(week.check_ins))),))
    yield Fact("People", (Link(str(_people(week))),))
    yield Fact("Key results", (Link(str(_key_results(book, week))),), "spoken of")
    if week.changes:
        yield Fact("Goalposts moved", (Link(str(len(week.changes))),))


def _people(week: Week) -> int:
    return len({item.author for item in week.check_ins if item.author})


def _key_results(book: Book, week: Week) -> int:
    """How many key results the check-ins tell of, as far as they are shown."""
    said = {ref for item in week.check_ins for ref in item.key_results}
    return sum(is_listed(book, ref) for ref in said)


def _reviews(desk: Desk, week: Week) -> Iterator[Link]:
    """The reviews that have the rest of what was said in a week."""
    sunday = week.monday + timedelta(days=6)
    for name in desk.book.archived_periods:
        period = desk.book.portfolio.periods[name]
        link = desk.links.period(name)
        if link and period.start <= sunday and week.monday <= period.end:
            yield link


def feed_view(desk: Desk, weeks: Sequence[Week]) -> FeedView:
    """The view of the overview: the latest week in full, the rhythm, and all weeks."""
    period = current_period(desk.book)
    latest = weeks[0] if weeks else None
    return FeedView(
        kicker=_kicker(desk.book, weeks),
        body=Markup(BODY_SLOT),
        latest=Link(latest.title, desk.links.page(latest.uri)) if latest else None,
        latest_days=latest.days if latest else "",
        entries=week_entries(desk, latest, places=False) if latest else (),
        weeks=tuple(_row(desk, week) for week in weeks),
        rhythm=rhythm(desk, period, last=SHOWN_WINDOWS) if period else None,
        rhythm_title=f"Check-in rhythm, {period.title}" if period else "",
    )


def _kicker(book: Book, weeks: Sequence[Week]) -> str:
    days = [item.date for week in weeks for item in week.check_ins]
    total = len(days)
    since = f" since {day_year(min(days))}" if total else ""
    rest = "; those on closed goals are in the reviews of their periods" if book.archived else ""
    return f"{count(total, 'check-in')}{since}{rest}"


def _row(desk: Desk, week: Week) -> WeekRow:
    return WeekRow(
        title=Link(week.title, desk.links.page(week.uri)),
        days=week.days,
        check_ins=len(week.check_ins),
        people=_people(week),
        key_results=_key_results(desk.book, week),
        moved=len(week.changes),
    )


def _found(desk: Desk, week: Week, title: str) -> Iterator[Found]:
    yield Found("", title, week.days)
    for item in week.check_ins:
        if item.body.strip() and not is_silent(desk.book, item):
            who = desk.links.person(item.author) or desk.links.team(item.team) or Link("Somebody")
            words = plain_text(desk.notes.html(item.body))
            # Search weighs a heading most, so it begins with what was said.
            heading = f"{shortened(words, 80)} · {who.text}, {day_year(item.date)}"
            yield Found(f"check-in-{item.id}", heading, words)
    for change in week.changes:
        by = desk.links.person(change.amendment.author)
        heading = f"{by.text if by else 'Somebody'} moved {change_words(change)}"
        words = plain_text(desk.notes.html(change.amendment.body))
        when = day_year(change.amendment.date)
        said = f"{shortened(words, 80)} · " if words else ""
        yield Found(f"amendment-{change.amendment.id}", f"{said}{heading}, {when}", words)


def _description(week: Week) -> str:
    parts = [count(len(week.check_ins), "check-in")]
    if week.changes:
        parts.append(count(len(week.changes), "moved goalpost"))
    return f"{week.days}: {listed(parts)}"


def feed_pages(shared: Workshop) -> Iterator[SitePage]:
    """The overview of the feed, and a page per week."""
    weeks = feed_weeks(shared.book)
    view = feed_view(shared.desk(FEED), weeks)
    yield SitePage(
        uri=FEED,
        title="Check-ins",
        kind="feed",
        html=render("feed", view),
        search=search_html([Found("", "Check-ins", view.kicker)]),
        hide=("navigation", "toc"),
        parents=(HOME,),
    )
    for after, week, before in zip((None, *weeks), weeks, (*weeks[1:], None), strict=False):
        desk = shared.desk(week.uri)
        shown = week_view(desk, week, before, after)
        yield SitePage(
            uri=week.uri,
            title=shown.title,
            kind="week",
            html=render("week", shown),
            search=search_html(_found(desk, week, shown.title)),
            description=_description(week),
            hide=("toc",),
            parents=(HOME, FEED),
        )
