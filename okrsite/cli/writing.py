"""What the commands that write share: their options, the ground they stand on, doing it or showing.

Nothing here asks: a command that writes says what it would do with --dry-run.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import click

from okrsite.cli.common import fail
from okrsite.edit.amending.consequences import (
    Numbers,
    Shift,
    is_unreadable,
    new_findings,
    shifts,
    with_edit,
)
from okrsite.edit.files import EditError
from okrsite.edit.writing import Edit, difference, write
from okrsite.hosts.project import Project
from okrsite.okr.pipeline import Book
from okrsite.portal.words import day_year, fixed, percent

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Print what would be written, and write nothing."
)
author_option = click.option(
    "--author", metavar="NAME", help="Who writes: a person's id or a name. Default: git's user."
)
date_option = click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
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
    if wrong := [str(found) for found in new_findings(before, made) if is_unreadable(found)]:
        fail("nothing was written, for that would be an error:\n" + "\n".join(wrong))
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


def tell_numbers(before: Book, made: Book, subject: str) -> None:
    """Say what moved, from the goal up to the company."""
    found = shifts(before, made, subject)
    if all(shift.before == shift.after for shift in found):
        click.echo(f"On {_day(before.as_of)} no number changes by it.")
        return
    click.echo(f"On {_day(before.as_of)}:")
    width = max(len(shift.ref) for shift in found)
    for shift in found:
        click.echo(f"  {shift.ref:<{width}}  {', '.join(_words(shift))}")


def _words(shift: Shift) -> Iterator[str]:
    old, new = shift.before, shift.after
    yield f"progress {_arrow(_percents(old, new, 'progress'))}"
    if old.expected != new.expected:
        yield f"expected {_arrow(_percents(old, new, 'expected'))}"
    yield _arrow([_status(old), _status(new)])
    if old.score is not None or new.score is not None:
        yield f"score {_arrow([_score(old.score), _score(new.score)])}"


def _percents(old: Numbers, new: Numbers, name: str) -> Sequence[str]:
    """Both with as many decimals as it takes to tell them apart."""
    values: list[Fraction | None] = [getattr(old, name), getattr(new, name)]
    for digits in (1, 2, 3):
        said = ["no data" if v is None else percent(v, digits) for v in values]
        if said[0] != said[1] or values[0] == values[1]:
            break
    return [text.replace("\u00a0", " ") for text in said]


def _arrow(pair: Sequence[str]) -> str:
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} → {pair[1]}"


def _status(numbers: Numbers) -> str:
    return str(numbers.status or "not there").replace("-", " ")


def _score(score: Fraction | None) -> str:
    return "none" if score is None else fixed(score, 1)


def _day(day: date) -> str:
    return day_year(day).replace("\u00a0", " ")
