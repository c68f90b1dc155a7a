"""okrsite blame: who changed a value, when, from what to what, and why."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import (
    COULD_NOT_READ,
    as_of_option,
    content_option,
    fail,
    project,
    read,
    resolved,
)
from okrsite.hosts.parts import printable
from okrsite.okr.past.history import History, history_of
from okrsite.okr.past.moved import moves
from okrsite.portal.blame import Blame, UnknownNameError, blame
from okrsite.portal.blame_report import as_data, as_text


@click.command("blame")
@click.argument("ref", metavar="REF[.FIELD]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table to read, or the same facts as JSON.",
)
@content_option
@as_of_option
def command(ref: str, form: str, content: Path | None, as_of: datetime | None) -> None:
    """Tell who changed a value, when, from what to what, and why.

    REF is a key result (objective/kr, or kr alone where one has that name), an objective, an
    initiative, a KPI or a period; with a FIELD, as in objective/kr.target, only that one. The exit
    code is 2 where git's history is not there, or was cut off before the value began; what is
    known is printed all the same.
    """
    place = project(content)
    book = read(place, as_of)
    history = history_of(place.content, book.as_of)
    name, dot, field = ref.partition(".")
    asked = f"{resolved(book, name)}{dot}{field}"
    try:
        found = blame(book, history, moves(book, history), asked)
    except UnknownNameError as error:
        fail(str(error))
    if form == "json":
        click.echo(json.dumps(as_data(found, history), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(printable(line) for line in as_text(book, found)))
    if missing := _missing(found, history):
        click.echo(f"okrsite: {printable(missing)}", err=True)
        sys.exit(COULD_NOT_READ)


def _missing(found: Blame, history: History) -> str:
    """Why this is not the whole story, if it is not."""
    if not history.known:
        return f"git's history is not known: {history.why}"
    if history.since is not None and not found.origin:
        return (
            f"the history here begins on {history.since}, later than this value; "
            "`git fetch --unshallow` brings the whole"
        )
    return ""
