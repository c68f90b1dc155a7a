"""okrsite amend: a promise changed in the open, with the reason beside it."""

from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import as_of_option, content_option, fail, project, read
from okrsite.cli.writing import (
    Signed,
    author_option,
    carry_out,
    date_option,
    dry_run_option,
    tell_numbers,
)
from okrsite.edit.amending.amendment import Amended, Wish, amend
from okrsite.edit.effect import with_edit
from okrsite.edit.files import EditError
from okrsite.edit.who import author_of, writer
from okrsite.hosts.project import Project
from okrsite.okr.pipeline import Book


@click.command("amend", cls=Signed)
@click.argument("what", metavar="SUBJECT.FIELD")
@click.argument("value", required=False, metavar="[VALUE]")
@click.option("--now", metavar="VALUE", help="What it becomes; the same as VALUE.")
@click.option(
    "--was", metavar="VALUE", help="What it was, where the file has been changed by hand already."
)
@click.option("-m", "--message", default="", help="Why. It is shown wherever the change is shown.")
@author_option
@date_option
@click.option("--approved-by", metavar="NAME", help="Who agreed to it: a person's id or a name.")
@dry_run_option
@content_option
@as_of_option
def command(  # noqa: PLR0913 - one for each option
    *,
    what: str,
    value: str | None,
    now: str | None,
    was: str | None,
    message: str,
    author: str | None,
    day: datetime | None,
    approved_by: str | None,
    dry_run: bool,
    content: Path | None,
    as_of: datetime | None,
) -> None:
    """Change a promise and write down why.

    SUBJECT.FIELD is what changes: a key result's start, target, at_least, at_most, between, plan,
    weight or due (objective/key-result.target), an objective's weight or parent, an initiative's
    start or due. Two files are written: the definition with the new value, and one new amendment.
    """
    if value is not None and now is not None:
        fail("the new value is given twice; leave out --now")
    place = project(content)
    before = read(place, as_of)
    portfolio = before.portfolio
    try:
        wish = Wish(
            what=what.strip(),
            now=now if value is None else value,
            reason=message,
            day=day.date() if day else before.as_of,
            author=writer(author, place.content, portfolio),
            was=was,
            approved_by=author_of(approved_by, approved_by, portfolio) if approved_by else None,
        )
        amended = amend(portfolio, before.parsed, wish)
    except EditError as error:
        fail(str(error))
    made = carry_out(place, before, amended.edit, dry_run)
    _tell(place, amended, wish, before, made)


def _tell(place: Project, amended: Amended, wish: Wish, before: Book, made: Book) -> None:
    field = amended.field
    click.echo(f"{field.name} of {field.subject}: {amended.was} → {amended.now}")
    for note in amended.notes:
        click.echo(f"Note: {note}.")
    if not amended.edit.changed:
        click.echo(f"{place.content / field.path} was left as it is.")
    if wish.day > before.as_of:
        click.echo(f"It holds from {wish.day} on.")
    tell_numbers(with_edit(before, amended.undone), made, field.subject)
