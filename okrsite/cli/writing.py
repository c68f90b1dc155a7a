"""What the commands that write share: their options, the ground they stand on, doing it or showing.

Nothing here asks: a command that writes says what it would do with --dry-run.
"""

import re
from collections.abc import Iterable

import click

from okrsite.cli.common import Day, fail
from okrsite.edit.effect import About, effect, new_errors, with_edit
from okrsite.edit.files import EditError
from okrsite.edit.writing import Edit, difference, write
from okrsite.hosts.project import Project
from okrsite.okr.finding import Finding
from okrsite.okr.pipeline import Book
from okrsite.portal.words import NBSP, day_year
from okrsite.reports.effect import effect_text

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Print what would be written, and write nothing."
)
author_option = click.option(
    "--author", metavar="NAME", help="Who writes: a person's id or a name. Default: git's user."
)
date_option = click.option(
    "--date",
    "day",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="The day it holds from. Default: the day to compute for.",
)


class Signed(click.Command):
    """A command with a value that may be below zero: `-5` is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As ever, with a blank in front of negative numbers; values are stripped anyway."""
        signed = re.compile(r"-[0-9.][0-9.eE+-]*")
        return super().parse_args(ctx, [f" {a}" if signed.fullmatch(a) else a for a in args])


def carry_out(place: Project, before: Book, edit: Edit, dry_run: bool) -> Book:
    """Write `edit`, or show it, unless it brings an error into the goals; how they stand then."""
    made = with_edit(before, edit)
    if wrong := new_errors(before, made, edit):
        fail(as_refusal(wrong))
    if dry_run:
        click.echo(difference(before.parsed.raw, edit), nl=False)
        click.echo("Nothing was written: this was a dry run.")
        return made
    try:
        for path in write(place.content, edit, before.parsed.raw):
            click.echo(f"wrote {place.content / path}")
    except EditError as error:
        fail(str(error))
    return made


def as_refusal(wrong: Iterable[Finding]) -> str:
    """Why nothing was written, with every finding that it would have brought."""
    return "\n".join(("nothing was written, for that would be an error:", *map(str, wrong)))


def tell_numbers(before: Book, made: Book, subject: str) -> None:
    """Say what moved, from the goal up to the company."""
    found = effect(before, made, About((subject,)))
    day = day_year(before.as_of).replace(NBSP, " ")
    if all(goal.before == goal.after for goal in found.goals):
        click.echo(f"On {day} no number changes by it.")
        return
    click.echo(f"On {day}:")
    click.echo(effect_text(found))
