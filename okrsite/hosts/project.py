"""A project on disk: where its content lies and which options its `mkdocs.yml` sets."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from os.path import relpath
from pathlib import Path
from posixpath import dirname, join, normpath

from okrsite.hosts.options import HOST_OPTIONS, editor_option, for_numbers
from okrsite.okr.configuration import ConfigurationError, load_configuration, option_places
from okrsite.okr.finding import Finding
from okrsite.okr.settings import Settings, read_settings
from okrsite.portal.site import SignIn, SiteUrls

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
CONTENT = "content"


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
    published: Mapping[str, str] = field(default_factory=dict)
    closed_pages: bool = False


def home_of(folder: Path) -> Path:
    """The folder of the project that `folder` lies in: its own, or one above with `mkdocs.yml`.

    The search ends at the top of a repository. Where nothing is found it is `folder` itself, and
    so it is where goals lie in the usual place below.
    """
    start = folder.resolve()
    if (folder / CONTENT).is_dir():
        return folder
    for above in (start, *start.parents):
        if any((above / name).is_file() for name in CONFIGS):
            return folder if above == start else Path(relpath(above, start))
        if (above / ".git").exists():
            break
    return folder


def read_project(folder: Path, content: Path | None = None) -> Project:
    """The project in `folder`; `content` overrides its `docs_dir`.

    Raises:
        ProjectError: the configuration cannot be read, or there is no content.
    """
    config = next((folder / name for name in CONFIGS if (folder / name).is_file()), None)
    raw = whole(_load(config), config.as_posix(), _from_disk) if config else {}
    docs = content or folder / docs_of(raw, config)
    if not docs.is_dir():
        raise ProjectError(f"there is no folder {docs}; name one with --content DIR")
    return project_of(raw, docs, config)


def whole(
    raw: Mapping[str, object], path: str, read: Callable[[str], Mapping[str, object]]
) -> Mapping[str, object]:
    """A configuration with what it inherits: `INHERIT` names a file by its way from `path`.

    Groups are joined and what stands nearer wins, as MkDocs does it; `read` gives one file.

    Raises:
        ProjectError: one inherits from itself.
    """
    seen = [path]
    while isinstance(parent := raw.get("INHERIT"), str):
        path = normpath(join(dirname(path), parent))
        if path in seen:
            raise ProjectError(f"{path}: INHERIT runs in a circle")
        seen.append(path)
        own = {key: value for key, value in raw.items() if key != "INHERIT"}
        raw = _joined(read(path), own)
    return raw


def _joined(below: Mapping[str, object], above: Mapping[str, object]) -> Mapping[str, object]:
    joined = dict(below)
    for key, value in above.items():
        was = joined.get(key)
        both = isinstance(was, Mapping) and isinstance(value, Mapping)
        joined[key] = _joined(was, value) if both else value  # type: ignore[arg-type]  # both are
    return joined


def _from_disk(path: str) -> Mapping[str, object]:
    return _load(Path(path))


def docs_of(raw: Mapping[str, object], config: Path | str | None) -> str:
    """The folder of content that a configuration names, or what is read without one."""
    return str(raw.get("docs_dir") or ("docs" if config else CONTENT))


def project_of(raw: Mapping[str, object], docs: Path, config: Path | None) -> Project:
    """The project whose configuration says `raw`, with its content in `docs`.

    Raises:
        ProjectError: it names a day that is none.
    """
    options = options_of(raw)
    day = _day(options.get("as_of"))
    settings, findings = read_settings(
        for_numbers(options), config.name if config else CONFIGS[0], places_of(config)
    )
    urls = replace(_urls(raw), check_in_buttons=options.get("check_in_buttons") is not False)
    urls = replace(urls, editor=_editor(options.get("editor")))
    title, history = str(raw.get("site_name", "")), options.get("history") is not False
    published = dict(_published(raw, options))
    pages = options.get("closed_pages") is True
    return Project(docs, settings, day, findings, config, title, urls, history, published, pages)


_PUBLISHING = ("exclude_docs", "not_in_nav", "draft_docs", "strict")


def _published(
    raw: Mapping[str, object], options: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    """The options that make no number and yet decide what is shown, as they were written."""
    for table, names in ((options, HOST_OPTIONS), (raw, _PUBLISHING)):
        yield from ((name, str(table[name])) for name in names if name in table)


def places_of(config: Path | None) -> Mapping[str, tuple[int, int]]:
    """Where the plugin's options stand in a configuration on disk."""
    try:
        text = config.read_text(encoding="utf-8-sig") if config else ""
    except (OSError, UnicodeDecodeError):
        return {}
    return option_places(text, "okrsite")


def _load(config: Path) -> Mapping[str, object]:
    try:
        return load_configuration(config.read_text(encoding="utf-8-sig"))
    except ConfigurationError as error:
        raise ProjectError(error.told(str(config))) from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ProjectError(f"{config}: {error}") from error


def options_of(raw: Mapping[str, object]) -> dict[str, object]:
    """The options of the plugin in a configuration, whichever way its plugins are listed."""
    plugins = raw.get("plugins")
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
