"""The home page: this period at a glance, what changed this week, what needs attention."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from markupsafe import Markup

from okrsite.okr.finding import Severity
from okrsite.okr.ledger import last_day
from okrsite.okr.model import Ambition, Kpi, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import keeps
from okrsite.okr.scoring import is_closed
from okrsite.okr.status import Status
from okrsite.portal.attention import Concern, concerns
from okrsite.portal.distribution import Distribution, distribution
from okrsite.portal.explain import bound_words
from okrsite.portal.feed import FeedEntry, amendments_between, check_in_entry
from okrsite.portal.links import FEED, FINDINGS, GOALPOSTS, HOME, KPIS, TABLE, Link, page_uri
from okrsite.portal.moved_words import nothing_moved
from okrsite.portal.now import (
    current_period,
    goals_of,
    is_listed,
    period_word,
    running_key_results,
    top_goals,
)
from okrsite.portal.parts import Desk, Fact, StatusMark, days_left, week_before
from okrsite.portal.recorded import Then, record_of
from okrsite.portal.review_scores import ScoreLine, line_of, listed
from okrsite.portal.rhythm import Rhythm, rhythm
from okrsite.portal.rows import ObjectiveRow, objective_row
from okrsite.portal.ruler import ruler
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.trail import Trail, trail_of
from okrsite.portal.weekly import WeeksTable, status_weeks, weeks_table
from okrsite.portal.words import count, day, day_year, percent, weekday, with_unit
from okrsite.portal.workshop import Found, Workshop, search_html

SHOWN_CONCERNS = 12
SHOWN_CHANGES = 6
SHOWN_GOALPOSTS = 3


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A health metric: its value against its bound."""

    title: Link
    now: str
    bound: str
    kept: StatusMark | None


@dataclass(frozen=True, slots=True)
class LastReview:
    """What came of the period before: its name, its scores, how many promises were kept."""

    word: str
    period: Link
    tops: tuple[ScoreLine, ...]
    met: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the template of the home page sees."""

    kicker: str
    title: str
    facts: tuple[Fact, ...]
    ruler: Markup
    faults: str
    last: LastReview | None
    body: Markup
    top_title: str
    objectives: tuple[ObjectiveRow, ...]
    reviewed: Link | None
    end: str
    since: str
    trail: Trail | None
    concerns: tuple[Concern, ...]
    more_concerns: int
    findings: str
    stand: Distribution | None
    weeks: Markup
    weeks_title: str
    weeks_table: WeeksTable
    rhythm: Rhythm | None
    kpis: tuple[KpiRow, ...]
    all_kpis: str
    changes: tuple[FeedEntry, ...]
    changes_link: Link
    goalposts: tuple[FeedEntry, ...]
    goalposts_link: Link
    nothing_moved: str
    everything: str


def home_view(shared: Workshop) -> HomeView:
    """The view of the home page; with no period at all it says how to begin."""
    desk, book = shared.desk(HOME), shared.book
    period = current_period(book)
    goals = top_goals(book, period) if period else ()
    everyone = goals_of(book, period) if period else ()
    refs = running_key_results(book, everyone)
    running = period is not None and period.start <= book.as_of <= period.end
    found = concerns(desk, everyone, tuple(book.portfolio.initiatives)) if running else []
    weeks = status_weeks(book, period) if period else None
    changes = _changes(desk)
    moved = amendments_between(desk, period.start, book.as_of) if period else ()
    return HomeView(
        kicker=_kicker(book, period),
        title=_title(book, period),
        facts=tuple(_facts(desk, period, refs)),
        ruler=ruler(period, book.as_of) if period else Markup(""),
        faults=_faults(book),
        last=_last_review(desk, period),
        body=Markup(BODY_SLOT),
        top_title=_top_title(book, goals),
        objectives=tuple(objective_row(desk, n, team=len(_teams(book, goals)) > 1) for n in goals),
        reviewed=_reviewed(desk, period) if period else None,
        end=day(period.end) if period else "",
        since=day(week_before(book)) if running else "",
        trail=_trail(desk, period),
        concerns=tuple(found[:SHOWN_CONCERNS]),
        more_concerns=max(0, len(found) - SHOWN_CONCERNS),
        findings=desk.links.page(FINDINGS),
        stand=distribution(book, refs, compare=running) if refs else None,
        weeks=shared.pictures.weeks(weeks) if weeks else Markup(""),
        weeks_title=weeks.title if weeks else "",
        weeks_table=weeks_table(weeks),
        rhythm=rhythm(desk, period) if period else None,
        kpis=tuple(kpi_row(desk, kpi) for kpi in book.portfolio.kpis.values()),
        all_kpis=desk.links.page(KPIS),
        changes=changes[:SHOWN_CHANGES],
        changes_link=_changes_link(desk, len(changes)),
        goalposts=moved[:SHOWN_GOALPOSTS],
        goalposts_link=_goalposts_link(desk, len(moved)),
        nothing_moved=nothing_moved(shared.history, shared.moved_in(period.id if period else "")),
        everything=desk.links.page(TABLE),
    )


def _faults(book: Book) -> str:
    """How much could not be read, and so is missing from these numbers."""
    wrong = [f for f in book.findings if f.severity is Severity.ERROR]
    if not wrong:
        return ""
    files = count(len({finding.path for finding in wrong}), "file")
    return (
        f"{count(len(wrong), 'fault')} in {files}: what is wrong there is left out or counts as 0."
    )


def _last_review(desk: Desk, period: Period | None) -> LastReview | None:
    """The review of the latest recorded period that is as long as this one, or of this one."""
    book = desk.book
    over = (p for p in book.portfolio.periods.values() if p.end < book.as_of)
    alike = [p for p in over if period is None or period_word(p) == period_word(period)]
    recorded = [p for p in alike if record_of(book, p.id)]
    if not recorded:
        return None
    newest = max(recorded, key=lambda p: (p.end, p.id))
    record = book.parsed.closed.records[newest.id]
    then = Then(desk, record)
    goals = [g for g in listed(then) if g.ambition is Ambition.COMMITTED]
    met = sum(record.objectives[goal.id].status is Status.ACHIEVED for goal in goals)
    return LastReview(
        word=_last_word(book, newest, period),
        period=Link(newest.title, desk.links.page(page_uri("periods", newest.id))),
        tops=tuple(line_of(name, (), score) for name, score in then.tops),
        met=f"{met} of {count(len(goals), 'committed goal')} met" if goals else "",
    )


def _last_word(book: Book, newest: Period, period: Period | None) -> str:
    """What a review is the one of; the title speaks of the last period once that is over."""
    if newest is period:
        return "Its review"
    over = period is not None and _is_over(book, period)
    return f"The {period_word(newest)} before" if over else f"Last {period_word(newest)}"


def _is_over(book: Book, period: Period) -> bool:
    return is_closed(period, book.as_of) or book.as_of > period.end


def _company(book: Book) -> str:
    names = [book.portfolio.teams[name].title for name in book.portfolio.company()]
    return names[0] if len(names) == 1 else ""


def _kicker(book: Book, period: Period | None) -> str:
    if period is None:
        return _company(book)
    parts = [_company(book), f"{day(period.start)} to {day_year(period.end)}"]
    if period.committed_on:
        parts.append(f"committed {day(period.committed_on)}")
    if period.closed_on:
        parts.append(f"closed {day(period.closed_on)}")
    return " · ".join(filter(None, parts))


def _title(book: Book, period: Period | None) -> str:
    if period is None:
        return _company(book) or "Goals"
    if _is_over(book, period):
        return f"Last {period_word(period)}: {period.title}"
    when = "Next" if book.as_of < period.start else "This"
    return f"{when} {period_word(period)}: {period.title}"


def _reviewed(desk: Desk, period: Period) -> Link | None:
    """Where the objectives are that stand in the review of the period alone."""
    amount = len(desk.book.archived_in.get(period.id, {}))
    words = f"{count(amount, 'objective')} in its review"
    return Link(words, desk.links.page(page_uri("periods", period.id))) if amount else None


def _facts(desk: Desk, period: Period | None, refs: tuple[str, ...]) -> Iterator[Fact]:
    book = desk.book
    if period is not None and period.start <= book.as_of <= period.end:
        gone, total = (book.as_of - period.start).days + 1, (period.end - period.start).days + 1
        yield Fact("Day", (Link(f"{gone} of {total}"),), days_left(period, book.as_of))
    company = book.portfolio.company()
    score = book.scorecard.teams.get((company[0], period.id)) if company and period else None
    if score and score.progress is not None:
        expected = f"{percent(score.expected)} expected" if score.expected is not None else ""
        yield Fact("Company progress", (Link(percent(score.progress)),), expected)
    if refs and period and book.as_of <= period.end:
        fresh = sum(1 for ref in refs if _is_fresh(book, ref))
        due = f"{len(refs) - fresh} due" if fresh < len(refs) else "all of them"
        days = count(book.settings.cadence, "day")
        yield Fact(f"Checked in, last {days}", (Link(f"{fresh} of {len(refs)}"),), due)
    yield _as_of(book, period)


def _as_of(book: Book, period: Period | None) -> Fact:
    """The day of the numbers: those of a closed period are of its closing, and stay so."""
    if period is None or not is_closed(period, book.as_of):
        return Fact("Numbers as of", (_day(book.as_of),))
    kpis = f"health metrics as of {day_year(book.as_of)}" if book.portfolio.kpis else ""
    return Fact("Closed, numbers as of", (_day(last_day(period)),), kpis)


def _day(value: date) -> Link:
    return Link(f"{weekday(value)}\u00a0{value.year}")


def _is_fresh(book: Book, ref: str) -> bool:
    latest = book.scorecard.key_results[ref].latest
    return latest is not None and latest.day > week_before(book)


def _teams(book: Book, goals: tuple[str, ...]) -> set[str | None]:
    return {book.portfolio.objectives[name].team for name in goals}


def _top_title(book: Book, goals: tuple[str, ...]) -> str:
    own = _teams(book, goals) <= set(book.portfolio.company())
    return "Company objectives" if own and goals else "Top objectives"


def _trail(desk: Desk, period: Period | None) -> Trail | None:
    company = desk.book.portfolio.company()
    if period is None or not company:
        return None
    score = desk.book.scorecard.teams.get((company[0], period.id))
    return trail_of(desk.book, desk.links, score) if score else None


def kpi_row(desk: Desk, kpi: Kpi) -> KpiRow:
    """One health metric for a table."""
    reading = desk.book.ledger.reading_on(kpi.id, desk.book.as_of)
    bound = bound_words(kpi)
    kept = None
    if reading and bound:
        ok = keeps(kpi, reading.value, desk.book.settings.policy)
        status = Status.ON_TRACK if ok else Status.OFF_TRACK
        kept = StatusMark(str(status), "yes" if ok else "no")
    now = with_unit(reading.value, kpi.unit) if reading else "no data"
    return KpiRow(desk.links.kpi(kpi.id), now, bound, kept)


def _changes(desk: Desk) -> tuple[FeedEntry, ...]:
    """What was checked in within the last cadence, newest first."""
    since = week_before(desk.book)
    items = [item for item in desk.book.ledger.check_ins if item.date > since]
    ordered = sorted(items, key=lambda item: (item.date, item.id), reverse=True)
    entries = (
        check_in_entry(desk, item, wanted=partial(is_listed, desk.book), when=weekday(item.date))
        for item in ordered
    )
    return tuple(entry for entry in entries if entry.parts)


def _changes_link(desk: Desk, amount: int) -> Link:
    days = count(desk.book.settings.cadence, "day")
    which = "The one check-in" if amount == 1 else f"All {count(amount, 'check-in')}"
    text = f"{which} of the last {days}" if amount else "All check-ins"
    return Link(text, desk.links.page(FEED))


def _goalposts_link(desk: Desk, amount: int) -> Link:
    text = f"All {amount} of them" if amount > SHOWN_GOALPOSTS else "All moved goalposts"
    return Link(f"{text}, and what they did", desk.links.page(GOALPOSTS))


def home_pages(shared: Workshop) -> Iterator[SitePage]:
    """The home page."""
    view = home_view(shared)
    found = [Found("", view.title, view.kicker)]
    yield SitePage(
        uri=HOME,
        title=_company(shared.book) or "Home",
        kind="home",
        html=render("home", view),
        search=search_html(found),
        hide=("navigation", "toc"),
    )
