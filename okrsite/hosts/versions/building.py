"""MkDocs run on a project, as one version of its site."""

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from okrsite.hosts.day import today
from okrsite.hosts.mkdocs import OkrsitePlugin
from okrsite.hosts.versions.listing import LIVE
from okrsite.hosts.versions.problems import VersionError
from okrsite.okr.settings import OPTIONS
from okrsite.portal.leads import IN_REVIEW
from okrsite.portal.links import DATA

# Where the address of the site is not known: Material compares only what comes behind it.
NOWHERE = "https://portal.invalid/"
LEADING = ("objectives", "initiatives")

_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>\n'
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which version to build: its folder, and the archives there are beside it.

    `as_of` is the day of an archive, `site_url` the address of all versions together, `content`
    the folder of its goals, `options` those of the plugin that make numbers; None is as the
    configuration says, of `strict` as well.
    """

    version: str
    beside: tuple[str, ...] = ()
    strict: bool | None = None
    as_of: date | None = None
    site_url: str | None = None
    content: Path | None = None
    options: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: the name of the site, its address where it is known, its day, its errors."""

    title: str
    site_url: str
    as_of: date
    errors: int = 0


def build_version(config_file: Path, out: Path, wanted: Wanted) -> Built:
    """Build the portal of a configuration into `out`.

    Raises:
        VersionError: it cannot be built; why is in MkDocs' own log.
    """
    given = {"site_dir": out, "docs_dir": wanted.content}
    paths = {key: str(path) for key, path in given.items() if path}
    try:
        config = load_config(
            str(config_file), strict=wanted.strict, site_url=wanted.site_url, **paths
        )
        built = Built(config.site_name, config.site_url or "", _as_version(config, wanted))
        config.plugins.on_startup(command="build", dirty=False)
        try:
            with _built_on(built.as_of):
                build(config)
        finally:
            config.plugins.on_shutdown()
            _plugin_of(config).beside = None  # MkDocs keeps the plugin for the next build
    except MkDocsException as error:
        raise VersionError(f"{config_file}: {error}") from error
    except Exception as error:  # a theme, a hook or another plugin may raise whatever it likes
        raise VersionError(f"{config_file}: {type(error).__name__}: {error}") from error
    _sitemap(out, config.site_url or "", wanted.version)
    return replace(built, errors=_errors(out))


def site_of(config_file: Path, as_of: date) -> Built:
    """The name and the address of the site, as its configuration says.

    Raises:
        VersionError: the configuration cannot be read.
    """
    try:
        config = load_config(str(config_file))
        return Built(config.site_name, config.site_url or "", as_of)
    except (MkDocsException, OSError) as error:
        raise VersionError(f"{config_file}: {error}") from error


def _errors(out: Path) -> int:
    """How many errors the goals have, by what the portal tells machines."""
    try:
        told = json.loads((out / DATA).read_bytes())
        return sum(finding["severity"] == "error" for finding in told["findings"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _as_version(config: MkDocsConfig, wanted: Wanted) -> date:
    """Make it the configuration of one version; gives the day it is computed for."""
    config.extra["version"] = {"provider": "mike", "default": LIVE}
    if config.site_url:
        config.site_url = f"{config.site_url.rstrip('/')}/{wanted.version}/"
    plugin = _plugin_of(config)
    plugin.beside = wanted.beside
    if wanted.options is not None:
        plugin.config.update({key: wanted.options.get(key) for key in OPTIONS})
    if wanted.as_of:
        plugin.config.as_of = wanted.as_of
        _read_only(config, plugin)
    return plugin.config.as_of or today()


def _plugin_of(config: MkDocsConfig) -> OkrsitePlugin:
    plugin: Any = config.plugins.get("okrsite")
    if not isinstance(plugin, OkrsitePlugin):
        raise MkDocsException("the plugin `okrsite` is not among its plugins")
    return plugin


def _read_only(config: MkDocsConfig, plugin: OkrsitePlugin) -> None:
    """Nobody writes in an archive, and what others have moved to the archive is here."""
    plugin.config.editor, plugin.config.check_in_buttons = None, False
    plugin.config.closed_pages = True
    config.edit_uri = ""


@contextmanager
def _built_on(day: date) -> Iterator[None]:
    """Goals of a day make the same site whenever it is built, unless somebody says when."""
    key = "SOURCE_DATE_EPOCH"
    if key in os.environ:
        yield
        return
    os.environ[key] = str(int(datetime.combine(day, time(), UTC).timestamp()))
    try:
        yield
    finally:
        del os.environ[key]


def _sitemap(out: Path, site_url: str, version: str) -> None:
    """By which the selector knows that a page is there, or one that leads on from its address.

    MkDocs lists none of those, and writes no sitemap without an address.
    """
    path, end = out / "sitemap.xml", b"</urlset>"
    if site_url and path.is_file():
        base, text, more = site_url, path.read_bytes(), _leading_on(out)
    else:
        base, text = site_url or f"{NOWHERE}{version}/", _EMPTY
        more = chain(_pages(out), _leading_on(out))
    rows = "".join(f"<url><loc>{escape(base + quote(uri))}</loc></url>\n" for uri in more)
    if rows:
        head, mark, tail = text.rpartition(end)
        path.write_bytes(head + rows.encode() + mark + tail)
        _pack(path)


def _pack(path: Path) -> None:
    packed = path.with_name(f"{path.name}.gz")
    if packed.is_file():
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


def _pages(out: Path) -> Iterator[str]:
    for path in sorted(out.rglob("*.html")):
        uri = path.relative_to(out).as_posix()
        if uri != "404.html" and b'content="noindex"' not in path.read_bytes():
            yield uri.removesuffix("index.html")


def _leading_on(out: Path) -> Iterator[str]:
    """The addresses of goals and of work that are in a review; those of unlisted ones say other."""
    for path in sorted(chain.from_iterable(out.glob(f"{kind}/**/*.html") for kind in LEADING)):
        html = path.read_bytes()
        if b'<meta http-equiv="refresh"' in html and IN_REVIEW.encode() in html:
            yield path.relative_to(out).as_posix().removesuffix("index.html")
