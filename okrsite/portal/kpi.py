"""The page of a health metric: its value, whether it keeps its bound, its course, what it feeds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from okrsite.okr.ledger import Reading
from okrsite.okr.model import Kpi, Visibility
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import keeps
from okrsite.okr.status import Status
from okrsite.portal.chartdata import BurnUp, Mark, Point
from okrsite.portal.crumbs import team_crumbs
from okrsite.portal.explain import bound_words
from okrsite.portal.feed import FeedEntry, history
from okrsite.portal.key_result_rows import KeyResultRow, key_result_row
from okrsite.portal.links import DATA, HOME, KPIS, Link, page_uri
from okrsite.portal.objective import SHOWN_ENTRIES, Crumb
from okrsite.portal.parts import Desk, Fact, StatusMark, source_link
from okrsite.portal.pictures import Figure, Pictures
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year, number, span, with_unit
from okrsite.portal.workshop import Found, Workshop, search_html

SHOWN_VALUES = 8


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value: its day, leading to the check-in it came from, and whether it kept the bound."""

    day: Link
    value: str
    kept: StatusMark | None
    by: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class KpiView:
    """What the template of a KPI sees."""

    path: tuple[Crumb, ...]
    of: tuple[Link, ...]
    title: str
    now: str
    status: StatusMark | None
    headline: str
    metric: str
    facts: tuple[Fact, ...]
    body: Markup
    figure: Figure | None
    values: tuple[ValueRow, ...]
    earlier_values: tuple[ValueRow, ...]
    key_results: tuple[KeyResultRow, ...]
    history: tuple[FeedEntry, ...]
    earlier: tuple[FeedEntry, ...]
    source: Link
    data: str


def kpi_view(desk: Desk, name: str, pictures: Pictures) -> KpiView:
    """The view of one KPI."""
    book, links = desk.book, desk.links
    item = book.portfolio.kpis[name]
    readings = book.ledger.readings.get(name, ())
    record = kpi_course(book, item)
    values = tuple(_value_row(desk, item, reading) for reading in reversed(readings))
    entries = history(desk, [f"kpis/{name}"])
    return KpiView(
        path=tuple(team_crumbs(desk, item.team, "this health metric")),
        of=tuple(link for link in (links.team(item.team),) if link),
        title=item.title,
        now=with_unit(readings[-1].value, item.unit) if readings else "no data",
        status=_status(book, item, readings),
        headline=_headline(book, item, readings),
        metric=_sentence(item.metric),
        facts=tuple(_facts(desk, item, readings)),
        body=Markup(BODY_SLOT),
        figure=pictures.figure(record) if record else None,
        values=values[:SHOWN_VALUES],
        earlier_values=values[SHOWN_VALUES:],
        key_results=tuple(_fed(desk, ref) for ref in fed_from(book, name)),
        history=entries[:SHOWN_ENTRIES],
        earlier=entries[SHOWN_ENTRIES:],
        source=source_link(desk, item.path),
        data=links.file(DATA),
    )


def _sentence(text: str | None) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


# --- kept or not ----------------------------------------------------------------------------


def _is_kept(book: Book, item: Kpi, reading: Reading) -> bool:
    return keeps(item, reading.value, book.settings.policy)


def _kept_mark(book: Book, item: Kpi, reading: Reading) -> StatusMark | None:
    if not bound_words(item):
        return None
    if _is_kept(book, item, reading):
        return StatusMark(str(Status.ON_TRACK), "Kept")
    return StatusMark(str(Status.OFF_TRACK), "Not kept")


def _status(book: Book, item: Kpi, readings: tuple[Reading, ...]) -> StatusMark | None:
    if not readings:
        return StatusMark(str(Status.NO_DATA), "No data")
    return _kept_mark(book, item, readings[-1])


def lasting(book: Book, item: Kpi, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The readings since which the bound has been kept, or not kept, without a break."""
    kept = [_is_kept(book, item, reading) for reading in readings]
    turns = [index for index in range(1, len(kept)) if kept[index] is not kept[index - 1]]
    return readings[turns[-1] if turns else 0 :]


def _headline(book: Book, item: Kpi, readings: tuple[Reading, ...]) -> str:
    bound = bound_words(item)
    if not readings:
        return f"bound {bound}, nothing checked in yet" if bound else "nothing checked in yet"
    if not bound:
        return "it has no bound, so nothing can be kept or broken"
    run = lasting(book, item, readings)
    since = day_year(run[0].day)
    return f"bound {bound} · since {since}, {count(len(run), 'value')}"


def _facts(desk: Desk, item: Kpi, readings: tuple[Reading, ...]) -> Iterator[Fact]:
    book = desk.book
    yield Fact("Owner", (desk.links.person(item.owner) or Link("nobody yet"),))
    if bound := bound_words(item):
        yield Fact("Bound", (Link(bound),), f"bounds {book.settings.policy.bounds}")
    if bound and readings:
        kept = sum(_is_kept(book, item, reading) for reading in readings)
        yield Fact("Kept in", (Link(f"{kept} of {count(len(readings), 'value')}"),))
    if readings:
        silent = (book.as_of - readings[-1].day).days
        small = f"{span(silent)} ago" if silent else ""
        yield Fact("Last value", (Link(day_year(readings[-1].day)),), small)
    if item.tags:
        yield Fact("Tags", tuple(Link(tag) for tag in item.tags))


def _value_row(desk: Desk, item: Kpi, reading: Reading) -> ValueRow:
    check_in = desk.book.portfolio.check_ins[reading.check_in]
    author, team = desk.links.person(check_in.author), desk.links.team(check_in.team)
    return ValueRow(
        day=Link(day_year(reading.day), desk.links.check_in(reading.check_in)),
        value=with_unit(reading.value, item.unit),
        kept=_kept_mark(desk.book, item, reading),
        by=tuple(link for link in (author, team) if link),
    )


# --- its course -----------------------------------------------------------------------------


def kpi_course(book: Book, item: Kpi) -> BurnUp | None:
    """The values against the bound as a level line; None where two values are not known."""
    readings = book.ledger.readings.get(item.id, ())
    if len(readings) < 2:
        return None
    first, last = readings[0].day.replace(day=1), readings[-1]
    limit, label = nearest_limit(item, last)
    level = tuple(Point(at, limit) for at in (first, book.as_of) if limit is not None)
    return BurnUp(
        key=f"kpi-{item.id}",
        title=item.title,
        unit=item.unit or "",
        start=first,
        end=book.as_of,
        today=book.as_of,
        actual=tuple(Point(reading.day, float(reading.value)) for reading in readings),
        expected=level,
        promised=(),
        projection=None,
        goalposts=(),
        reasons=tuple(_breaks(book, item, readings)),
        target_label=label,
        promised_label="",
        stepwise=False,
        sentence=_course_words(item, readings),
        rows=(),
    )


def nearest_limit(item: Kpi, last: Reading) -> tuple[float | None, str]:
    """The level to draw and its label; of two limits the one that the last value is nearer to."""
    low, high = item.between or (item.at_least, item.at_most)
    limits = [level for level in (low, high) if level is not None]
    if not limits:
        return None, ""
    limit = min(limits, key=lambda level: abs(level - last.value))
    word = "at least" if limit == low else "at most"
    return float(limit), f"{number(limit)} {word}"


def _breaks(book: Book, item: Kpi, readings: tuple[Reading, ...]) -> Iterator[Mark]:
    if not bound_words(item):
        return
    kept = True
    for reading in readings:
        now = _is_kept(book, item, reading)
        if kept and not now:
            yield Mark(reading.day, "bound broken")
        kept = now


def _course_words(item: Kpi, readings: tuple[Reading, ...]) -> str:
    reach = f"{day_year(readings[0].day)} to {day_year(readings[-1].day)}"
    text = f"{item.title}, {count(len(readings), 'value')} from {reach}."
    text += f" Now {with_unit(readings[-1].value, item.unit)}."
    bound = bound_words(item)
    return f"{text} Bound {bound}." if bound else text


# --- what it feeds --------------------------------------------------------------------------


def fed_from(book: Book, name: str) -> tuple[str, ...]:
    """The key results that read this KPI, but for those that only a review has."""
    return tuple(
        f"{objective.id}/{kr.id}"
        for objective in book.portfolio.objectives.values()
        for kr in objective.key_results
        if kr.source == name
        and objective.visibility is Visibility.PUBLIC
        and not book.is_archived(objective.id)
    )


def _fed(desk: Desk, ref: str) -> KeyResultRow:
    row = key_result_row(desk, ref, about="")
    who = (desk.links.objective(ref.partition("/")[0]), *row.who)
    return replace(row, who=who, note="", note_day=None)


# --- pages ----------------------------------------------------------------------------------


def _search(desk: Desk, item: Kpi) -> Found:
    who = (desk.links.person(item.owner), desk.links.team(item.team))
    words = [item.metric or "", bound_words(item), *(link.text for link in who if link)]
    return Found("", item.title, " · ".join(filter(None, [*words, *item.tags])))


def kpi_pages(shared: Workshop) -> Iterator[SitePage]:
    """One page per KPI."""
    for name, item in shared.book.portfolio.kpis.items():
        uri = page_uri("kpis", name)
        desk = shared.desk(uri)
        view = kpi_view(desk, name, shared.pictures)
        yield SitePage(
            uri=uri,
            title=item.title,
            kind="kpi",
            html=render("kpi", view),
            search=search_html([_search(desk, item)]),
            source=item.path,
            description=f"{view.now}, {view.headline}",
            hide=("toc",),
            parents=(HOME, KPIS),
        )
