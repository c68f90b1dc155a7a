"""Our pages in the host's navigation: the way up from each, names of folders, and its outline."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape

from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from okrsite.hosts.addresses import is_index
from okrsite.hosts.parts import outline
from okrsite.hosts.placing import Placed


def name_sections(nav: Navigation, placed: Mapping[str, Placed]) -> None:
    """A folder that the host lists by itself gets the name of our overview in it: not `Kpis`."""
    for page in nav.pages:
        ours = placed.get(page.file.src_uri)
        if ours and isinstance(page.parent, Section) and is_index(ours.page.uri):
            page.parent.title = escape(ours.page.title)


def nearest(parents: Sequence[str], homes: Mapping[str, Page | None], page: Page) -> Page | None:
    """The closest of `parents` that has a page; never one that leads back to `page` itself."""
    for uri in reversed(parents):
        parent = homes.get(uri)
        if parent and not parent.is_homepage and page is not parent and not _leads_to(parent, page):
            return parent
    return None


def as_section(page: Page) -> Page | Section:
    """A folder's overview and the section the host made of the folder are one step, not two."""
    section = page.parent
    return section if isinstance(section, Section) and section.children[:1] == [page] else page


def _leads_to(item: Page, page: Page) -> bool:
    return any(ancestor is page for ancestor in item.ancestors)


def whole_outline(html: str, author: Sequence[AnchorLink]) -> TableOfContents:
    """The page's own headings, with the author's where their text stands."""
    items: list[AnchorLink] = []
    for heading in outline(html):
        items.extend([AnchorLink(heading.title, heading.id, 2)] if heading else author)
    return TableOfContents(items)


def renamed_headings(
    toc: TableOfContents, renamed: Mapping[str, str], ids: Collection[str]
) -> list[AnchorLink]:
    """The author's headings as `fit` left them."""
    items = list(toc)
    for item in _every(items):
        item.id, item.level = renamed.get(item.id, item.id), max(item.level, 2)
        item.children = [child for child in item.children if _is_there(child, renamed, ids)]
    return [item for item in items if _is_there(item, {}, ids)]


def _is_there(item: AnchorLink, renamed: Mapping[str, str], ids: Collection[str]) -> bool:
    return escape(renamed.get(item.id, item.id)) in ids


def _every(items: Sequence[AnchorLink]) -> Iterator[AnchorLink]:
    for item in items:
        yield item
        yield from _every(list(item.children))
