"""okrsite digest: which key results wait for a check-in, and on whom."""

import sys
from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import FINDINGS, as_of_option, content_option, fail, project, read
from okrsite.edit.beginning.folders import put
from okrsite.edit.files import EditError
from okrsite.okr.handles import FORGES, forge_of
from okrsite.reports.digest import as_markdown, as_text, digest


@click.command("digest")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="For a terminal, or for an issue.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write it to this file.")
@click.option(
    "--forge",
    type=click.Choice(FORGES),
    help="Whose handles to name. Default: by repo_url of ./mkdocs.yml, else github.",
)
@content_option
@as_of_option
def command(
    form: str, output: Path | None, forge: str | None, content: Path | None, as_of: datetime | None
) -> None:
    """Tell which key results wait for a check-in, by owner, with the command to type.

    It is about everybody; `okrsite checkin` without arguments is about you. The exit code is 1
    where something waits.
    """
    place = project(content)
    book = read(place, as_of)
    piles = digest(book, forge or forge_of(place.urls.repo_url, place.urls.edit_base) or FORGES[0])
    told = (as_markdown if form == "markdown" else as_text)(book, piles)
    if output is None:
        click.echo(told, nl=False)
    else:
        try:
            put(output, told)
        except EditError as error:
            fail(str(error))
    if piles:
        sys.exit(FINDINGS)
