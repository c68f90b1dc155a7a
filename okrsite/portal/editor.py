"""The form-based editor at `/edit/`: its page, its configuration, and the files it is made of.

The editor is Sveltia CMS, carried along unchanged but for the addresses it would fetch fonts and
libraries from. With the editorial workflow every saved form becomes a pull request.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from okrsite.okr import model
from okrsite.okr.pipeline import Book
from okrsite.okr.schema import SINGULAR
from okrsite.okr.values import ID_PATTERN
from okrsite.portal.assets import theme_folder
from okrsite.portal.editor_fields import (
    ID_SAID,
    Choices,
    body,
    check_in_form,
    choices_of,
    form,
    nested,
)
from okrsite.portal.site import SignIn, SiteUrls
from okrsite.portal.theme import render
from okrsite.portal.vendored import packages, read_vendored

FOLDER = "edit"
PAGE = f"{FOLDER}/"  # as an OAuth client is registered for it

# How each kind is called, told and drawn in the editor.
_KINDS: Mapping[str, tuple[str, str, str]] = {
    "objectives": ("Objectives", "Where to, and why, with the key results that show it.", "flag"),
    "check-ins": (
        "Check-ins",
        "What one person has to say on one day. A merged one stays as it is: correct it with a "
        "new one.",
        "edit_calendar",
    ),
    "initiatives": ("Initiatives", "Work that is meant to move a key result.", "construction"),
    "kpis": ("Health metrics", "Something to keep in order.", "monitor_heart"),
    "amendments": ("Amendments", "A promise that was changed, and why.", "history_edu"),
    "periods": ("Periods", "A quarter, a half, a year.", "date_range"),
    "teams": ("Teams", "Anything that owns goals.", "groups"),
    "people": ("People", "A name with a page of its own.", "person"),
}
_SLUGS = {"check-ins": "{{date}}-{{author}}", "amendments": "{{date}}-{{author}}-{{field}}"}
_FOREVER = ("check-ins", "amendments")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the sources live: the forge and its address, the repository, branch and folder."""

    forge: str
    home: str
    name: str
    branch: str
    content: str

    @property
    def api(self) -> str:
        """The address of its interface for programs."""
        if self.forge == "gitlab":
            return f"{self.home}/api/v4"
        public = self.home == "https://github.com"
        return "https://api.github.com" if public else f"{self.home}/api/v3"


@dataclass(frozen=True, slots=True)
class EditorView:
    """What the editor's page shows before its script runs."""

    title: str
    policy: str


_EDIT = re.compile(r"(?:-/)?(?:edit|blob|tree|src/branch)/(?P<branch>[^/]+)/(?P<folder>.*?)/?$")


def repository_of(urls: SiteUrls) -> Repository | None:
    """What `repo_url` and `edit_uri` tell; None where they lead to no forge the editor knows."""
    parts = urlsplit(urls.repo_url)
    repo = parts.path.strip("/").removesuffix(".git")
    found = _EDIT.match(urls.edit_base.removeprefix(f"{urls.repo_url.rstrip('/')}/"))
    host = parts.hostname or ""
    if parts.scheme != "https" or "/" not in repo or not found:
        return None
    forge = "gitlab" if "gitlab" in host or "/-/" in urls.edit_base else "github"
    if forge == "github" and "github" not in host:
        return None
    home = f"https://{parts.netloc.rpartition('@')[2]}"
    return Repository(forge, home, repo, found["branch"], found["folder"])


def has_editor(urls: SiteUrls) -> bool:
    """Whether the forms are asked for, and it is known where they send what is typed."""
    return urls.editor is not None and repository_of(urls) is not None


def editor_files(book: Book, urls: SiteUrls) -> Mapping[str, bytes]:
    """Every file of the editor by its address; none where it is not asked for."""
    repository = repository_of(urls)
    if urls.editor is None or repository is None:
        return {}
    title = f"Edit {_company(book)}".strip()
    view = EditorView(title, _policy(repository, urls.editor))
    files = {
        "index.html": render("editor", view).encode(),
        "config.json": _json(editor_config(book, repository, urls, title)),
        "edit.js": (theme_folder() / "editor" / "edit.js").read_bytes(),
        **_carried(),
    }
    return {f"{FOLDER}/{name}": content for name, content in files.items()}


def _company(book: Book) -> str:
    names = (book.portfolio.teams[team].title for team in book.portfolio.company())
    return next(names, "goals")


def editor_address(kind: str, path: str) -> str:
    """Where the form of one source file opens, seen from the top of the site.

    `path` is the file's within the content folder, as in `noun.path`.
    """
    name = path.removeprefix(f"{kind}/").removesuffix(".md")
    return f"{PAGE}#/collections/{kind}/entries/{quote(name)}"


def new_address(kind: str, **fields: str) -> str:
    """Where an empty form of `kind` opens, with some fields filled in already."""
    query = f"?{urlencode(fields)}" if fields else ""
    return f"{PAGE}#/collections/{kind}/new{query}"


# --- the configuration ----------------------------------------------------------------------------


def editor_config(
    book: Book, repository: Repository, urls: SiteUrls, title: str
) -> Mapping[str, Any]:
    """The configuration of Sveltia CMS for this company, its forge and its fields."""
    choices = choices_of(book)
    return {
        "backend": _backend(repository, urls.editor or SignIn()),
        "publish_mode": "editorial_workflow",
        **({"site_url": urls.site_url} if urls.site_url else {}),
        "app_title": title,
        "show_preview_links": False,
        "media_folder": _inside(repository, "images"),
        "public_folder": "/images",
        "slug": _slugs(),
        "editor": {"preview": False},
        "output": {
            "omit_empty_optional_fields": True,
            "yaml": {"indent_size": 2, "indent_sequences": True, "quote": "none"},
        },
        "collections": [_collection(kind, repository, choices) for kind in _KINDS],
    }


def _backend(repository: Repository, sign_in: SignIn) -> Mapping[str, Any]:
    own: dict[str, Any] = {
        "name": repository.forge,
        "repo": repository.name,
        "branch": repository.branch,
    }
    if repository.home not in ("https://github.com", "https://gitlab.com"):
        own |= {"api_root": repository.api, "base_url": repository.home}
    if sign_in.base_url:
        own["base_url"] = sign_in.base_url
    if sign_in.app_id:
        own["app_id"] = sign_in.app_id
        own |= {"auth_type": "pkce"} if repository.forge == "gitlab" else {}
    if not (sign_in.base_url or sign_in.app_id):
        own["auth_methods"] = ["token"]
    return own | {"cms_label_prefix": "okrsite/", "commit_messages": _MESSAGES}


_MESSAGES = {
    "create": "Add {{collection}} “{{slug}}”",
    "update": "Change {{collection}} “{{slug}}”",
    "delete": "Remove {{collection}} “{{slug}}”",
}


def _slugs() -> Mapping[str, Any]:
    """File names as our ids are: plain letters, digits and hyphens, at most 80."""
    plain = {"encoding": "ascii", "clean_accents": True, "sanitize_replacement": "-"}
    return {**plain, "maxlength": 80, "trim": True, "lowercase": True, "timezone": "local"}


def _collection(kind: str, repository: Repository, choices: Choices) -> Mapping[str, Any]:
    title, told, icon = _KINDS[kind]
    noun = model.KINDS[kind]
    fields = check_in_form(choices) if kind == "check-ins" else form(noun, choices)
    hint = "What happened, what you learned, what you need." if kind == "check-ins" else "Markdown"
    collection: dict[str, Any] = {
        "name": kind,
        "label": title,
        "label_singular": SINGULAR[kind].capitalize(),
        "description": told,
        "icon": icon,
        "folder": _inside(repository, kind),
        "extension": "md",
        "format": "yaml-frontmatter",
        "slug": {
            "template": _SLUGS.get(kind, "{{title}}"),
            "editable": ["create"],
            "hint": f"The id, for good. {ID_SAID}.",
            "pattern": [f"^{ID_PATTERN}$", ID_SAID],
        },
        "publish": False,  # the review at the forge decides
        "delete": kind not in _FOREVER,
        "fields": [*fields, body(hint)],
    }
    if kind in _FOREVER:
        collection |= {"identifier_field": "date", "summary": "{{date}} {{author}}"}
    if nested(kind, choices):
        collection |= {"nested": {"subfolders": False}, "meta": {"path": {}}}
    return collection


def _inside(repository: Repository, name: str) -> str:
    return f"{repository.content}/{name}" if repository.content else name


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


# --- the files of others --------------------------------------------------------------------------

_FONTS = {
    "fonts/material-symbols-outlined:vf@5.3.7/latin-wght-normal": "material-symbols-outlined",
    "fonts/noto-mono@5.3.0/latin-400-normal": "noto-mono",
    "fonts/source-sans-3:vf@5.3.0/latin-wght-normal": "source-sans-3",
}
# What the editor would fetch from elsewhere, each once in its script, and what it asks for instead.
REDIRECTED: Mapping[str, str] = {
    **{
        f"https://cdn.jsdelivr.net/fontsource/{there}.woff2": f"fonts/{here}.woff2"
        for there, here in _FONTS.items()
    },
    "`https://unpkg.com/${e}`": "`./lib/${e}`",
    "`https://unpkg.com/@sveltia/cms`": "`./lib/@sveltia/cms`",
    "`https://unpkg.com/@sveltia/ui`": "`./lib/@sveltia/ui`",
    "`https://unpkg.com/@shikijs`": "`./lib/@shikijs`",
    "`https://www.githubstatus.com/api/v2/status.json`": "`./lib/status.json`",
    "`https://status-api.hostedstatus.com/1.0/status/5b36dc6502d06804c08349f7`": (
        "`./lib/status.json`"
    ),
}


def redirected(script: str) -> str:
    """The editor's script with its own addresses in place of those of other machines."""
    for there, here in REDIRECTED.items():
        script = script.replace(there, here)
    return script


@cache
def _carried() -> Mapping[str, bytes]:
    """The editor and what it loads, the same for every company."""
    return dict(_files_of_others())


def _files_of_others() -> Iterator[tuple[str, bytes]]:
    """Each file with the licence it came with."""
    cms, immutable = packages()["sveltia-cms"], packages()["immutable"]
    script = read_vendored("sveltia-cms", "sveltia-cms.js").decode()
    yield "sveltia-cms.js", redirected(script).encode()
    yield "sveltia-cms.LICENSE.txt", read_vendored("sveltia-cms", "LICENSE.txt")
    for name in _FONTS.values():
        yield f"fonts/{name}.woff2", read_vendored("sveltia-cms", f"{name}.woff2")
        licence = read_vendored("sveltia-cms", f"{name}.LICENSE.txt")
        yield f"fonts/{name}.LICENSE.txt", licence
    library = f"lib/immutable@{immutable.version}"
    yield f"{library}/dist/immutable.es.js", read_vendored("immutable", "immutable.es.js")
    yield f"{library}/LICENSE.txt", read_vendored("immutable", "LICENSE.txt")
    # Where it looks whether there is a newer release.
    yield "lib/@sveltia/cms/package.json", _json({"version": cms.version})
    # Where it looks whether the forge is in good health: not known.
    yield "lib/status.json", _json({})


def _policy(repository: Repository, sign_in: SignIn) -> str:
    """What the page may load and where it may send: itself and the forge."""
    spoken = {_origin(repository.api), repository.home, _origin(sign_in.base_url)}
    pictures = (
        "https://avatars.githubusercontent.com" if repository.forge == "github" else repository.home
    )
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # the editor writes its styles itself
        "font-src": "'self'",
        "img-src": f"'self' data: blob: {pictures}",
        "connect-src": " ".join(["'self'", "blob:", "data:", *sorted(filter(None, spoken))]),
        "frame-src": "blob:",
        "worker-src": "'self' blob:",
        "manifest-src": "'self' data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
