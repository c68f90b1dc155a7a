"""The command line: arguments in, exit code out.

0 is clean, 1 is findings, 2 is *could not read*.
"""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from okrsite import __version__
from okrsite.hosts.day import today
from okrsite.hosts.folder import FolderError, Head, write_folder
from okrsite.hosts.project import Project, ProjectError, read_project
from okrsite.okr.finding import Severity, in_order
from okrsite.okr.pipeline import Book, load
from okrsite.okr.sources import SourcesError, read_folder
from okrsite.portal.data import dump, export
from okrsite.portal.show import nearest, show

FINDINGS, COULD_NOT_READ = 1, 2

content_option = click.option(
    "--content",
    type=click.Path(path_type=Path),
    help="The folder of goals. Default: docs_dir of ./mkdocs.yml, else ./content.",
)
as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day to compute for. Default: as_of of ./mkdocs.yml, else today.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90})
@click.version_option(__version__, prog_name="okrsite")
def main() -> None:
    """Publish OKRs that live as Markdown in git.

    The portal itself is built by `mkdocs build` or `mkdocs serve` with the plugin `okrsite`;
    the commands here read the same folder.

    Exit code 0: clean. 1: findings of severity error. 2: could not read.
    """


@main.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json"]),
    default="json",
    show_default=True,
    help="The form of the document.",
)
@content_option
@as_of_option
def export_command(form: str, content: Path | None, as_of: datetime | None) -> None:
    """Print every goal and every computed number as one document.

    The exit code is 1 when there are findings of severity error; the document is whole all the
    same.
    """
    book = read(project(content), as_of)
    click.echo(dump(export(book)), nl=False)
    if any(finding.severity is Severity.ERROR for finding in book.findings):
        sys.exit(FINDINGS)


@main.command("show")
@click.argument("ref", metavar="ID")
@content_option
@as_of_option
def show_command(ref: str, content: Path | None, as_of: datetime | None) -> None:
    """Tell how the number of ID came about, in words.

    ID is an objective, a key result (objective/kr), an initiative, a KPI or a team.
    """
    book = read(project(content), as_of)
    text = show(book, ref)
    if text is None:
        meant = nearest(book, ref)
        fail(f"there is no `{ref}`." + (f" Did you mean `{meant}`?" if meant else ""))
    click.echo(text, nl=False)


@main.command("pages")
@click.argument("out", type=click.Path(path_type=Path))
@content_option
@as_of_option
def pages_command(out: Path, content: Path | None, as_of: datetime | None) -> None:
    """Write the portal as a folder of plain Markdown that any other engine can publish.

    OUT is made, or replaced where an earlier run of this command made it; it holds docs/ and
    an mkdocs.yml, which stays as you change it.
    """
    from okrsite.hosts.pages import portal_as_pages

    place = project(content)
    book = read(place, as_of)
    site, bodies, extra = portal_as_pages(place, book)
    try:
        title = place.title or "Objectives"
        written = write_folder(
            site, bodies, out, extra=extra, head=Head(title, place.urls.site_url)
        )
    except (FolderError, OSError) as error:
        fail(str(error))
    click.echo(f"{len(written)} files written to {out}")


def project(content: Path | None) -> Project:
    """The project in the working folder, or the bare folder `content`."""
    try:
        return read_project(Path(), content)
    except ProjectError as error:
        fail(str(error))


def read(place: Project, as_of: datetime | None) -> Book:
    """The Book of a project on the day that was asked for."""
    day: date = as_of.date() if as_of else place.as_of or today()
    try:
        sources = read_folder(place.content)
    except SourcesError as error:
        fail(str(error))
    book = load(sources, place.settings, day)
    for finding in in_order(place.findings):
        click.echo(str(finding), err=True)
    return book


def fail(message: str) -> NoReturn:
    """Say what an operator must put right, and stop."""
    click.echo(f"okrsite: {message}", err=True)
    sys.exit(COULD_NOT_READ)
