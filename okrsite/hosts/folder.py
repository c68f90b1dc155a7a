"""The Site as a plain Markdown folder: any engine that reads Markdown can publish it."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from tempfile import mkdtemp
from urllib.parse import quote, unquote

from okrsite.hosts.addresses import by_id, directory, is_overview, safe_uri
from okrsite.portal.assets import theme_assets
from okrsite.portal.prose import resolve
from okrsite.portal.site import BODY_SLOT, Site, SitePage

# Only a folder that holds this file is ever replaced.
OWN = ".okrsite-pages"
CONFIGS = ("mkdocs.yml", "zensical.toml")
_VOID = re.compile(
    r"area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr", re.IGNORECASE
)


class FolderError(Exception):
    """The folder cannot be written; for the operator, not for an author."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the configuration says about the whole site, where none is there yet."""

    title: str = "Objectives"
    site_url: str = ""


def write_folder(
    site: Site,
    bodies: Mapping[str, str],
    out: Path,
    *,
    extra: Mapping[str, bytes] | None = None,
    head: Head | None = None,
) -> tuple[Path, ...]:
    """Write `site` to `out`, whole or not at all; gives the files written.

    `bodies` has the author's Markdown of every page by its source; `extra` the other files of the
    source folder, plain pages and pictures. A configuration already in `out` stays as it is.

    Raises:
        FolderError: `out` holds something that was not written by this function.
    """
    _refuse_foreign(out)
    files = {f"docs/{uri}": content for uri, content in folder_files(site, bodies, extra or {})}
    files |= _kept(out) or {"mkdocs.yml": _config(site, head or Head()).encode()}
    files[OWN] = b"Written by `okrsite pages`, which replaces this folder as a whole.\n"
    _replace(out, files)
    return tuple(out / name for name in sorted(files))


def folder_files(
    site: Site, bodies: Mapping[str, str], extra: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """Every file below the docs folder and its content.

    A page is the index of a folder of its own: so its links are right whether an engine reads
    them from the page's address or from the file's place.
    """
    homes = {page.uri: f"{directory(page.uri)}index.md" for page in site.pages}
    moved = {**{page.source: homes[page.uri] for page in site.pages if page.source}, **homes}
    moved |= site.leads
    known = {*homes.values(), *extra, *site.files}
    for uri, content in extra.items():
        yield _safe(uri), _plain(uri, content, moved) if uri.endswith(".md") else content
    for page in site.pages:
        place = _safe(homes[page.uri])
        body = _relocate(bodies.get(page.source or "", ""), page.source or page.uri, place, moved)
        yield place, _markdown(page, body, moved, known).encode()
    for uri, content in (*site.files.items(), *((a.uri, a.content) for a in theme_assets())):
        yield _safe(uri), content


def _plain(uri: str, content: bytes, moved: Mapping[str, str]) -> bytes:
    return _relocate(content.decode("utf-8-sig", "replace"), uri, uri, moved).encode()


def _markdown(page: SitePage, body: str, moved: Mapping[str, str], known: set[str]) -> str:
    def address(path: str) -> str | None:
        names = (moved.get(path, path), moved.get(by_id(path), ""))
        uri = next((name for name in names if name in known), None)
        if uri is None:
            return None
        target = directory(uri) if uri.endswith(".md") else uri
        way = quote(relpath("/" + target, "/" + directory(page.uri)))
        return f"{way}/" if uri.endswith(".md") else way

    before, after = around_slot(resolve(page.html, address))
    parts = (_front_matter(page), _one_line(before), body.strip("\n"), _one_line(after))
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(page: SitePage) -> str:
    """YAML that is JSON value by value, so that no title can leave its line.

    Engines with Material's templates print these values as they are.
    """
    meta: dict[str, object] = {"title": escape(page.title), "hide": list(page.hide)}
    if page.description:
        meta["description"] = escape(page.description)
    if not page.listed:
        meta["search"] = {"exclude": True}
    lines = (f"{key}: {json.dumps(value)}" for key, value in meta.items())
    return "\n".join(("---", *lines, "---"))


class _OpenAt(HTMLParser):
    """Which elements are open where the slot stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, str]] = []
        self.found: tuple[tuple[str, str], ...] = ()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _VOID.fullmatch(tag):
            return
        kept = "".join(f' {k}="{escape(v or "")}"' for k, v in attrs if k not in _ONCE)
        self.stack.append((tag, f"<{tag}{kept}>"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_comment(self, data: str) -> None:
        if f"<!--{data}-->" == BODY_SLOT:
            self.found = tuple(self.stack)


_ONCE = frozenset(("id", "aria-labelledby", "aria-describedby"))


def around_slot(html: str) -> tuple[str, str]:
    """The HTML before and after the author's text, each complete in itself.

    The text must stand outside any element, or engines would not read it as Markdown.
    """
    before, slot, after = html.partition(BODY_SLOT)
    if not slot:
        return before, ""
    parser = _OpenAt()
    parser.feed(before + slot)
    closing = "".join(f"</{tag}>" for tag, _ in reversed(parser.found))
    opening = "".join(start for _, start in parser.found)
    if not re.sub(r"<[^>]*>|\s", "", after) and "<svg" not in after:
        return before + closing, ""
    return before + closing, opening + after


_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)


def _one_line(html: str) -> str:
    """A raw block without line ends: no extension finds a fence, a list or a blank line in it."""
    parts = _PREFORMATTED.split(html.strip())
    return "".join(
        part.replace("\n", "&#10;") if index % 2 else part.replace("\n", " ")
        for index, part in enumerate(parts)
    )


_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?^ {0,3}(?P=fence)[`~]*[ \t]*$"
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_TARGET = re.compile(
    r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?|\b(?:href|src)=\")([^\s()<>\"#?]+)", re.MULTILINE
)


def _relocate(text: str, source: str, uri: str, moved: Mapping[str, str]) -> str:
    """`text` written in `source`, its relative links right for the place `uri`."""

    def change(match: re.Match[str]) -> str:
        target = unquote(match[2])
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/", target):
            return match[0]
        path = normpath(join(dirname(source), target))
        goal = relpath("/" + moved.get(path, path), "/" + dirname(uri))
        return match[1] + (match[2] if goal == target else quote(goal))

    parts, end = [], 0
    for code in _CODE.finditer(text):
        parts += [_TARGET.sub(change, text[end : code.start()]), code[0]]
        end = code.end()
    return "".join((*parts, _TARGET.sub(change, text[end:])))


def _config(site: Site, head: Head) -> str:
    overviews = (p for p in site.pages if p.listed and not p.source and is_overview(p.uri))
    nav = [{p.title: f"{directory(p.uri)}index.md"} for p in overviews]
    styles = [a.uri for a in theme_assets() if a.uri.endswith(".css")]
    scripts = [a.uri for a in theme_assets() if a.uri.endswith(".js")]
    lines = [
        f"site_name: {json.dumps(head.title)}",
        *([f"site_url: {json.dumps(head.site_url)}"] if head.site_url else []),
        "docs_dir: docs",
        f"nav: {json.dumps(nav)}",
        "theme:",
        "  name: material",
        "  font: false",
        f"extra_css: {json.dumps(styles)}",
        f"extra_javascript: {json.dumps(scripts)}",
    ]
    return "\n".join(lines) + "\n"


def _safe(uri: str) -> str:
    if not safe_uri(uri):
        raise FolderError(f"{uri!r} is no address within the folder")
    return uri


def _refuse_foreign(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise FolderError(f"{out} is not a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / OWN).is_file():
        raise FolderError(f"{out} holds other files; name a new or an empty folder")


def _kept(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in CONFIGS if (out / name).is_file()}


def _replace(out: Path, files: Mapping[str, bytes]) -> None:
    """Write beside `out`, then change names: a reader sees the old folder or the new one."""
    out = out.absolute()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise FolderError(f"{error.filename}: {error.strerror}") from error
    try:
        for name, content in files.items():
            path = work / "new" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if out.exists():
            out.rename(work / "old")
        (work / "new").rename(out)
    except OSError as error:
        if not out.exists() and (work / "old").exists():
            (work / "old").rename(out)
        raise FolderError(f"{error.filename}: {error.strerror}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
