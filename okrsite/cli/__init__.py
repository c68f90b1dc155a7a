"""The command line: arguments in, exit code out.

0 is clean, 1 is findings, 2 is *could not read or compare*. Each command has a module of its own,
imported when it is called: drawing costs a second to import, and most commands draw nothing.
"""

import sys
from importlib import import_module
from io import TextIOWrapper

import click

from okrsite import __version__
from okrsite.okr.similar import did_you_mean

# In the order of help: what one reads, what one writes, what one sets up.
COMMANDS = (
    "show",
    "check",
    "diff",
    "blame",
    "digest",
    "export",
    "snapshot",
    "pages",
    "site",
    "checkin",
    "amend",
    "new",
    "move",
    "schema",
    "codeowners",
    "init",
)


class Commands(click.Group):
    """The commands by name, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"okrsite.cli.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command '{args[0]}'. {did_you_mean(args[0], COMMANDS)}".strip())
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90},
)
@click.version_option(__version__, prog_name="okrsite")
def main() -> None:
    """Publish OKRs that live as Markdown in git.

    The portal itself is built by `mkdocs build` or `mkdocs serve` with the plugin `okrsite`;
    the commands here work on the same folder.

    Exit code 0: clean. 1: findings of severity error. 2: could not read or compare.
    """
    _print_alike()


def _print_alike() -> None:
    """What goes into a file or a pipe is UTF-8 on every machine; a terminal gets what it can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
