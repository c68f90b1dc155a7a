"""The MkDocs plugin: the host's files go in as sources, the Site comes out as its pages."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urljoin

from mkdocs.config import config_options as c
from mkdocs.config import load_config
from mkdocs.config.base import BaseConfigOption, Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import get_data
from mkdocs.utils.templates import TemplateContext

from okrsite.hosts.addresses import by_id, directory, relink
from okrsite.hosts.day import today
from okrsite.hosts.dead_ends import Remembered, dead_end, without_dead_ends
from okrsite.hosts.given import given_sources, meant_sources
from okrsite.hosts.heap import long_lived
from okrsite.hosts.navigation import (
    as_section,
    name_sections,
    nearest,
    renamed_headings,
    whole_outline,
)
from okrsite.hosts.options import editor_option, for_numbers
from okrsite.hosts.parts import (
    count,
    decoded,
    metadata,
    mishaps,
    prose,
    searchable,
    told,
)
from okrsite.hosts.past import Past
from okrsite.hosts.placing import LeadFile, Placed, docs_prefix, lead, place, publish
from okrsite.hosts.project import places_of
from okrsite.hosts.unreadable import ReadableAddresses, unreadable
from okrsite.okr.finding import Finding, Severity, in_order
from okrsite.okr.frontmatter import split
from okrsite.okr.past.history import OFF, History
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of
from okrsite.okr.settings import Settings, read_settings
from okrsite.okr.snapshot.names import is_part
from okrsite.portal.assets import is_worked_on, theme_assets, theme_folder
from okrsite.portal.build import build_site
from okrsite.portal.editor import has_editor
from okrsite.portal.fitting import fit, ids_of
from okrsite.portal.literal import literal
from okrsite.portal.live import live_book
from okrsite.portal.prose import note_converter, resolve, sanitize, shallow
from okrsite.portal.site import BODY_SLOT, SignIn, Site, SiteUrls

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

log = get_plugin_logger("okrsite")

# A site that has this page is led to it from its findings.
HANDBOOK = "guide/rules.md"

# It holds an h1, or Material puts one of its own before it.
MARKER = "<!-- okrsite:page <h1> -->"
# Material leaves its search dialog without a name, which a screen reader needs.
SEARCH_DIALOG = 'data-md-component="search" role="dialog"'
# Their text is shown on the pages of what they speak of.
SHOWN_ELSEWHERE = ("check-ins", "amendments")

NO_EDITOR = (
    "editor: the forms are not published, since `repo_url` and `edit_uri` do not tell which "
    "repository at GitHub or GitLab they are for"
)
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


class Editor(BaseConfigOption[SignIn | None]):
    """Whether there is a form-based editor, and how one signs in to it."""

    def __init__(self) -> None:
        super().__init__()
        self.default = False

    def run_validation(self, value: object) -> SignIn | None:
        try:
            return editor_option(value)
        except ValueError as error:
            raise ValidationError(str(error).removeprefix("editor: ")) from None


class OkrsiteConfig(Config):
    """The plugin's options; those that make numbers are checked by `read_settings`."""

    as_of = c.Optional(Day())
    cadence = c.Optional(c.Type(object))
    policy = c.Optional(c.Type(object))
    rules = c.Optional(c.Type(object))
    workflow = c.Optional(c.Type(object))
    check_in_buttons = c.Type(bool, default=True)
    history = c.Type(bool, default=True)
    editor = Editor()
    closed_pages = c.Type(bool, default=False)


class OkrsitePlugin(BasePlugin[OkrsiteConfig]):
    """Reads the sources once a build and hands each page over in three parts.

    The author's Markdown goes through the host's Markdown. What search shall know stands in for
    the page until search has read it. The generated HTML joins after the template.
    """

    past: Past | None = None
    beside: tuple[str, ...] | None = None  # the archives, set by whoever builds versions
    settings: Settings
    option_findings: tuple[Finding, ...]
    placed: Mapping[str, Placed]
    mended: Mapping[str, str]
    addresses: Mapping[str, File]
    served: Mapping[str, str]
    known: Collection[str]
    bodies: dict[str, str]

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """What starts up is kept from build to build of a served site, and so is git's history."""
        self.past = Past()

    def on_serve(
        self, server: "LiveReloadServer", /, *, config: MkDocsConfig, builder: Callable[..., object]
    ) -> None:
        """Build again after a change of the theme too, where somebody works on it."""
        if is_worked_on():
            server.watch(str(theme_folder()))

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        raw = for_numbers(self.config)
        path = Path(config.config_file_path or "mkdocs.yml")
        found = read_settings(raw, path.name, places_of(path))
        self.settings, self.option_findings = found
        self.placed, self.mended, self.addresses, self.served, self.bodies = {}, {}, {}, {}, {}
        uris = [asset.uri for asset in theme_assets()]
        # Before the host's own templates, behind those of the site.
        config.theme.dirs.insert(_place_of(config), str(theme_folder() / "overrides"))
        # First, so that a site's own styles have the last word.
        config.extra_css[:0] = _new(uris, ".css", config.extra_css)
        config.extra_javascript.extend(_new(uris, ".js", config.extra_javascript))
        if not any(isinstance(it, ReadableAddresses) for it in config.markdown_extensions):
            config.markdown_extensions.append(ReadableAddresses())  # type: ignore[arg-type]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        sources = given_sources(files, config)
        self.mended = dict(_mended(sources))
        plain = (f for uri in self.mended for f in mishaps(uri, sources[uri]))
        written = ((uri, raw) for uri, raw in sources.items() if not is_part(uri))
        odd = (f for uri, raw in written for f in unreadable(uri, raw))
        notes = Remembered(note_converter(config.markdown_extensions, config.mdx_configs))
        with long_lived():
            texts = {**sources, **meant_sources(files)}
            day = self.config.as_of or today()
            book = live_book(texts, self.settings, day, closed_pages=self.config.closed_pages)
            findings = in_order((*self.option_findings, *plain, *odd, *book.findings))
            urls = _urls(config, sources, buttons=self.config.check_in_buttons)
            urls = replace(urls, editor=self.config.editor, archives=self.beside)
            history = self._history(config, book)
            site = build_site(replace(book, findings=findings), notes, urls, history=history)
        if urls.editor and not has_editor(urls):
            log.warning(NO_EDITOR)
        _report(findings, sources, docs_prefix(config), _findings_page(site))
        self.placed = {p.file.src_uri: p for p in place(site, sources, files, config)}
        for source, address in site.leads.items():
            lead(source, address, site.files[address], files, config)
        self.addresses = dict(_addresses(self.placed, files))
        if not config.use_directory_urls:
            self.served = {
                directory(u): f.url for u, f in self.addresses.items() if f.is_documentation_page()
            }
        led = set(site.leads.values())
        own = ((uri, raw) for uri, raw in site.files.items() if uri not in led)
        for uri, content in (*own, *((a.uri, a.content) for a in theme_assets())):
            publish(uri, content, files, config)
        self._tell_lost_notes(notes, sources, config)
        return files

    def _history(self, config: MkDocsConfig, book: Book) -> History:
        """What git has of the goals, unless the site does not want to ask."""
        past = self.past or Past()
        folder, here = Path(config.docs_dir), self.config.history
        return past.of(folder, book.as_of, book.left_out) if here else OFF

    def _tell_lost_notes(
        self, notes: Remembered, sources: Mapping[str, bytes], config: MkDocsConfig
    ) -> None:
        if lost := notes.lost(self._file_at):
            for uri, raw in sources.items():
                if kind_of(uri) in SHOWN_ELSEWHERE:
                    _tell_lost(uri, raw, lost.get(prose(raw), ()), config)

    def _file_at(self, path: str) -> File | None:
        return self.addresses.get(path) or self.addresses.get(by_id(path))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.known = {uri for f in files for uri in (unquote(f.url), f.dest_uri)}
        listed = {id(page) for page in nav.pages}
        homes = {placed.page.uri: placed.file.page for placed in self.placed.values()}
        for placed in self.placed.values():
            page = placed.file.page
            if page is None or id(page) in listed:
                continue
            if parent := nearest(placed.page.parents, homes, page):
                # Any item with a parent of its own serves; the declared type is too narrow.
                page.parent = cast(Section, as_section(parent))
            if not placed.page.listed:
                page.canonical_url = page.abs_url = None  # which also keeps it off the sitemap
        if not config.nav:
            name_sections(nav, self.placed)
        return nav

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        placed = self.placed.get(page.file.src_uri)
        # The host looks for metadata on the first line only, and ours has been read already.
        return f"\n{shallow(placed.prose)}" if placed else self.mended.get(page.file.src_uri)

    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        config.site_name = literal(config.site_name)  # the theme prints it as it is

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
        alive, lost = without_dead_ends(sanitize(html), placed.file.url, self.known)
        if lost:
            _tell_lost(page.file.src_uri, page.file.content_bytes, lost, config)
        body, renamed = fit(alive, placed.page.html)
        page.toc = whole_outline(
            placed.page.html, renamed_headings(page.toc, renamed, ids_of(body))
        )
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
            file = self._file_at(path)
            return get_relative_url(file.url, url) if file else None

        return resolve(html, address)


def _place_of(config: MkDocsConfig) -> int:
    """Where our template overrides go among the theme's folders: after a site's `custom_dir`."""
    return 1 if config.theme.custom_dir else 0


def _new(uris: Sequence[str], suffix: str, known: Sequence[object]) -> list[str]:
    return [uri for uri in uris if uri.endswith(suffix) and uri not in known]


def _urls(config: MkDocsConfig, sources: Mapping[str, bytes], *, buttons: bool) -> SiteUrls:
    repo = config.repo_url or ""
    base = f"{repo.rstrip('/')}/" if repo else ""
    return SiteUrls(
        site_url=config.site_url or "",
        edit_base=urljoin(base, config.edit_uri) if config.edit_uri else "",
        repo_url=repo,
        use_directory_urls=config.use_directory_urls,
        handbook=HANDBOOK if HANDBOOK in sources else "",
        check_in_buttons=buttons,
    )


def _tell_lost(uri: str, raw: bytes, targets: Sequence[str], config: MkDocsConfig) -> None:
    """Links to nowhere, as loud as the site wants to hear of them."""
    for target in dict.fromkeys(targets):
        finding = dead_end(uri, decoded(raw)[0], target)
        log.log(config.validation.links.not_found, told(finding, docs_prefix(config) + uri))


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


def _mended(sources: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Plain pages that the host would trip over: not UTF-8, or a frontmatter that is not YAML."""
    for uri, raw in sources.items():
        if kind_of(uri) or is_part(uri):
            continue
        text, is_utf8 = decoded(raw)
        if split(text)[0] is not None and not get_data(text)[1]:
            yield uri, f"\n{prose(raw)}"
        elif not is_utf8:
            yield uri, text


def _addresses(placed: Mapping[str, Placed], files: Files) -> Iterator[tuple[str, File]]:
    """Every name by which a text may link to a file: its path, or its page's address."""
    yield from ((by_id(file.src_uri), file) for file in files if isinstance(file, LeadFile))
    yield from ((file.src_uri, file) for file in files)
    yield from ((p.page.uri, p.file) for p in placed.values())


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
