"""okrsite move: initiatives into a state of the workflow."""

from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import content_option, day_of, fail, project
from okrsite.cli.writing import author_option, carry_out, date_option, dry_run_option
from okrsite.edit.checking_in.check_in import NewCheckIn
from okrsite.edit.checking_in.mine import home_of
from okrsite.edit.files import EditError
from okrsite.edit.moving import find_moves, move, steps
from okrsite.edit.who import writer
from okrsite.hosts.day import today
from okrsite.hosts.project import Project
from okrsite.okr.pipeline import Book, load
from okrsite.okr.sources import SourcesError, read_folder


@click.command("move")
@click.argument("words", metavar="INITIATIVE... STATE", nargs=-1, required=True)
@click.option("-m", "--message", default="", help="What happened, in a sentence.")
@author_option
@date_option
@dry_run_option
@content_option
def command(
    *,
    words: tuple[str, ...],
    message: str,
    author: str | None,
    day: datetime | None,
    dry_run: bool,
    content: Path | None,
) -> None:
    """Move initiatives to a state of the workflow.

    Where work stands is told by check-ins, since days are counted from them: one new check-in is
    written, and the initiative's own file stays as it is.
    """
    place = project(content)
    try:
        before = _book(place, day)
        names, state = find_moves(before, words)
        who = writer(author, place.content, before.portfolio)
        said_on = day.date() if day else before.as_of
        new = NewCheckIn(said_on, who, home_of(before.portfolio, who), text=message)
        edit, said = move(before, names, state, new)
    except (EditError, SourcesError) as error:
        fail(str(error))
    made = carry_out(place, before, edit, dry_run)
    for step in steps(before, made, said):
        click.echo(f"{step.name}: {step.was} → {step.now}")
        for note in step.notes:
            click.echo(f"  {note}")


def _book(place: Project, day: datetime | None) -> Book:
    usual = day_of(place, None)
    if day and day.date() > max(usual, today()):
        raise EditError(f"--date: {day.date()} has not come yet; a check-in says what happened")
    return load(
        read_folder(place.content), place.settings, max(usual, day.date() if day else usual)
    )
