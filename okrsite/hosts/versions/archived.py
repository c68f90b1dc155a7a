"""What every page of an archive says: what it is, where today's is, and not to be searched for."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from okrsite.hosts.versions.listing import LIVE
from okrsite.hosts.versions.tags import ATTRIBUTES, COMMENT, Tag, tags_in
from okrsite.portal.words import day_year

MISSING = "404.html"
NOINDEX = '<meta name="robots" content="noindex">'
NOUNS = {
    "objectives": "goal",
    "teams": "team",
    "people": "person",
    "periods": "period",
    "initiatives": "initiative",
    "kpis": "metric",
}
# The addresses that are kept for ever: the live portal will have them, where there is none yet.
KEPT = re.compile(r"objectives/[^/]+(/index)?\.html")

PAGES = (".html", ".htm", ".xhtml")
_WIDE = {BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}

_SEEN = frozenset({"html", "head", "/head", "body", "meta", "link", "div", "td", "/td"})
# What may stand before all that a head holds, where nothing says that it ends.
_BEGINNING = re.compile(
    rf"\ufeff?(?:\s*(?:<\?xml.*?(?:\?>|\Z)|{COMMENT}|<(?:!doctype|html|head)\b{ATTRIBUTES}))*",
    re.IGNORECASE | re.DOTALL,
)
# In the row of the list of archives that is of this one.
_HERE = '<span class="okr-2" data-okr-here>this archive</span>'


@dataclass(frozen=True, slots=True)
class Archive:
    """What a banner says; `site_url` is the address of all versions together, where it is known.

    `live` are the files of the live portal, by their paths in it; `version` is its own folder.
    """

    title: str
    as_of: date
    site_url: str
    live: Collection[str]
    version: str = ""


def mark_folder(folder: Path, archive: Archive) -> None:
    """Mark every page below `folder` as archived; other files stay as they are."""
    for path in sorted(
        it for it in folder.rglob("*") if it.suffix.lower() in PAGES and it.is_file()
    ):
        raw = path.read_bytes()
        how = _WIDE.get(raw[:2], "utf-8"), "replace" if raw[:2] in _WIDE else "surrogateescape"
        marked = archived_page(raw.decode(*how), path.relative_to(folder).as_posix(), archive)
        path.write_bytes(marked.encode(*how))


def archived_page(html: str, uri: str, archive: Archive) -> str:
    """A page of an archive, `uri` being its file: with the banner, `noindex`, and whose copy it is.

    Whether a page of today's portal stands for it is known now: an archive is never changed.
    """
    is_there = uri in archive.live if archive.live else KEPT.fullmatch(uri)
    same = uri if is_there and uri != MISSING else ""
    head = NOINDEX
    if same and archive.site_url:
        address = f"{archive.site_url.rstrip('/')}/{LIVE}/{_address(same)}"
        head += f'<link rel="canonical" href="{escape(address)}">'
    is_xml = uri.lower().endswith(".xhtml")
    tags = tuple(tags_in(html, _SEEN, is_xml=is_xml))
    if is_xml:
        if not any(tag.name == "html" for tag in tags):
            return html  # of another kind of document nothing is known
        head = head.replace(">", "/>")
    edits = [*_taken_out(tags), *_rows(tags, archive.version)]
    return _edited(html, [*edits, *_put_in(html, tags, head, _banner(uri, same, archive))])


def _address(uri: str) -> str:
    folder, _, name = uri.rpartition("/")
    return quote(
        f"{folder}/" if folder and name == "index.html" else uri.removesuffix("index.html")
    )


def _banner(uri: str, same: str, archive: Archive) -> str:
    way = "../" * (uri.count("/") + 1) + f"{LIVE}/{_address(same)}"
    words = f"Archive of {escape(archive.title)}, as it stood on {day_year(archive.as_of)}."
    # Material takes a link to the top of a version for a choice of it, unless it has a target.
    return (
        f'<aside class="okr-archive md-typeset" aria-label="Archive"><p>{words} '
        f'<a href="{escape(way)}" target="_self">{_today(uri, same)} '
        '<span aria-hidden="true">→</span></a></p></aside>'
    )


def _today(uri: str, same: str) -> str:
    if not same or same == "index.html":
        return "The portal today"
    kind, _, rest = uri.partition("/")
    noun = NOUNS.get(kind) if rest not in ("", "index.html") else None
    return f"This {noun or 'page'} today"


Edit = tuple[int, int, str]  # from where to where another text stands


def _edited(html: str, edits: Iterable[Edit]) -> str:
    """The page with the edits, everything else as it is."""
    parts, at = [], 0
    for start, end, text in sorted(edits):
        parts += [html[at:start], text]
        at = end
    return "".join((*parts, html[at:]))


def _taken_out(tags: Iterable[Tag]) -> Iterator[Edit]:
    """What a page told search engines before."""
    for tag in tags:
        values = tag.values if tag.name in ("meta", "link") else {}
        key = "name" if tag.name == "meta" else "rel"
        if values.get(key, "").lower() == ("robots" if tag.name == "meta" else "canonical"):
            yield tag.start, tag.end, ""


def _rows(tags: Sequence[Tag], version: str) -> Iterator[Edit]:
    """In the list of archives, which one this is."""
    for tag, after in pairwise(tag for tag in tags if version and tag.name in ("td", "/td")):
        if tag.values.get("data-okr-version") == version and after.name == "/td":
            yield tag.end, after.start, _HERE


def _put_in(html: str, tags: Sequence[Tag], head: str, banner: str) -> Iterator[Edit]:
    """`head` in the head of the page and, where it has a body, the banner at its top."""
    body = next((tag for tag in tags if tag.name == "body"), None)
    ends = _end_of_head(html, tags, body)
    yield ends, ends, head
    announced = (t for t in tags if t.name == "div" and t.start >= ends and _is_announced(t))
    if top := next(announced, body):
        yield top.end, top.end, banner


def _is_announced(tag: Tag) -> bool:
    """Whether Material has its announcements there: it renews them as it goes from page to page."""
    return tag.values.get("data-md-component") == "announce"


def _end_of_head(html: str, tags: Sequence[Tag], body: Tag | None) -> int:
    """Where words for the head can stand."""
    last = body.start if body else len(html)
    found = (tag.start for tag in tags if tag.name == "/head" and tag.start < last)
    return next(found, None) or _first(html)


def _first(html: str) -> int:
    found = _BEGINNING.match(html)
    return found.end() if found else 0
