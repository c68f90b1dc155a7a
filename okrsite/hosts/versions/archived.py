"""What every page of an archive says: what it is, where today's is, and not to be searched for."""

import re
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

_ROBOTS = re.compile(r'<meta\b[^>]*\bname="robots"[^>]*>')
_CANONICAL = re.compile(r'<link\b[^>]*\brel="canonical"[^>]*>')
# Where Material has its announcements: it renews them as it goes from page to page by itself.
_ANNOUNCED = re.compile(r'<div\b[^>]*data-md-component="announce"[^>]*>')
_BODY = re.compile(r"<body\b[^>]*>")
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
    for path in sorted(folder.rglob("*.html")):
        html = path.read_bytes().decode("utf-8", "surrogateescape")
        marked = archived_page(html, path.relative_to(folder).as_posix(), archive)
        path.write_bytes(marked.encode("utf-8", "surrogateescape"))


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
    html = html.replace("</head>", f"{head}</head>", 1)
    if archive.version:
        row = _ROW.format(re.escape(escape(archive.version)))
        html = re.sub(row, rf"\1{_HERE}", html, flags=re.DOTALL)
    return _with_banner(html, _banner(uri, same, archive))


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


def _with_banner(html: str, banner: str) -> str:
    place = _ANNOUNCED.search(html) or _BODY.search(html)
    return f"{html[: place.end()]}{banner}{html[place.end() :]}" if place else html
