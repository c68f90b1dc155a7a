"""okrsite new: a new file of any kind, filled in as far as it can be."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from os.path import relpath
from shlex import quote
from typing import Any, TypeVar

import click

from okrsite.cli.common import as_of_option, content_option, fail, project, read
from okrsite.cli.writing import carry_out, dry_run_option
from okrsite.edit.beginning import kinds
from okrsite.edit.beginning.kinds import Asked
from okrsite.edit.beginning.starting import New, new_id, path_of, text_of
from okrsite.edit.effect import new_findings
from okrsite.edit.files import EditError
from okrsite.edit.who import author_of, user_of
from okrsite.edit.writing import Edit
from okrsite.hosts.project import Project
from okrsite.okr.pipeline import Book
from okrsite.okr.similar import did_you_mean
from okrsite.portal.words import NBSP, count

F = TypeVar("F", bound=Callable[..., Any])
RHYTHM = "OKR3"  # no check-in yet: of a file that is a second old everybody knows that
_WHY = {
    "objectives": "why it matters",
    "initiatives": "how, with its tasks as `- [ ] task`",
    "teams": "what the team is there for",
    "periods": "what it is about",
    "kpis": "what it is for",
}


# What beginners call them.
_ALSO = {
    "goal": "objective",
    "okr": "objective",
    "project": "initiative",
    "task": "initiative",
    "quarter": "period",
    "cycle": "period",
    "metric": "kpi",
}


class _Kinds(click.Group):
    """The kinds by name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse a kind that there is not, with the one that was most likely meant."""
        word = args[0].lower().removesuffix("s")
        if args[0] not in self.commands and not args[0].startswith("-"):
            hint = did_you_mean(_ALSO.get(word, word), self.commands)
            ctx.fail(f"There is no kind `{args[0]}`. {hint or _listed(self.commands)}")
        return super().resolve_command(ctx, args)


def _listed(names: Iterable[str]) -> str:
    return f"Choose {', '.join(names)}."


@click.group("new", cls=_Kinds)
def command() -> None:
    """Begin a new file: an objective, an initiative, a team, a period or a KPI.

    It is filled in as far as it can be and nothing is asked; what is missing is said.
    """


def _shared(function: F) -> F:
    """The title, and the options of all kinds."""
    options = (
        click.argument("title", metavar="TITLE"),
        click.option("--id", "named", metavar="ID", help="Default: made of the title."),
        click.option("-m", "--message", default="", help="The text below: why, or about."),
        dry_run_option,
        content_option,
        as_of_option,
    )
    return reduce(lambda made, option: option(made), reversed(options), function)


_team = click.option("--team", metavar="TEAM", help="Default: the owner's own.")
_owner = click.option("--owner", metavar="NAME", help="Default: git's user.")
_tag = click.option("--tag", multiple=True, metavar="WORD", help="As often as you like.")


@command.command("objective")
@_shared
@click.option(
    "--kr",
    multiple=True,
    metavar="TEXT",
    help="A key result, such as `Bugs that reach clients: 40 -> 20 bugs a month`.",
)
@click.option("--period", metavar="PERIOD", help="Default: the one under way, else the next.")
@_team
@_owner
@click.option("--parent", metavar="GOAL", help="The goal that it helps to come true.")
@click.option("--continues", metavar="OBJECTIVE", help="The one of the last period it carries on.")
@click.option("--ambition", type=click.Choice(["committed", "aspirational"]))
@_tag
def _objective(**options: Any) -> None:
    """Begin an objective, with key results."""
    _begin("objectives", kinds.objective, options)


@command.command("initiative")
@_shared
@click.option(
    "--for", "goals", multiple=True, metavar="GOAL", help="What it is meant to move; repeatable."
)
@_team
@_owner
@click.option("--start", metavar="YYYY-MM-DD", help="When it begins.")
@click.option("--due", metavar="YYYY-MM-DD", help="When it is to be done.")
@click.option("--depends-on", multiple=True, metavar="INITIATIVE", help="What it waits for.")
@_tag
def _initiative(**options: Any) -> None:
    """Begin an initiative: work, and what it is for."""
    _begin("initiatives", kinds.initiative, options)


@command.command("team")
@_shared
@click.option("--parent", metavar="TEAM", help="Default: the company.")
@click.option("--level", metavar="WORD", help="Your word for what it is, such as `squad`.")
@click.option("--lead", metavar="NAME", help="Who leads it.")
@click.option("--member", multiple=True, metavar="NAME", help="Who is in it; repeatable.")
@_tag
def _team_file(**options: Any) -> None:
    """Begin a team."""
    _begin("teams", kinds.team, options)


@command.command("period")
@_shared
@click.option("--title", "called", metavar="TEXT", help="What it is called, if not as usual.")
@click.option("--start", metavar="YYYY-MM-DD", help="The first day.")
@click.option("--end", metavar="YYYY-MM-DD", help="The last day.")
@click.option("--parent", metavar="PERIOD", help="Default: the shortest one around it.")
def _period(**options: Any) -> None:
    """Begin a period, as a draft; 2027-q1, 2027-h1, 2027-03 and 2027 are known by name."""
    _begin("periods", kinds.period, options)


@command.command("kpi")
@_shared
@click.option("--metric", metavar="TEXT", help="What is counted.")
@click.option("--unit", metavar="TEXT", help="In what.")
@click.option("--at-least", metavar="NUMBER", help="It is well from here on.")
@click.option("--at-most", metavar="NUMBER", help="It is well up to here.")
@click.option("--between", nargs=2, metavar="LOW HIGH", help="It is well between the two.")
@_team
@_owner
@_tag
def _kpi(**options: Any) -> None:
    """Begin a KPI: a health metric that is watched."""
    _begin("kpis", kinds.kpi, options)


def _begin(kind: str, build: Callable[[Asked], New], options: dict[str, Any]) -> None:
    """Build the file, write it, and say what is left to do."""
    place = project(options["content"])
    book = read(place, options["as_of"])
    title = " ".join(options["title"].split())
    user = author_of(*user_of(place.content), book.portfolio)
    if not title:
        fail("a title has words; say what it is called")
    try:
        new = build(Asked(book, title, user, options))
        name = new_id(book.parsed, kind, new.name or title, options["named"])
    except EditError as error:
        fail(str(error))
    new = replace(new, name=name, body=options["message"])
    edit = Edit({path_of(new): text_of(new)})
    made = carry_out(place, book, edit, options["dry_run"])
    _tell(place, book, made, new, options["dry_run"])


def _tell(place: Project, book: Book, made: Book, new: New, dry_run: bool) -> None:
    found = [one for one in new_findings(book, made) if one.path == path_of(new)]
    about = [one for one in found if not one.code.startswith(RHYTHM)]
    if about:
        click.echo("What a reviewer would ask:")
    for one in about:
        click.echo(f"  line {one.line}: {one.message}. {one.hint}".rstrip())
    if found and not dry_run:
        total = count(len(found), "finding").replace(NBSP, " ")
        where = quote(relpath(place.content / path_of(new)))
        click.echo(f"`okrsite check` has {total} about it: okrsite check {where}")
    if not new.body:
        click.echo(f"Next: say {_WHY[new.kind]}, below the second `---`.")
    if new.kind == "periods":
        click.echo("When its goals are agreed, set `state: committed` and `committed_on:`.")
