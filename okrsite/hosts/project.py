"""A project on disk: where its content lies and which options its `mkdocs.yml` sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import load_configuration
from okrsite.okr.settings import Settings, read_settings
from okrsite.portal.site import SiteUrls

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


def read_project(folder: Path, content: Path | None = None) -> Project:
    """The project in `folder`; `content` overrides its `docs_dir`.

    Raises:
        ProjectError: the configuration cannot be read, or there is no content.
    """
    config = next((folder / name for name in CONFIGS if (folder / name).is_file()), None)
    raw = _load(config) if config else {}
    options = _options(raw.get("plugins"))
    day = _day(options.pop("as_of", None))
    settings, findings = read_settings(options, config.name if config else "mkdocs.yml")
    docs = content or folder / str(raw.get("docs_dir") or ("docs" if config else "content"))
    if not docs.is_dir():
        raise ProjectError(f"there is no folder {docs}; name one with --content DIR")
    return Project(docs, settings, day, findings, config, str(raw.get("site_name", "")), _urls(raw))


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


def _urls(raw: Mapping[str, object]) -> SiteUrls:
    repo, edit = str(raw.get("repo_url") or ""), str(raw.get("edit_uri") or "")
    base = f"{repo.rstrip('/')}/{edit}" if repo and edit and "://" not in edit else edit
    return SiteUrls(str(raw.get("site_url") or ""), base, repo)
