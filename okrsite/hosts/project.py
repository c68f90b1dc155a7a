"""A project on disk: where its content lies and which options its `mkdocs.yml` sets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from okrsite.hosts.options import editor_option, for_numbers
from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import load_configuration
from okrsite.okr.settings import Settings, read_settings
from okrsite.portal.site import SignIn, SiteUrls

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")


class ProjectError(Exception):
    """The project cannot be read; for the operator, not for an author."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a command needs to know before it reads a goal."""

    content: Path
    settings: Settings
    as_of: date | None
    findings: tuple[Finding, ...]
    config: Path | None
    title: str
    urls: SiteUrls
    history: bool = True


def read_project(folder: Path, content: Path | None = None) -> Project:
    """The project in `folder`; `content` overrides its `docs_dir`.

    Raises:
        ProjectError: the configuration cannot be read, or there is no content.
    """
    config = next((folder / name for name in CONFIGS if (folder / name).is_file()), None)
    raw = _load(config) if config else {}
    docs = content or folder / docs_of(raw, config)
    if not docs.is_dir():
        raise ProjectError(f"there is no folder {docs}; name one with --content DIR")
    return project_of(raw, docs, config)


def docs_of(raw: Mapping[str, object], config: Path | None) -> str:
    """The folder of content that a configuration names, or what is read without one."""
    return str(raw.get("docs_dir") or ("docs" if config else "content"))


def project_of(raw: Mapping[str, object], docs: Path, config: Path | None) -> Project:
    """The project whose configuration says `raw`, with its content in `docs`.

    Raises:
        ProjectError: it names a day that is none.
    """
    options = _options(raw.get("plugins"))
    day = _day(options.get("as_of"))
    known = for_numbers(options)
    settings, findings = read_settings(known, config.name if config else "mkdocs.yml")
    urls = replace(_urls(raw), check_in_buttons=options.get("check_in_buttons") is not False)
    urls = replace(urls, editor=_editor(options.get("editor")))
    title, history = str(raw.get("site_name", "")), options.get("history") is not False
    return Project(docs, settings, day, findings, config, title, urls, history)


def _load(config: Path) -> Mapping[str, object]:
    try:
        return load_configuration(config.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ProjectError(f"{config}: {error}") from error


def _options(plugins: object) -> dict[str, object]:
    rows = plugins if isinstance(plugins, list) else []
    tables = plugins if isinstance(plugins, dict) else {}
    for row in (*rows, tables):
        if isinstance(row, dict) and isinstance(row.get("okrsite"), dict):
            return dict(row["okrsite"])
    return {}


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ProjectError(f"as_of: `{value}` is not a day; write it as 2026-08-20") from None


def _editor(value: object) -> SignIn | None:
    try:
        return editor_option(value)
    except ValueError as error:
        raise ProjectError(str(error)) from None


def _urls(raw: Mapping[str, object]) -> SiteUrls:
    repo, edit = str(raw.get("repo_url") or ""), str(raw.get("edit_uri") or "")
    base = f"{repo.rstrip('/')}/{edit}" if repo and edit and "://" not in edit else edit
    return SiteUrls(str(raw.get("site_url") or ""), base, repo)
