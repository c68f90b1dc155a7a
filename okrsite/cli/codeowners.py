"""okrsite codeowners: who is asked about a change, from the owners and leads the goals name."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from okrsite.cli.common import FINDINGS, as_of_option, content_option, fail, project, read
from okrsite.edit.beginning.codeowners import code_owners, difference, merged
from okrsite.edit.beginning.folders import put
from okrsite.edit.files import EditError
from okrsite.hosts.project import Project
from okrsite.okr.git import GitError, find_repository
from okrsite.okr.handles import FORGES, forge_of
from okrsite.okr.revisions import inside

PLACES = ("CODEOWNERS", "docs/CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS")


@click.command("codeowners")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file. Default: the CODEOWNERS there is, else .github/ or .gitlab/CODEOWNERS.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the file is out of date.")
@click.option(
    "--forge",
    type=click.Choice(FORGES),
    help="Whose handles to write. Default: by repo_url of ./mkdocs.yml, else github.",
)
@content_option
@as_of_option
def command(
    output: Path | None,
    check: bool,
    forge: str | None,
    content: Path | None,
    as_of: datetime | None,
) -> None:
    """Write CODEOWNERS: who is asked when a goal changes.

    A goal's, an initiative's and a KPI's file asks its owner and the lead of its team. Handles come
    from the files in people/. Only the part between the marks `# okrsite: begin` and
    `# okrsite: end` is written; what stands outside is kept.
    """
    place = project(content)
    root, folder = _top(place)
    chosen = forge or forge_of(place.urls.repo_url, place.urls.edit_base) or FORGES[0]
    found = code_owners(read(place, as_of).portfolio, chosen, folder)
    target = Path(os.path.relpath(output or _target(root, chosen)))
    try:
        old = target.read_bytes().decode("utf-8") if target.is_file() else ""
        new = merged(old, found.lines)
        if not check and new != old:
            put(target, new)
    except (EditError, OSError, UnicodeDecodeError) as error:
        fail(f"{target}: {error}")
    for remark in found.remarks:
        click.echo(f"okrsite: {remark}", err=True)
    if check and new != old:
        click.echo(difference(old, new, target.name))
        click.echo(f"{target} is out of date: run `okrsite codeowners`", err=True)
        sys.exit(FINDINGS)
    click.echo(f"{target} {'is up to date' if new == old else 'written'}")


def _top(place: Project) -> tuple[Path, str]:
    """The top of the repository, and the content folder as seen from there."""
    try:
        repo = find_repository(place.content)
        if repo is not None:
            return repo.root, inside(repo, place.content)
    except GitError as error:
        fail(str(error))
    return Path(), "" if place.content.is_absolute() else place.content.as_posix()


def _target(root: Path, forge: str) -> Path:
    there = (root / name for name in PLACES)
    return next((path for path in there if path.is_file()), root / f".{forge}" / "CODEOWNERS")
