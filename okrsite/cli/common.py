"""What all commands share: their common options, reading the project, and how they end."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from okrsite.edit.files import create, replace
from okrsite.hosts.day import today
from okrsite.hosts.project import Project, ProjectError, home_of, read_project
from okrsite.okr.finding import in_order
from okrsite.okr.harmless import shown
from okrsite.okr.naming import in_full, several
from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import Settings
from okrsite.okr.sources import Sources, SourcesError, read_folder

FINDINGS, COULD_NOT_READ = 1, 2

content_option = click.option(
    "--content",
    type=click.Path(path_type=Path),
    help="The folder of goals. Default: docs_dir of mkdocs.yml here or above, else ./content.",
)


class Day(click.DateTime):
    """A day as it is written everywhere here."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The day that `value` writes; its answer to anything else says how a day is written."""
        try:
            found: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"`{value}` is not a day; write it as 2026-08-20", param, ctx)
        return found


as_of_option = click.option(
    "--as-of",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="The day to compute for. Default: as_of of mkdocs.yml, else today.",
)


def project(content: Path | None) -> Project:
    """The project that the working folder lies in, or the folder `content` with its settings."""
    try:
        return read_project(home_of(Path()), content)
    except ProjectError as error:
        fail(str(error))


def day_of(place: Project, as_of: datetime | None) -> date:
    """The day to compute for: as asked, else the project's own, else today."""
    return as_of.date() if as_of else place.as_of or today()


Load = Callable[[Sources, Settings, date], Book]


def read(place: Project, as_of: datetime | None, load: Load = load) -> Book:
    """The Book of a project on the day that was asked for."""
    try:
        sources = read_folder(place.content)
    except SourcesError as error:
        fail(str(error))
    book = load(sources, place.settings, day_of(place, as_of))
    for finding in in_order(place.findings):
        click.echo(str(finding), err=True)
    return book


def resolved(book: Book, ref: str) -> str:
    """`ref` in full, where it is the own id of one key result; several are an error."""
    found = in_full(book.portfolio, ref, book.as_of)
    if len(found) > 1:
        titles = book.portfolio.key_results
        fail(several(ref, ((one, titles[one].title) for one in found)))
    return found[0]


def write_report(path: Path, text: str) -> None:
    """Write a report to `path`: a file as a whole or not at all, or whatever else stands there.

    Raises:
        EditError, OSError: it cannot be written.
    """
    raw = text.encode("utf-8", "replace")
    if path.exists() and not path.is_file():  # a pipe, a terminal
        path.write_bytes(raw)
    elif path.exists():
        replace(path, raw)
    else:
        create(path, raw.decode("utf-8"))


def fail(message: str) -> NoReturn:
    """Say what an operator must put right, and stop."""
    click.echo(f"okrsite: {shown(message)}", err=True)
    sys.exit(COULD_NOT_READ)
