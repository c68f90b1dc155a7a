"""Pages from source text: one page of one kind as the words and links that a reader meets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from okrsite.okr.pipeline import Book
from okrsite.portal.chartdata import BurnUp, Spark, StatusWeeks
from okrsite.portal.pictures import Draw
from okrsite.portal.prose import plain_text
from okrsite.portal.site import BODY_SLOT, SitePage, SiteUrls
from okrsite.portal.workshop import Workshop, workshop
from tests.crawl import Page, read_page

EDIT = "https://git.example/edit/"


def _burn_up(record: BurnUp) -> str:
    return f"<svg><title>{escape(record.sentence)}</title></svg>"


def _spark(record: Spark) -> str:
    return f'<svg class="okr-spark"><title>{escape(record.sentence)}</title></svg>'


def _weeks(record: StatusWeeks) -> str:
    return f"<svg><title>{escape(record.sentence)}</title></svg>"


def shop(book: Book) -> Workshop:
    """A workshop whose charts are their sentences and whose notes are plain paragraphs."""
    urls = SiteUrls(edit_base=EDIT)
    return workshop(
        book, lambda text: f"<p>{escape(text)}</p>", urls, Draw(_burn_up, _spark, _weeks)
    )


@dataclass(frozen=True)
class Rendered:
    """A page, its words with single spaces, and the links and ids in it."""

    page: SitePage
    words: str
    dom: Page

    @property
    def html(self) -> str:
        return self.page.html

    def section(self, name: str) -> str:
        """The words from the heading with the id `name` to the next heading of its level."""
        rest = self.html.split(f'<h2 id="{name}"', 1)[1]
        return said("<h2" + rest.split("<h2", 1)[0])


def said(html: str) -> str:
    """The words of `html`, no-break spaces as plain ones."""
    return " ".join(plain_text(html).replace("\u00a0", " ").split())


def rendered(pages: Callable[[Workshop], Iterator[SitePage]], book: Book, name: str) -> Rendered:
    """The page of `name` among `pages`, after what must be true of every page."""
    page = next(p for p in pages(shop(book)) if p.uri.endswith(f"/{name}.md"))
    dom = read_page(page.html)
    assert page.html.count(BODY_SLOT) == 1
    assert "script" not in dom.tags
    assert len(dom.ids) == len(set(dom.ids)), "an id stands twice"
    assert {link[1:] for link in dom.links if link.startswith("#")} <= set(dom.ids)
    assert set(read_page(page.search).ids) <= set(dom.ids)
    return Rendered(page, said(page.html), dom)
