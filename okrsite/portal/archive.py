"""The archive: the closed periods, each with the portal as it stood, and a search in those."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from okrsite.okr.scoring import is_closed
from okrsite.portal.links import ARCHIVE, HOME, PERIODS, Link
from okrsite.portal.parts import Desk
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """A closed period: its page here, its days, and the portal as it stood, if it is kept."""

    name: str
    title: Link
    days: str
    closed: str
    version: str


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What the template of the archive sees.

    `versions` leads to the list of versions; it is empty where the site stands alone, and then
    there is nothing to search in.
    """

    kicker: str
    body: Markup
    rows: tuple[ArchiveRow, ...]
    versions: str


def has_archive(book: Book) -> bool:
    """Whether there is anything to show: a period that is closed."""
    return any(is_closed(period, book.as_of) for period in book.portfolio.periods.values())


def archive_view(desk: Desk) -> ArchiveView:
    """The view of the archive."""
    book = desk.book
    closed = [it for it in book.portfolio.periods.values() if is_closed(it, book.as_of)]
    closed.sort(key=lambda it: (it.end, it.start, it.id), reverse=True)
    beside = desk.urls.archives
    return ArchiveView(
        kicker=count(len(closed), "closed period"),
        body=Markup(BODY_SLOT),
        rows=tuple(_row(desk, period) for period in closed),
        versions="" if beside is None else f"{_top(desk)}versions.json",
    )


def _row(desk: Desk, period: Period) -> ArchiveRow:
    kept = period.id in (desk.urls.archives or ())
    return ArchiveRow(
        name=period.id,
        title=desk.links.period(period.id) or Link(period.title),
        days=f"{day_year(period.start)} to {day_year(period.end)}",
        closed=day_year(period.closed_on) if period.closed_on else "",
        version=f"{_top(desk)}{period.id}/" if kept else "",
    )


def _top(desk: Desk) -> str:
    """Where the versions lie side by side, seen from the page."""
    return f"{desk.links.page(HOME)}../"


def archive_pages(shared: Workshop) -> Iterator[SitePage]:
    """The archive, once there is a closed period."""
    if not has_archive(shared.book):
        return
    view = archive_view(shared.desk(ARCHIVE))
    yield SitePage(
        uri=ARCHIVE,
        title="Archive",
        kind="archive",
        html=render("archive", view),
        search=search_html(
            [Found("", "Archive", "The portal as it stood at the end of a quarter")]
        ),
        description=view.kicker,
        hide=("toc",),
        parents=(PERIODS, HOME),
    )
