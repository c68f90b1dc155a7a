"""build_site(): a Book → the Site, kind of page by kind of page."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from okrsite.okr.past.history import NO_HISTORY, History
from okrsite.okr.pipeline import Book
from okrsite.portal.archive import archive_pages
from okrsite.portal.charts import burn_up_svg, spark_svg, status_weeks_svg
from okrsite.portal.checkins import feed_pages
from okrsite.portal.compare import compare_pages
from okrsite.portal.cycles import period_overview_pages
from okrsite.portal.data import data_files
from okrsite.portal.editor import editor_files
from okrsite.portal.everything import everything_pages
from okrsite.portal.findings import findings_pages
from okrsite.portal.goalposts import goalposts_pages
from okrsite.portal.health import kpi_overview_pages
from okrsite.portal.home import home_pages
from okrsite.portal.initiative import initiative_pages
from okrsite.portal.kpi import kpi_pages
from okrsite.portal.leads import lead_files, leads
from okrsite.portal.measure import measured
from okrsite.portal.objective import objective_pages
from okrsite.portal.organisation import team_overview_pages
from okrsite.portal.period import period_pages
from okrsite.portal.person import person_pages
from okrsite.portal.pictures import Draw
from okrsite.portal.review import review_pages
from okrsite.portal.site import Site, SitePage, SiteUrls
from okrsite.portal.team import team_pages
from okrsite.portal.trends import trends_pages
from okrsite.portal.workload import initiative_overview_pages
from okrsite.portal.workshop import Workshop, workshop

__all__ = ["SiteUrls", "build_site"]

DRAW = Draw(burn_up_svg, spark_svg, status_weeks_svg)

KINDS: tuple[Callable[[Workshop], Iterator[SitePage]], ...] = (
    home_pages,
    period_overview_pages,
    period_pages,
    review_pages,
    compare_pages,
    trends_pages,
    archive_pages,
    team_overview_pages,
    team_pages,
    person_pages,
    objective_pages,
    initiative_overview_pages,
    initiative_pages,
    kpi_overview_pages,
    kpi_pages,
    feed_pages,
    everything_pages,
    findings_pages,
    goalposts_pages,
)


def build_site(
    book: Book,
    markdown: Callable[[str], str],
    urls: SiteUrls,
    draw: Draw = DRAW,
    history: History = NO_HISTORY,
) -> Site:
    """Everything okrsite publishes of `book`; `markdown` gives safe HTML for a note.

    `history` is what git has of the goals, where somebody asked it.
    """
    shared = workshop(book, markdown, urls, draw, history)
    pages = tuple(_as_recorded(book, page) for kind in KINDS for page in kind(shared))
    instead = tuple(leads(shared))
    files = {**data_files(book), **editor_files(book, urls), **lead_files(instead)}
    return measured(Site(pages, files, {lead.source: lead.address for lead in instead}), book)


def _as_recorded(book: Book, page: SitePage) -> SitePage:
    """A page of a recorded period has the prose that was recorded, whatever its file says today."""
    noun = book.parsed.closed.nouns.get(page.source or "")
    return page if noun is None else replace(page, prose=noun.body)
