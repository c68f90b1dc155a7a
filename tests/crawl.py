"""Walks a built site on disk: every address within it must lead to a file, and to an id there."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

_ADDRESSES = ("href", "src", "poster", "data-src")


@dataclass
class Page(HTMLParser):
    """What one HTML file offers and asks for."""

    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in _ADDRESSES and value is not None:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)


def read_page(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


def read_site(folder: Path) -> dict[str, Page]:
    """Every HTML file by its path in the site, Material's own 404 page aside."""
    return {
        path.relative_to(folder).as_posix(): read_page(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.html"))
        if path.name != "404.html"
    }


def dead_links(folder: Path, base: str = "/") -> list[str]:
    """Every link that leads nowhere, as `page → link`; `base` is the path the site is served at."""
    site = read_site(folder)
    return [
        f"{uri} → {link}"
        for uri, page in site.items()
        for link in page.links
        if not _alive(uri, link, folder, site, base)
    ]


def repeated_ids(folder: Path) -> list[str]:
    """Every id that stands twice on a page, as `page # id`."""
    return [
        f"{uri} # {name}"
        for uri, page in read_site(folder).items()
        for name in sorted({i for i in page.ids if page.ids.count(i) > 1})
    ]


def _alive(uri: str, link: str, folder: Path, site: dict[str, Page], base: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "mailto", "tel")
    target = _target(uri, unquote(parts.path), base)
    if target is None or not (folder / target).is_file():
        return False
    fragment = unquote(parts.fragment)
    return not fragment or target not in site or fragment in site[target].ids


def _target(uri: str, path: str, base: str) -> str | None:
    """The file that `path` means on the page `uri`; None where it leaves the site."""
    if not path:
        return uri
    if path.startswith("/") and not path.startswith(base):
        return None
    target = normpath(path.removeprefix(base) if path[0] == "/" else join(dirname(uri), path))
    if target.startswith(".."):
        return None
    return normpath(join(target, "index.html")) if path.endswith(("/", ".", "..")) else target
