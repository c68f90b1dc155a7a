"""What became of a request, told to whoever sent it."""

import click

from okrsite.edit.proposing.base import Base
from okrsite.edit.proposing.request import Sent


def tell_request(base: Base, sent: Sent) -> None:
    """What became of a request; nothing here was changed, and nothing is lost."""
    if base.note:
        click.echo(f"Note: {base.note}.", err=True)
    if sent.opened:
        click.echo(f"Request opened: {sent.opened}")
    elif sent.pushed and sent.by_merging:
        click.echo(f"Pushed to {base.remote} as the branch {sent.branch}.")
        click.echo("No page is known there on which to open a request for it.")
        click.echo("Ask whoever runs the portal to merge that branch; with git that is:")
    elif sent.pushed:
        click.echo(f"Pushed to {base.remote} as {sent.branch}. Open the request there:")
    else:
        click.echo(f"Committed on the branch {sent.branch} here, and not sent: {sent.problem}")
        click.echo("To send it later:")
    if sent.pushed and sent.problem:
        click.echo(f"Note: {sent.problem}.", err=True)
    for line in sent.todo:
        click.echo(f"  {line}")
