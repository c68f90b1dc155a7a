"""The Site as values: what is to be published at which address, before any host sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BODY_SLOT = "<!-- okrsite:body -->"


@dataclass(frozen=True, slots=True)
class SitePage:
    """One page to publish.

    `uri` is the page's source address in the docs tree (`objectives/improve-quality.md`), from
    which every host derives the public one; it does not depend on where the author's file lies.
    `html` is generated and complete but for one BODY_SLOT, where the author's converted
    Markdown goes. All links in `html` are relative to the page's public directory address
    (`objectives/improve-quality/`). `search` is the small HTML the search index sees: an h1,
    and one heading with an id for every part that can be found by itself. `prose` is the author's
    Markdown where it is not what the file at `source` says today.
    """

    uri: str
    title: str
    kind: str
    html: str
    search: str
    source: str | None = None
    description: str = ""
    hide: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    listed: bool = True
    prose: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Everything okrsite publishes: pages in a stable order, and files by their address.

    `leads` has for an author's text without a page the file that leads to what there is instead.
    """

    pages: tuple[SitePage, ...]
    files: Mapping[str, bytes]
    leads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in to the forms: by a token of one's own, or by the OAuth client named here."""

    base_url: str = ""
    app_id: str = ""


@dataclass(frozen=True, slots=True)
class SiteUrls:
    """Where the site and its sources live: full addresses, or empty texts where not known.

    `edit_base` is the forge's editor for the content folder; `use_directory_urls` tells whether
    a page is served as `x/` (else as `x.html`). `handbook` is the source address of the page with
    an entry for every rule, where the site has one. `check_in_buttons` tells whether goals lead to
    a new check-in at the forge; `editor` how one signs in to the forms at `edit/`, None without
    them. `archives` are the names of the archives beside the site, None where it stands alone.
    """

    site_url: str = ""
    edit_base: str = ""
    repo_url: str = ""
    use_directory_urls: bool = True
    handbook: str = ""
    check_in_buttons: bool = True
    editor: SignIn | None = None
    archives: tuple[str, ...] | None = None
