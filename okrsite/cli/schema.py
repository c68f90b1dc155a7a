"""okrsite schema: what each kind of file may hold, for editors."""

import json
from pathlib import Path

import click

from okrsite.cli.common import fail
from okrsite.edit.files import EditError, create, replace
from okrsite.okr.schema import DIALECTS, INDEX, SINGULAR, SUFFIX, index_of, kind_named, schema_of
from okrsite.okr.similar import did_you_mean
from okrsite.okr.snapshot.schema import SCHEMAS


@click.command("schema")
@click.argument("kind", metavar="[KIND]", required=False)
@click.option("--list", "names", is_flag=True, help="Name the kinds.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write one file a kind into this folder, and an index of which is for which files.",
)
@click.option(
    "--draft",
    type=click.Choice(list(DIALECTS)),
    default="2020-12",
    show_default=True,
    help="The edition of JSON Schema to declare, for a tool that knows only the older one.",
)
@click.option(
    "--content", default="content", show_default=True, help="The folder that the index names."
)
def command(kind: str | None, names: bool, output: Path | None, draft: str, content: str) -> None:
    """Print what a file of KIND may hold, as a JSON Schema of its frontmatter.

    KIND is a folder such as `objectives`, or `objective`; or else a file of a snapshot:
    `snapshot` for its record, `manifest` or `changes`.
    """
    if names:
        for folder, one in SINGULAR.items():
            click.echo(f"{folder:<12} {one}")
    elif output:
        _write(output, draft, content)
    elif kind is None:
        fail("name a kind, or write them all with --output DIR; --list names the kinds")
    elif kind in SCHEMAS:
        click.echo(_text(SCHEMAS[kind]()), nl=False)
    else:
        click.echo(_text(schema_of(_known(kind), draft)), nl=False)


def _known(word: str) -> str:
    found = kind_named(word)
    if found is None:
        meant = did_you_mean(word, [*SINGULAR, *SINGULAR.values(), *SCHEMAS])
        fail(f"there is no kind `{word}`. {meant or '`okrsite schema --list` names them.'}")
    return found


def _write(folder: Path, draft: str, content: str) -> None:
    files = {f"{kind}{SUFFIX}": schema_of(kind, draft) for kind in SINGULAR}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in {**files, INDEX: index_of(content)}.items():
            _put(folder / name, _text(schema))
    except (OSError, EditError) as error:
        fail(str(error))
    click.echo(f"{len(files) + 1} files written to {folder}")


def _put(path: Path, text: str) -> None:
    if path.exists():
        replace(path, text.encode())
    else:
        create(path, text)


def _text(schema: object) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
