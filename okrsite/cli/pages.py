"""okrsite pages: the portal as a folder of plain Markdown."""

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from okrsite.cli.common import as_of_option, content_option, fail, project, read
from okrsite.hosts.folder import FolderError, Head, write_folder
from okrsite.hosts.pages import portal_as_pages
from okrsite.portal.live import live_book


@click.command("pages")
@click.argument("out", type=click.Path(path_type=Path))
@content_option
@as_of_option
def command(out: Path, content: Path | None, as_of: datetime | None) -> None:
    """Write the portal as a folder of plain Markdown that any other engine can publish.

    OUT is made, or replaced where an earlier run of this command made it; it holds docs/ and
    an mkdocs.yml, which stays as you change it.
    """
    place = project(content)
    book = read(place, as_of, partial(live_book, closed_pages=place.closed_pages))
    site, bodies, extra = portal_as_pages(place, book)
    try:
        title = place.title or "Objectives"
        written = write_folder(
            site, bodies, out, extra=extra, head=Head(title, place.urls.site_url)
        )
    except (FolderError, OSError) as error:
        fail(str(error))
    click.echo(f"{len(written)} files written to {out}")
