"""okrsite export: every goal and every computed number as one document."""

import sys
from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import FINDINGS, as_of_option, content_option, project, read
from okrsite.okr.finding import Severity
from okrsite.portal.data import dump, export


@click.command("export")
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
def command(form: str, content: Path | None, as_of: datetime | None) -> None:
    """Print every goal and every computed number as one document.

    The exit code is 1 when there are findings of severity error; the document is whole all the
    same.
    """
    book = read(project(content), as_of)
    click.echo(dump(export(book)), nl=False)
    if any(finding.severity is Severity.ERROR for finding in book.findings):
        sys.exit(FINDINGS)
