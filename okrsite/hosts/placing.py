"""Our pages among the host's files: one file for each address, and a word about every other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel

from okrsite.hosts.addresses import is_overview, safe_uri
from okrsite.hosts.parts import printable, prose
from okrsite.okr.records import kind_of
from okrsite.portal.site import BODY_SLOT, Site, SitePage

log = get_plugin_logger("okrsite")


@dataclass(frozen=True, slots=True)
class Placed:
    """A page of ours at its place among the host's files, with the author's Markdown."""

    page: SitePage
    file: File
    prose: str


def docs_prefix(config: MkDocsConfig) -> str:
    """Where the docs lie seen from the working folder, or from the configuration outside it."""
    docs, project = Path(config.docs_dir), Path(config.config_file_path or ".").parent
    base = next((p for p in (Path.cwd(), project) if docs.is_relative_to(p)), docs.parent)
    return f"{docs.relative_to(base).as_posix()}/"


def place(
    site: Site, sources: Mapping[str, bytes], files: Files, config: MkDocsConfig
) -> Iterator[Placed]:
    """Every page of the Site as one of the host's files; what is no page leaves them."""
    pages = _one_each(site, config)
    shown = {page.source for _, page in pages if page.source}
    for uri in sources:
        if uri not in shown and kind_of(uri):
            drop(uri, files)
    made = {file.dest_uri: file for file, _ in pages}
    texts = _texts(pages, files, shown)
    _make_room({*made, *site.files}, shown | {f.src_uri for f in texts.values()}, files, config)
    for file, ours in pages:
        text = texts.get(file.dest_uri)
        page = replace(ours, source=text.src_uri) if text else ours
        if text:
            file.inclusion = text.inclusion
        said = page.prose
        said = prose(sources.get(page.source or "", b"")) if said is None or text else said
        yield Placed(page, _into(files, file, page), said)


def _one_each(site: Site, config: MkDocsConfig) -> list[tuple[File, SitePage]]:
    """Every page with the file it would have; the first one at an address keeps it."""
    found: dict[str, tuple[File, SitePage]] = {}
    for page in site.pages:
        file = _file(page.uri, b"", config, _inclusion(page, config))
        if file.dest_uri not in found:
            found[file.dest_uri] = file, page
        elif page.source:
            _tell(page.source, f"{file.url} is another page", config)
    return list(found.values())


def _texts(pages: list[tuple[File, SitePage]], files: Files, shown: set[str]) -> Mapping[str, File]:
    """An author's text for an overview of ours, by its address: a page at the same one."""
    open_to = {f.dest_uri: p.uri for f, p in pages if p.source is None and BODY_SLOT in p.html}
    texts: dict[str, File] = {}
    for file in files.documentation_pages():
        uri, taken = open_to.get(file.dest_uri), file.dest_uri in texts
        if uri and file.src_uri not in shown and (uri == file.src_uri or not taken):
            texts[file.dest_uri] = file
    return texts


def _make_room(ours: set[str], kept: set[str], files: Files, config: MkDocsConfig) -> None:
    """Take away what would lie at an address of ours, or be a folder where we have a file."""
    folders = {folder for uri in ours for folder in _above(uri)}
    for file in list(files):
        dest = file.dest_uri
        if file.src_uri in kept or file.inclusion.is_excluded():
            continue
        if dest in ours or dest in folders or any(folder in ours for folder in _above(dest)):
            _tell(file.src_uri, f"{file.url or dest} is made by okrsite", config)
            files.remove(file)


def _above(uri: str) -> Iterator[str]:
    while "/" in uri:
        uri = uri.rpartition("/")[0]
        yield uri


def _into(files: Files, made: File, page: SitePage) -> File:
    file = files.get_file_from_path(page.source) if page.source else None
    if file is None:
        files.append(made)
        return made
    file.dest_uri, file.url, file.abs_dest_path = made.dest_uri, made.url, made.abs_dest_path
    file.inclusion = made.inclusion
    return file


def _tell(uri: str, why: str, config: MkDocsConfig) -> None:
    where = printable(docs_prefix(config) + uri)
    log.warning(f"{where}:1:1 is not published: {printable(why)}. Rename the file.")


def _file(uri: str, content: bytes, config: MkDocsConfig, level: InclusionLevel) -> File:
    if not safe_uri(uri):
        raise PluginError(f"okrsite: {uri!r} is no address within the site")
    return File.generated(config, uri, content=content, inclusion=level)


def _inclusion(page: SitePage, config: MkDocsConfig) -> InclusionLevel:
    """Only a few overviews stand in a navigation that the host makes; none that grows."""
    overview = page.listed and page.source is None and is_overview(page.uri)
    return InclusionLevel.INCLUDED if overview and not config.nav else InclusionLevel.NOT_IN_NAV


def drop(uri: str, files: Files) -> None:
    """Take a file away, where it is there."""
    if file := files.get_file_from_path(uri):
        files.remove(file)


def publish(uri: str, content: bytes, files: Files, config: MkDocsConfig) -> None:
    """A file of ours, published as it is."""
    drop(uri, files)
    files.append(_file(uri, content, config, InclusionLevel.INCLUDED))


class LeadFile(File):
    """A page that only leads on, in the place of an author's text: the host adds nothing to it."""

    def is_documentation_page(self) -> bool:
        return False


def lead(source: str, address: str, content: bytes, files: Files, config: MkDocsConfig) -> None:
    """Publish such a page at `address`, where links to the text `source` find it too."""
    made = _file(address, content, config, InclusionLevel.INCLUDED)
    file = LeadFile.generated(config, source, content=content, inclusion=made.inclusion)
    file.dest_uri, file.url, file.abs_dest_path = made.dest_uri, made.url, made.abs_dest_path
    drop(source, files)
    files.append(file)
