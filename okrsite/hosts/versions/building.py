"""MkDocs run on a project, as one version of its site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from okrsite.hosts.day import today
from okrsite.hosts.mkdocs import OkrsitePlugin
from okrsite.hosts.versions.listing import LIVE
from okrsite.hosts.versions.problems import VersionError

# Where the address of the site is not known: Material compares only what comes behind it.
NOWHERE = "https://portal.invalid/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which version to build: its folder, and the archives there are beside it.

    `as_of` is the day of an archive, `site_url` the address of all versions together; None is as
    the configuration says, of `strict` as well.
    """

    version: str
    beside: tuple[str, ...] = ()
    strict: bool | None = None
    as_of: date | None = None
    site_url: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: the name of the site, its address where it is known, and its day."""

    title: str
    site_url: str
    as_of: date


def build_version(config_file: Path, out: Path, wanted: Wanted) -> Built:
    """Build the portal of a configuration into `out`.

    Raises:
        VersionError: it cannot be built; why is in MkDocs' own log.
    """
    try:
        config = load_config(
            str(config_file), site_dir=str(out), strict=wanted.strict, site_url=wanted.site_url
        )
        built = Built(config.site_name, config.site_url or "", _as_version(config, wanted))
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build(config)
        finally:
            config.plugins.on_shutdown()
    except (MkDocsException, OSError) as error:
        raise VersionError(f"{config_file}: {error}") from error
    if not built.site_url:
        _sitemap(out, wanted.version)
    return built


def address_of(config_file: Path) -> str:
    """The address of the site, as its configuration says; empty without one.

    Raises:
        VersionError: the configuration cannot be read.
    """
    try:
        return load_config(str(config_file)).site_url or ""
    except (MkDocsException, OSError) as error:
        raise VersionError(f"{config_file}: {error}") from error


def _as_version(config: MkDocsConfig, wanted: Wanted) -> date:
    """Make it the configuration of one version; gives the day it is computed for."""
    config.extra["version"] = {"provider": "mike", "default": LIVE}
    if config.site_url:
        config.site_url = f"{config.site_url.rstrip('/')}/{wanted.version}/"
    plugin: Any = config.plugins.get("okrsite")
    if not isinstance(plugin, OkrsitePlugin):
        raise MkDocsException("the plugin `okrsite` is not among its plugins")
    plugin.beside = wanted.beside
    if wanted.as_of:
        plugin.config.as_of = wanted.as_of
        _read_only(config, plugin)
    return plugin.config.as_of or today()


def _read_only(config: MkDocsConfig, plugin: OkrsitePlugin) -> None:
    """Nobody writes in an archive."""
    plugin.config.editor, plugin.config.check_in_buttons = None, False
    config.edit_uri = ""


def _sitemap(out: Path, version: str) -> None:
    """By which the selector knows that a page is there; MkDocs writes none without an address."""
    rows = "".join(f"<url><loc>{escape(loc)}</loc></url>" for loc in _pages(out, version))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    (out / "sitemap.xml").write_text(f'{head}<urlset xmlns="{space}">{rows}</urlset>\n', "utf-8")


def _pages(out: Path, version: str) -> Iterator[str]:
    for path in sorted(out.rglob("*.html")):
        uri = path.relative_to(out).as_posix()
        if uri != "404.html" and b'content="noindex"' not in path.read_bytes():
            yield f"{NOWHERE}{version}/{uri.removesuffix('index.html')}"
