"""What all pages of one build share: the Book, converted notes, drawn charts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape

from okrsite.okr.pipeline import Book
from okrsite.portal.links import Links
from okrsite.portal.parts import Desk, Notes, Told
from okrsite.portal.pictures import Draw, Pictures
from okrsite.portal.site import SiteUrls


@dataclass(frozen=True, slots=True)
class Found:
    """Something search leads to: a heading with an id on its page (none: the page), and words."""

    anchor: str
    heading: str
    words: str


@dataclass(frozen=True)
class Workshop:
    """Made once a build; every page function takes it."""

    book: Book
    urls: SiteUrls
    notes: Notes
    pictures: Pictures
    told: dict[tuple[str, str], Told] = field(default_factory=dict)

    def desk(self, uri: str) -> Desk:
        """What the view of the page at `uri` needs."""
        links = Links(uri, self.book.portfolio)
        return Desk(
            self.book, links, self.urls, self.notes.for_page(), self.pictures.spark, self.told
        )


def workshop(book: Book, markdown: Callable[[str], str], urls: SiteUrls, draw: Draw) -> Workshop:
    """The workshop of one build; `markdown` gives safe HTML for a note."""
    return Workshop(book, urls, Notes(markdown), Pictures(book, draw))


def search_html(found: Iterable[Found]) -> str:
    """What the search index sees: the title, then a heading for every part with a place."""
    parts = []
    for item in found:
        tag, place = ("h2", f' id="{escape(item.anchor)}"') if item.anchor else ("h1", "")
        parts.append(f"<{tag}{place}>{escape(item.heading)}</{tag}><p>{escape(item.words)}</p>")
    return "".join(parts)
