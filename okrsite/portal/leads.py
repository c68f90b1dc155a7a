"""Small pages at the addresses of goals that have none of their own: they lead to the review."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from posixpath import join, normpath

from okrsite.portal.links import directory, page_uri
from okrsite.portal.workshop import Workshop

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
<meta http-equiv="refresh" content="0; url={href}">
</head>
<body>
<p><a href="{href}">{title}</a> {where}.</p>
</body>
</html>
"""
IN_REVIEW = "is in the review of its period"


@dataclass(frozen=True, slots=True)
class Lead:
    """One such page: where it lies, what it says, and the author's text it stands for."""

    address: str
    content: bytes
    source: str


def leads(shared: Workshop) -> Iterator[Lead]:
    """One for each goal that is archived, and for the work that was done for such goals alone."""
    portfolio = shared.book.portfolio
    for name, item in shared.book.archived.items():
        uri = page_uri("objectives", name)
        way = shared.desk(uri).links.goal(name)
        where = IN_REVIEW if item.listed else "was a goal of this period"
        yield _lead(shared, uri, way, (item.title, where), item.path)
    for name, work in portfolio.initiatives.items():
        if shared.book.is_archived(f"initiatives/{name}"):
            uri = page_uri("initiatives", name)
            links = shared.desk(uri).links
            yield _lead(shared, uri, links.work(name), (work.title, IN_REVIEW), work.path)


def lead_files(found: tuple[Lead, ...]) -> Mapping[str, bytes]:
    """Their files by address."""
    return {lead.address: lead.content for lead in found}


def _lead(shared: Workshop, uri: str, way: str, says: tuple[str, str], source: str) -> Lead:
    """The page at `uri`, from which `way` leads on; it says a title, and where that is."""
    in_folders, top = shared.urls.use_directory_urls, shared.urls.site_url
    path, mark, anchor = way.partition("#")
    there = normpath(join(directory(uri), path))  # both stand two steps below the top
    address = _address(f"{there}.md", in_folders)
    link = f"{'../' * _address(uri, in_folders).count('/')}{address}"
    known = f"{top.rstrip('/')}/{address}" if top else link
    href = escape(f"{link}{mark}{anchor}")
    title, where = map(escape, says)
    page = _PAGE.format(title=title, where=where, href=href, canonical=escape(known))
    return Lead(_file(uri, in_folders), page.encode(), source)


def _address(uri: str, in_folders: bool) -> str:
    """Where a page is served."""
    return directory(uri) if in_folders else _file(uri, in_folders)


def _file(uri: str, in_folders: bool) -> str:
    return f"{directory(uri)}index.html" if in_folders else f"{uri.removesuffix('.md')}.html"
