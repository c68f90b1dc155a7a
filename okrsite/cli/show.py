"""okrsite show: how a number came about, in words."""

from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import as_of_option, content_option, fail, project, read, resolved
from okrsite.portal.show import nearest, show


@click.command("show")
@click.argument("ref", metavar="ID")
@content_option
@as_of_option
def command(ref: str, content: Path | None, as_of: datetime | None) -> None:
    """Tell how the number of ID came about, in words.

    ID is an objective, a key result (objective/kr, or kr alone where one has that name), an
    initiative, a KPI or a team.
    """
    book = read(project(content), as_of)
    text = show(book, resolved(book, ref))
    if text is None:
        meant = nearest(book, ref)
        fail(f"there is no `{ref}`." + (f" Did you mean `{meant}`?" if meant else ""))
    click.echo(text, nl=False)
