"""A project → what `okrsite pages` writes: the Site, the authors' prose, and all other files."""

from collections.abc import Mapping
from pathlib import Path

from okrsite.hosts.mkdocs import configured_markdown
from okrsite.hosts.parts import prose
from okrsite.hosts.project import Project
from okrsite.okr.past.history import OFF, history_of
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of
from okrsite.portal.build import build_site
from okrsite.portal.site import Site


def portal_as_pages(
    project: Project, book: Book
) -> tuple[Site, Mapping[str, str], Mapping[str, bytes]]:
    """The Site of `book`, the Markdown of each source page, and the files beside them."""
    history = history_of(project.content, book.as_of, book.left_out) if project.history else OFF
    markdown = configured_markdown(project.config)
    site = build_site(book, markdown, project.urls, history=history)
    shown = {page.source for page in site.pages}
    bodies: dict[str, str] = {}
    extra: dict[str, bytes] = {}
    home = project.content.resolve()
    for path in sorted(project.content.rglob("*")):
        name = path.relative_to(project.content).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in Path(name).parts):
            continue
        if not path.resolve().is_relative_to(home):  # a link to a file elsewhere on the machine
            continue
        if name in shown:
            bodies[name] = prose(path.read_bytes())
        elif not (name.endswith(".md") and kind_of(name)):
            extra[name] = path.read_bytes()
    bodies |= {
        page.source: page.prose for page in site.pages if page.source and page.prose is not None
    }
    return site, bodies, extra
