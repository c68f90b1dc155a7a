"""The MkDocs plugin: the host's files go in as sources, the Site comes out as its pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import cast
from urllib.parse import urljoin

from mkdocs.config import config_options as c
from mkdocs.config import load_config
from mkdocs.config.base import BaseConfigOption, Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import get_data
from mkdocs.utils.templates import TemplateContext

from okrsite.hosts.addresses import by_id, directory, is_overview, relink, safe_uri
from okrsite.hosts.day import today
from okrsite.hosts.heap import long_lived
from okrsite.hosts.parts import (
    count,
    decoded,
    metadata,
    mishaps,
    outline,
    printable,
    prose,
    searchable,
    told,
)
from okrsite.okr.finding import Finding, Severity, in_order
from okrsite.okr.frontmatter import split
from okrsite.okr.pipeline import load
from okrsite.okr.records import kind_of
from okrsite.okr.settings import Settings, read_settings
from okrsite.portal.assets import theme_assets, theme_folder
from okrsite.portal.build import build_site
from okrsite.portal.prose import fit, note_converter, resolve, sanitize
from okrsite.portal.site import BODY_SLOT, Site, SitePage, SiteUrls

log = get_plugin_logger("okrsite")

# A site that has this page is led to it from its findings.
HANDBOOK = "guide/rules.md"

# It holds an h1, or Material puts one of its own before it.
MARKER = "<!-- okrsite:page <h1> -->"
# Material leaves its search dialog without a name, which a screen reader needs.
SEARCH_DIALOG = 'data-md-component="search" role="dialog"'
NOINDEX = '<meta name="robots" content="noindex">'


class Day(BaseConfigOption[date]):
    """A day as YAML gives it, bare (`2026-08-20`) or quoted."""

    def run_validation(self, value: object) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise ValidationError(f"`{value}` is not a day; write it as 2026-08-20") from None


class OkrsiteConfig(Config):
    """The plugin's options; all but the day are checked by `read_settings`, with its findings."""

    as_of = c.Optional(Day())
    cadence = c.Optional(c.Type(object))
    policy = c.Optional(c.Type(object))
    rules = c.Optional(c.Type(object))
    workflow = c.Optional(c.Type(object))


@dataclass(frozen=True, slots=True)
class Placed:
    """A page of ours at its place among the host's files, with the author's Markdown."""

    page: SitePage
    file: File
    prose: str


class OkrsitePlugin(BasePlugin[OkrsiteConfig]):
    """Reads the sources once a build and hands each page over in three parts.

    The author's Markdown goes through the host's Markdown. What search shall know stands in for
    the page until search has read it. The generated HTML joins after the template.
    """

    settings: Settings
    option_findings: tuple[Finding, ...]
    placed: Mapping[str, Placed]
    mended: Mapping[str, str]
    addresses: Mapping[str, File]
    served: Mapping[str, str]
    bodies: dict[str, str]

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        raw = {key: value for key, value in self.config.items() if key != "as_of"}
        path = Path(config.config_file_path or "mkdocs.yml").name
        self.settings, self.option_findings = read_settings(raw, path)
        self.placed, self.mended, self.addresses, self.served, self.bodies = {}, {}, {}, {}, {}
        uris = [asset.uri for asset in theme_assets()]
        # Before the host's own templates, behind those of the site.
        config.theme.dirs.insert(_place_of(config), str(theme_folder() / "overrides"))
        # First, so that a site's own styles have the last word.
        config.extra_css[:0] = _new(uris, ".css", config.extra_css)
        config.extra_javascript.extend(_new(uris, ".js", config.extra_javascript))
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        sources = _sources(files)
        notes = note_converter(config.markdown_extensions, config.mdx_configs)
        with long_lived():
            book = load(sources, self.settings, self.config.as_of or today())
            site = build_site(book, notes, _urls(config, sources))
        self.mended = dict(_mended(sources))
        plain = (f for uri in self.mended for f in mishaps(uri, sources[uri]))
        findings = in_order((*self.option_findings, *plain, *book.findings))
        _report(findings, sources, _docs_prefix(config), _findings_page(site))
        self.placed = {p.file.src_uri: p for p in _place(site, sources, files, config)}
        self.addresses = dict(_addresses(self.placed, files))
        if not config.use_directory_urls:
            self.served = {directory(u): f.url for u, f in self.addresses.items() if _is_page(f)}
        for uri, content in (*site.files.items(), *((a.uri, a.content) for a in theme_assets())):
            _publish(uri, content, files, config)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        listed = {id(page) for page in nav.pages}
        homes = {placed.page.uri: placed.file.page for placed in self.placed.values()}
        for placed in self.placed.values():
            page = placed.file.page
            if page is None or id(page) in listed:
                continue
            if parent := _nearest(placed.page.parents, homes, page):
                # Any item with a parent of its own serves; the declared type is too narrow.
                page.parent = cast(Section, parent)
            if not placed.page.listed:
                page.canonical_url = page.abs_url = None  # which also keeps it off the sitemap
        return nav

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        placed = self.placed.get(page.file.src_uri)
        # The host looks for metadata on the first line only, and ours has been read already.
        return f"\n{placed.prose}" if placed else self.mended.get(page.file.src_uri)

    @event_priority(100)
    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        if placed := self.placed.get(page.file.src_uri):
            page.meta.update(metadata(placed.page))
        return None

    @event_priority(100)
    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        placed = self.placed.get(page.file.src_uri)
        if placed is None:
            return None
        body, renamed = fit(sanitize(html), placed.page.html)
        page.toc = _outline(placed.page.html, _renamed(page.toc, renamed))
        return body

    @event_priority(100)
    def _for_search(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext | None:
        if placed := self.placed.get(page.file.src_uri):
            body = self.bodies[page.file.src_uri] = page.content or ""
            page.content = searchable(placed.page, body)
        return None

    @event_priority(-100)
    def _for_template(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext | None:
        if page.file.src_uri in self.placed:
            page.content = MARKER
        return None

    on_page_context = CombinedEvent(_for_search, _for_template)

    @event_priority(100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str | None:
        output = output.replace(SEARCH_DIALOG, f'{SEARCH_DIALOG} aria-label="Search"', 1)
        placed = self.placed.get(page.file.src_uri)
        if placed is None:
            return output
        html = self._at_home(placed)
        html = html.replace(BODY_SLOT, self.bodies.pop(page.file.src_uri, ""), 1)
        output = output.replace(MARKER, html, 1)
        return output if placed.page.listed else output.replace("</head>", f"{NOINDEX}</head>", 1)

    def _at_home(self, placed: Placed) -> str:
        """The page's HTML with every link right for the address at which the host serves it."""
        html, url = placed.page.html, placed.file.url
        if self.served:
            html = relink(html, directory(placed.page.uri), url, self.served)

        def address(path: str) -> str | None:
            file = self.addresses.get(path) or self.addresses.get(by_id(path))
            return get_relative_url(file.url, url) if file else None

        return resolve(html, address)


def _place_of(config: MkDocsConfig) -> int:
    """Where our template overrides go among the theme's folders: after a site's `custom_dir`."""
    return 1 if config.theme.custom_dir else 0


def _new(uris: Sequence[str], suffix: str, known: Sequence[object]) -> list[str]:
    return [uri for uri in uris if uri.endswith(suffix) and uri not in known]


def _urls(config: MkDocsConfig, sources: Mapping[str, bytes]) -> SiteUrls:
    repo = config.repo_url or ""
    base = f"{repo.rstrip('/')}/" if repo else ""
    return SiteUrls(
        site_url=config.site_url or "",
        edit_base=urljoin(base, config.edit_uri) if config.edit_uri else "",
        repo_url=repo,
        use_directory_urls=config.use_directory_urls,
        handbook=HANDBOOK if HANDBOOK in sources else "",
    )


def _sources(files: Files) -> Mapping[str, bytes]:
    """The authors' Markdown files that the host means to publish."""
    found: dict[str, bytes] = {}
    for file in files.documentation_pages():
        if file.generated_by is None and file.src_uri.endswith(".md"):
            try:
                found[file.src_uri] = file.content_bytes
            except OSError as error:
                raise PluginError(f"okrsite: {file.src_uri}: {error.strerror}") from error
    return dict(sorted(found.items()))


def _docs_prefix(config: MkDocsConfig) -> str:
    """Where the docs lie seen from the working folder, or from the configuration outside it."""
    docs, project = Path(config.docs_dir), Path(config.config_file_path or ".").parent
    base = next((p for p in (Path.cwd(), project) if docs.is_relative_to(p)), docs.parent)
    return f"{docs.relative_to(base).as_posix()}/"


def _findings_page(site: Site) -> str:
    return next((directory(p.uri) for p in site.pages if p.kind == "findings"), "")


def _report(
    findings: Sequence[Finding], sources: Mapping[str, bytes], prefix: str, page: str
) -> None:
    """Errors one by one, which fails a strict build; a coach's advice in one line."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    for finding in errors:
        place = prefix + finding.path if finding.path in sources else finding.path
        log.warning(told(finding, place))
    if advice := [finding for finding in findings if finding.severity is not Severity.ERROR]:
        log.info(count(advice, "finding") + (f": see {page}" if page else ""))


def _place(
    site: Site, sources: Mapping[str, bytes], files: Files, config: MkDocsConfig
) -> Iterator[Placed]:
    """Every page of the Site as one of the host's files; what is no page leaves them."""
    shown = {page.source for page in site.pages}
    for uri in sources:
        if uri not in shown and kind_of(uri):
            _drop(uri, files)
    plain = {f.dest_uri: f for f in files if _is_page(f) and f.src_uri not in shown}
    for ours in site.pages:
        page = ours
        made = _file(page.uri, b"", config, _inclusion(page, config))
        other = plain.get(made.dest_uri)
        if other and BODY_SLOT in ours.html:  # an author's text for an overview of ours
            page, made.inclusion = replace(ours, source=other.src_uri), other.inclusion
        elif other:
            _hidden(other, made, config)
            files.remove(other)
        file = files.get_file_from_path(page.source) if page.source else None
        if file is None:
            file = made
            files.append(file)
        file.dest_uri, file.url, file.abs_dest_path = made.dest_uri, made.url, made.abs_dest_path
        file.inclusion = made.inclusion
        yield Placed(page, file, prose(sources.get(page.source or "", b"")))


def _is_page(file: File) -> bool:
    return file.is_documentation_page()


def _hidden(plain: File, made: File, config: MkDocsConfig) -> None:
    place = printable(_docs_prefix(config) + plain.src_uri)
    log.warning(f"{place}:1:1 is not published: {made.url} is another page. Rename the file.")


def _file(uri: str, content: bytes, config: MkDocsConfig, level: InclusionLevel) -> File:
    if not safe_uri(uri):
        raise PluginError(f"okrsite: {uri!r} is no address within the site")
    return File.generated(config, uri, content=content, inclusion=level)


def _inclusion(page: SitePage, config: MkDocsConfig) -> InclusionLevel:
    """Only a few overviews stand in a navigation that the host makes; none that grows."""
    overview = page.listed and page.source is None and is_overview(page.uri)
    return InclusionLevel.INCLUDED if overview and not config.nav else InclusionLevel.NOT_IN_NAV


def _drop(uri: str, files: Files) -> None:
    if file := files.get_file_from_path(uri):
        files.remove(file)


def _publish(uri: str, content: bytes, files: Files, config: MkDocsConfig) -> None:
    _drop(uri, files)
    files.append(_file(uri, content, config, InclusionLevel.INCLUDED))


def _mended(sources: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Plain pages that the host would trip over: not UTF-8, or a frontmatter that is not YAML."""
    for uri, raw in sources.items():
        if kind_of(uri):
            continue
        text, is_utf8 = decoded(raw)
        if split(text)[0] is not None and not get_data(text)[1]:
            yield uri, f"\n{prose(raw)}"
        elif not is_utf8:
            yield uri, text


def _addresses(placed: Mapping[str, Placed], files: Files) -> Iterator[tuple[str, File]]:
    """Every name by which a text may link to a file: its path, or its page's address."""
    yield from ((file.src_uri, file) for file in files)
    yield from ((p.page.uri, p.file) for p in placed.values())


def _nearest(parents: Sequence[str], homes: Mapping[str, Page | None], page: Page) -> Page | None:
    """The closest of `parents` that has a page; never one that leads back to `page` itself."""
    for uri in reversed(parents):
        parent = homes.get(uri)
        if parent and not parent.is_homepage and page is not parent and not _leads_to(parent, page):
            return parent
    return None


def _leads_to(item: Page, page: Page) -> bool:
    return any(ancestor is page for ancestor in item.ancestors)


def _outline(html: str, author: Sequence[AnchorLink]) -> TableOfContents:
    items: list[AnchorLink] = []
    for heading in outline(html):
        items.extend([AnchorLink(heading.title, heading.id, 2)] if heading else author)
    return TableOfContents(items)


def _renamed(toc: TableOfContents, renamed: Mapping[str, str]) -> list[AnchorLink]:
    """The author's headings as `fit` left them."""
    items = list(toc)
    for item in _every(items):
        item.id, item.level = renamed.get(item.id, item.id), max(item.level, 2)
    return items


def _every(items: Sequence[AnchorLink]) -> Iterator[AnchorLink]:
    for item in items:
        yield item
        yield from _every(list(item.children))


PLAIN_MARKDOWN = (
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "fenced_code",
    "footnotes",
    "tables",
)


def configured_markdown(config_file: Path | None) -> Callable[[str], str]:
    """The converter for notes, with the Markdown extensions a configuration names, if any."""
    if config_file is None:
        return note_converter(PLAIN_MARKDOWN, {})
    config = load_config(str(config_file))
    return note_converter(config.markdown_extensions, config.mdx_configs)
