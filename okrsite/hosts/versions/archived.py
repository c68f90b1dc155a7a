"""What every page of an archive says: what it is, where today's is, and not to be searched for."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from okrsite.hosts.versions.listing import LIVE
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

PAGES = (".html", ".htm")
_WIDE = {BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}

# What nothing ends goes on to the end of the page, as in a browser.
_ATTRIBUTES = r"(?:[^>\"']|\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z))*(?:>|\Z)"
_COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))"
_SAYS = r"""<{}\b[^<>]*(?<![\w-]){}\s*=\s*["']?{}["']?(?=[\s/>])[^<>]*>"""
_ROBOTS = re.compile(_SAYS.format("meta", "name", "robots"), re.IGNORECASE)
_CANONICAL = re.compile(_SAYS.format("link", "rel", "canonical"), re.IGNORECASE)
# Where Material has its announcements: it renews them as it goes from page to page by itself.
_ANNOUNCED = re.compile(r'<div\b[^<>]*data-md-component="announce"[^<>]*>')
# Where the head ends and the body begins: in no comment and no script.
_PLACES = re.compile(
    rf"{_COMMENT}|<(script|style|title|textarea)\b.*?(?:</\1\s*>|\Z)"
    rf"|(?P<head></head\s*>)|(?P<body><body\b{_ATTRIBUTES})",
    re.IGNORECASE | re.DOTALL,
)
# What may stand before all that a head holds, where nothing says that it ends.
_BEGINNING = re.compile(
    rf"\ufeff?(?:\s*(?:<\?xml.*?(?:\?>|\Z)|{_COMMENT}|<(?:!doctype|html|head)\b{_ATTRIBUTES}))*",
    re.IGNORECASE | re.DOTALL,
)
# The row of the list of archives that is of this one.
_ROW = r'(<td\b[^>]*\bdata-okr-version="{}"[^>]*>).*?(?=</td>)'
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
    html = _CANONICAL.sub("", _ROBOTS.sub("", html))
    head = NOINDEX
    if same and archive.site_url:
        address = f"{archive.site_url.rstrip('/')}/{LIVE}/{_address(same)}"
        head += f'<link rel="canonical" href="{escape(address)}">'
    if archive.version:
        row = _ROW.format(re.escape(escape(archive.version)))
        html = re.sub(row, rf"\1{_HERE}", html, flags=re.DOTALL)
    return _with(html, head, _banner(uri, same, archive))


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


def _with(html: str, head: str, banner: str) -> str:
    """The page with `head` in its head and, where it has a body, the banner at its top."""
    ends, begins = _places(html)
    announced = _ANNOUNCED.search(html, ends)
    if announced:
        begins = announced.end()
    top = f"{html[ends:begins]}{banner}" if begins else ""
    return f"{html[:ends]}{head}{top}{html[begins or ends :]}"


def _places(html: str) -> tuple[int, int]:
    """Where words for the head can stand, and where its body begins; 0 where it has none."""
    ends = begins = 0
    for found in _PLACES.finditer(html):
        if found["body"]:
            begins = found.end()
            break
        ends = ends or (found.start() if found["head"] else 0)
    return ends or _first(html), begins


def _first(html: str) -> int:
    found = _BEGINNING.match(html)
    return found.end() if found else 0
