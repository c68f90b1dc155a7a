"""okrsite init: a new portal with its goals, its look and its workflows."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import click

from okrsite import __version__
from okrsite.cli.common import fail
from okrsite.edit.beginning.folders import plant
from okrsite.edit.beginning.requirement import as_address, requirement_of
from okrsite.edit.beginning.starter import FORGES, Choices, quarter_of, starter
from okrsite.edit.files import EditError
from okrsite.edit.who import user_of
from okrsite.hosts.day import today
from okrsite.okr.git import GitError, Repository, find_repository, git
from okrsite.okr.handles import forge_of

# What names a branch of a repository, and what stands before its name there.
_BRANCHES = {"refs/remotes/origin/HEAD": "refs/remotes/origin/", "HEAD": "refs/heads/"}
COMPANY, TEAM, OWNER = "Our company", "First team", "Your name"


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--company", help=f"What the company is called. Default: {COMPANY}.")
@click.option("--period", help="2026-q4, Q4 2026, 2026-h2, 2026. Default: this quarter.")
@click.option("--team", "teams", multiple=True, help=f"A team; may be repeated. Default: {TEAM}.")
@click.option("--owner", help="Who owns the first goal. Default: git's user.")
@click.option("--forge", type=click.Choice(list(FORGES)), help="Whose workflows to write.")
@click.option("--repo", help="The repository's address. Default: that of git's remote, if any.")
@click.option(
    "--branch",
    help="The branch that everybody merges into. Default: the repository's, else main.",
)
@click.option(
    "--requirement",
    metavar="SPEC",
    help="What pip installs: versions as `okrsite>=0.1,<0.2`, or the address of a git repository"
    " or a wheel. Default: where this okrsite came from, else its version.",
)
@click.option("--content", default="content", show_default=True, help="The folder for the goals.")
@click.option("--no-examples", is_flag=True, help="Without the first goal, KPI and check-in.")
def command(folder: Path, **options: object) -> None:
    """Make a new portal in DIR: goals, look, workflows; it builds and checks clean.

    In a terminal it asks for what no option says; elsewhere it takes the defaults. DIR may be an
    existing git repository. A file that is there already is never touched: then nothing is written.
    """
    try:
        choices = _choices(folder, options)
        made = starter(choices)
        plant(folder, made)
    except EditError as error:
        fail(str(error))
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        fail(f"{error.filename or folder}: {error.strerror}")
    click.echo(f"{len(made)} files written to {folder}")
    click.echo(_next(folder, choices))


def _choices(folder: Path, options: dict[str, object]) -> Choices:
    """What the options say, then what a person at a terminal says, then what is likely."""
    repo, below = _remote(folder)
    if typed := _text(options["repo"]):
        known, repo = repo, _on_the_web(typed)
        below = below if repo == known else ""
        if not repo:
            raise EditError(f"`{typed}` is no address; write https://github.com/OWNER/REPOSITORY")
    teams = options["teams"]
    named = tuple(map(str, teams)) if isinstance(teams, tuple) else ()
    day = today()
    company = _text(options["company"]) or _ask("Company", COMPANY)
    period = _text(options["period"]) or _ask("Quarter", quarter_of(day))
    teams = named or (_ask("First team", TEAM),)
    forge = _text(options["forge"]) or _ask(
        "Forge", forge_of(repo) or "github", click.Choice(list(FORGES))
    )
    return Choices(
        company=company,
        period=period,
        teams=teams,
        owner=_text(options["owner"]) or user_of(_existing(folder))[0] or OWNER,
        forge=forge,
        today=day,
        version=__version__,
        repo=repo,
        branch=_text(options["branch"]) or _branch(_repository(folder)),
        content=_text(options["content"]),
        examples=not options["no_examples"],
        below=below,
        requirement=as_address(_text(options["requirement"])) or requirement_of(_note()),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _ask(question: str, default: str, kind: click.Choice[str] | None = None) -> str:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return default
    return str(click.prompt(question, default=default, type=kind, show_choices=True))


def _note() -> str:
    """What pip noted of an okrsite that came from an address; empty where it was a registry."""
    try:
        return distribution("okrsite").read_text("direct_url.json") or ""
    except PackageNotFoundError:
        return ""


def _remote(folder: Path) -> tuple[str, str]:
    """The repository that `folder` is or comes to lie in: its address, and where in it."""
    repo = _repository(folder)
    if repo is None:
        return "", ""
    address = _on_the_web(_said(repo, "remote", "get-url", "origin"))
    below = folder.resolve().relative_to(repo.root.resolve()).as_posix()
    place = "" if below == "." else f"{below}/"
    return address, place


def _branch(repo: Repository | None) -> str:
    """The usual branch of the remote, else the one that is checked out; main without any git.

    Raises:
        EditError: no branch is checked out, and the remote names none.
    """
    if repo is None:
        return "main"
    for ref, above in _BRANCHES.items():
        if found := _said(repo, "symbolic-ref", "--quiet", ref):
            return found.removeprefix(above)
    raise EditError("no branch is checked out here; name the one to merge into, as --branch main")


def _repository(folder: Path) -> Repository | None:
    """The one that `folder` lies in or will; a portal can be begun without git as well."""
    try:
        return find_repository(_existing(folder))
    except GitError:
        return None


def _on_the_web(address: str) -> str:
    """The address of a repository as a browser takes it; empty where it is none."""
    address = re.sub(r"(?:\.git)?/*$", "", address)
    address = re.sub(r"^(?:ssh://)?git@([\w.-]+)[:/](?!\d+/)", r"https://\1/", address)
    address = re.sub(r"^https://[^/@]*@", "https://", address)
    return address if re.fullmatch(r"https?://[\w.-]+(?::\d+)?/[\w./~-]+", address) else ""


def _said(repo: Repository, *words: str) -> str:
    try:
        return git(repo, *words).decode("utf-8", "replace").strip()
    except GitError:
        return ""


def _existing(folder: Path) -> Path:
    """The nearest folder that exists: git is asked there."""
    return next(place for place in (folder, *folder.absolute().parents) if place.is_dir())


def _next(folder: Path, choices: Choices) -> str:
    """What to do now."""
    steps = [
        f"  cd {folder}",
        "  mkdocs serve       # the portal, at http://127.0.0.1:8000/",
        "  okrsite checkin    # say how far your key results are",
    ]
    if choices.forge != "none":
        steps.append("README.md says how to publish it.")
    steps += _to_look_at(choices, _note())
    repo = _repository(folder)
    if repo is not None and repo.root.resolve() != folder.resolve():
        steps.append(f"Workflows run only from the top of a repository; this one's is {repo.root}.")
    return "\n".join(("Now:", *steps))


def _to_look_at(choices: Choices, note: str) -> Iterator[str]:
    """What was taken for granted, and where to say otherwise."""
    if choices.forge != "none":
        yield f"The workflows are for the branch {choices.branch}."
    if choices.repo:
        yield f"mkdocs.yml takes {choices.repo} for the repository."
    else:
        yield "mkdocs.yml: name your repository at `repo_url`, and the pages get their buttons."
    if "file:" in choices.requirement:
        yield "requirements.txt names a file of this computer; nobody else has it, nor a workflow."
    elif note and not choices.requirement:
        yield "requirements.txt asks pip for okrsite by version; if pip finds none, say where."
